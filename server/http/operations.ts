/** Carries out GraphQL operations: one way in for all transports, and answers that tell a caller nothing of our insides. */
import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema } from "graphql";
import { createYoga } from "graphql-yoga";
import { LRUCache } from "lru-cache";
import { textOf } from "../../schema/sentences.ts";
import { DomainError, type ErrorCode, errorCodes } from "../../schema/errors.ts";
import type { Context } from "../../schema/graphql/context.ts";
import { graphqlError, saidIn } from "../../schema/graphql/refusals.ts";
import type { Log } from "../log.ts";
import { type AnswerCode, faultOf, statusOfCode } from "./answers.ts";
import { gatePlugins, type ServerContext, type Visit } from "./gate.ts";
import { REMEMBERED_CHARACTERS, REMEMBERED_DOCUMENTS } from "./limits.ts";
import { messageWithoutValues } from "./unsaid_values.ts";

export interface FormattedResult {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
}

interface ResultOutcome {
  readonly kind: "result";
  /** False when the request itself was refused, so that nothing was carried out; then `status` says how. */
  readonly admitted: boolean;
  readonly status: number;
  readonly result: FormattedResult;
}

interface StreamOutcome {
  readonly kind: "stream";
  readonly results: AsyncIterable<FormattedResult>;
}

export type Outcome = ResultOutcome | StreamOutcome;

export interface Operations {
  /** `params` is what the client sent, unread. Never throws for what a client can cause. */
  run(params: unknown, request: Request, visit: Visit): Promise<Outcome>;
}

export function createOperations(schema: GraphQLSchema, log: Log): Operations {
  const mask = (error: unknown): GraphQLError => maskFault(error, log);
  const yoga = createYoga<ServerContext, Context>({
    schema,
    context: ({ visit }) => visit.context,
    plugins: [...gatePlugins()],
    logging: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    maskedErrors: { maskError: mask, errorMessage: "" },
    parserAndValidationCache: {
      documentCache: createDocumentCache<DocumentNode>(),
      errorCache: createDocumentCache<Error>(),
    },
  });
  return {
    async run(params, request, visit): Promise<Outcome> {
      try {
        // Yoga checks the parameters itself.
        const answer = await yoga.getResultForParams({ params: params as object, request }, { visit });
        if (answer === undefined) throw new Error("An operation had no result");
        return Symbol.asyncIterator in answer
          ? { kind: "stream", results: formatAll(answer, mask) }
          : resultOutcome(answer);
      } catch (error) {
        return resultOutcome({ errors: [mask(error)] });
      }
    },
  };
}

function resultOutcome(answer: ExecutionResult): ResultOutcome {
  const result = format(answer);
  const errors = answer.errors ?? [];
  // An error with a path is a field's: then the operation itself was in order.
  const admitted = answer.data !== undefined || errors.some(({ path }) => path !== undefined);
  return {
    kind: "result",
    admitted,
    status: admitted ? 200 : Math.max(400, ...errors.map(statusOf)),
    result,
  };
}

/** What its source throws becomes its last result, one without data. */
async function* formatAll(
  answers: AsyncIterable<ExecutionResult>,
  mask: (error: unknown) => GraphQLError,
): AsyncGenerator<FormattedResult> {
  try {
    for await (const answer of answers) yield format(answer);
  } catch (error) {
    yield format({ errors: [mask(error)] });
  }
}

function format({ data, errors }: ExecutionResult): FormattedResult {
  return {
    ...(data === undefined ? {} : { data }),
    ...(errors === undefined || errors.length === 0 ? {} : { errors: errors.map(formatError) }),
  };
}

/** Yoga keeps notes of its own in the extensions; they are not for the client. */
function formatError(error: GraphQLError): object {
  const { http: _http, code: _code, unexpected: _unexpected, originalError: _original, ...extensions } =
    error.extensions;
  return {
    ...error.toJSON(),
    message: messageWithoutValues(error, isOurs(error.extensions.code)),
    extensions: { code: codeOf(error), ...extensions },
  };
}

/** Yoga notes a status where the transport was at fault, such as a mutation by GET. */
function statusOf(error: GraphQLError): number {
  const noted: unknown = error.extensions.http;
  const status = typeof noted === "object" && noted !== null && "status" in noted ? noted.status : null;
  if (typeof status === "number") return status;
  const code = codeOf(error);
  // Asking for less helps, and waiting does not.
  return code === "LIMIT_EXCEEDED" ? 400 : statusOfCode[code];
}

/** An error without a code of ours was found by reading or validating the operation, since all others are masked. */
function codeOf(error: GraphQLError): AnswerCode {
  const code = error.extensions.code;
  return isOurs(code) ? code : "INVALID_INPUT";
}

function isOurs(code: unknown): code is AnswerCode {
  return code === "INTERNAL" || code === "UNAVAILABLE" || isErrorCode(code);
}

function isErrorCode(code: unknown): code is ErrorCode {
  return errorCodes.some((known) => known === code);
}

/** What the caller may read passes; anything else is a bug, or a database that is away. */
function maskFault(error: unknown, log: Log): GraphQLError {
  if (error instanceof GraphQLError && isErrorCode(error.extensions.code)) return error;
  const cause = error instanceof GraphQLError ? rootOf(error) : error;
  if (cause instanceof GraphQLError) return error instanceof GraphQLError ? error : cause;
  if (cause instanceof DomainError) {
    const refused = graphqlError(cause);
    if (refused instanceof GraphQLError) return refused;
  }
  const place = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};
  const { code, sentence } = faultOf(cause, log, { path: place.path });
  return new GraphQLError(textOf(sentence), {
    ...place,
    extensions: { code, ...saidIn(sentence), ...sentence.values },
  });
}

/** What was thrown first; a GraphQLError when nothing else was. */
function rootOf(error: GraphQLError): unknown {
  let root: unknown = error;
  while (root instanceof GraphQLError && root.originalError !== undefined) root = root.originalError;
  return root;
}

/** Long documents are read anew each time: they would fill the memory of a server that forgets none. */
function createDocumentCache<Value extends object>(): LRUCache<string, Value> {
  return new LRUCache({
    max: REMEMBERED_DOCUMENTS,
    maxEntrySize: REMEMBERED_CHARACTERS,
    sizeCalculation: (_value, document) => document.length,
  });
}
