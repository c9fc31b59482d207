/** GraphQL over HTTP, and over SSE with one connection for each subscription. */
import { maxAliasesPlugin } from "@escape.tech/graphql-armor-max-aliases";
import { maxDepthPlugin } from "@escape.tech/graphql-armor-max-depth";
import { type DocumentNode, getOperationAST, GraphQLError, type GraphQLSchema } from "graphql";
import { createYoga, type Plugin, type YogaServerInstance } from "graphql-yoga";
import type { Context } from "../../schema/graphql/context.ts";
import type { Log } from "../log.ts";
import type { Lifetimes } from "./lifetimes.ts";
import { DOCUMENT_CHARACTERS, QUERY_ALIASES, QUERY_DEPTH, STREAMS } from "./limits.ts";

/** What is known of a request before its operation is. */
export interface RequestContext {
  readonly context: Context;
  /** It runs inside a stream that is counted already. */
  readonly inStream: boolean;
}

export type Yoga = YogaServerInstance<RequestContext, Context>;

export function openYoga(schema: GraphQLSchema, lifetimes: Lifetimes, log: Log): Yoga {
  return createYoga<RequestContext, Context>({
    schema,
    graphqlEndpoint: "/graphql",
    context: ({ context }) => context,
    graphiql: false,
    landingPage: false,
    batching: false,
    cors: false,
    logging: false,
    maskedErrors: { maskError: (error) => maskError(error, log) },
    plugins: [
      limitDocument(),
      maxDepthPlugin({ n: QUERY_DEPTH, ignoreIntrospection: true, propagateOnRejection: true }),
      maxAliasesPlugin({ n: QUERY_ALIASES, propagateOnRejection: true }),
      limitOperations(),
      endStreams(lifetimes),
    ],
  });
}

/** A refusal goes to the caller as it is; a bug goes to the log, and the caller is told where to find it there. */
export function maskError(error: unknown, log: Log): Error {
  if (error instanceof GraphQLError) {
    if (typeof error.extensions.code === "string" && error.extensions.code !== "INTERNAL_SERVER_ERROR") {
      return withoutStack(error, error.extensions);
    }
    // A fault in the document or in its variables has no cause but itself.
    if (error.originalError === undefined || error.originalError instanceof GraphQLError) {
      return withoutStack(error, { ...error.extensions, code: "INVALID_INPUT" });
    }
  }
  const id = crypto.randomUUID();
  log.error("An operation failed", {
    id,
    error: error instanceof GraphQLError ? error.originalError ?? error : error,
  });
  return new GraphQLError(`Internal error; the server's log tells more under ${id}`, {
    extensions: { code: "INTERNAL", id },
  });
}

function withoutStack(error: GraphQLError, extensions: GraphQLError["extensions"]): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null, message } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

function limitDocument(): Plugin {
  return {
    onParams({ params }) {
      if ((params.query?.length ?? 0) > DOCUMENT_CHARACTERS) throw documentTooLong();
    },
  };
}

export function documentTooLong(): GraphQLError {
  return new GraphQLError(`Cannot read the document: it has more than ${DOCUMENT_CHARACTERS} characters`, {
    extensions: { code: "LIMIT_EXCEEDED" },
  });
}

/** A token in the address is good for subscriptions only, and a stranger learns nothing of the schema. */
function limitOperations(): Plugin<Context> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { viewer } = args.contextValue;
      if (viewer?.via === "query") {
        setResultAndStopExecution({
          errors: [unauthenticated("a token in the address is for subscriptions only")],
        });
      } else if (viewer === null && asksForSchema(args.document, args.operationName)) {
        setResultAndStopExecution({ errors: [unauthenticated("sign in to read the schema")] });
      }
    },
  };
}

function asksForSchema(document: DocumentNode, operationName: string | null | undefined): boolean {
  const operation = getOperationAST(document, operationName);
  return operation?.selectionSet.selections.some((selection) =>
    selection.kind === "Field" && selection.name.value.startsWith("__") &&
    selection.name.value !== "__typename"
  ) ?? false;
}

function unauthenticated(why: string): GraphQLError {
  return new GraphQLError(`Cannot answer: ${why}`, { extensions: { code: "UNAUTHENTICATED" } });
}

/** Ties every subscription to the life of its credential, and counts those that are streams of their own. */
function endStreams(lifetimes: Lifetimes): Plugin<Context & Partial<RequestContext>> {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const { viewer, inStream } = args.contextValue;
      // The schema refuses a stranger in its own words.
      if (viewer === null || viewer === undefined) return;
      const held = inStream === true ? lifetimes.join(viewer) : lifetimes.hold(viewer);
      if (held === null) {
        setResultAndStopExecution({
          errors: [
            new GraphQLError(`Cannot open another stream: you have ${STREAMS}; close one first`, {
              extensions: { code: "LIMIT_EXCEEDED" },
            }),
          ],
        });
        return;
      }
      const signal = AbortSignal.any([held.signal, args.contextValue.signal]);
      args.contextValue = { ...args.contextValue, signal };
      return {
        onSubscribeResult({ result }) {
          if (!(Symbol.asyncIterator in result)) held.release();
          return { onEnd: () => held.release() };
        },
      };
    },
  };
}
