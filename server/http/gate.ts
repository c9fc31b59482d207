/** What an operation must satisfy before it is carried out, whichever way it came: method, page, credential, depth, size. */
import { maxAliasesPlugin } from "@escape.tech/graphql-armor-max-aliases";
import { maxDepthPlugin } from "@escape.tech/graphql-armor-max-depth";
import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  type ParseOptions,
  type Source,
  validate,
  type ValidationContext,
  visit,
} from "graphql";
import type { Plugin } from "graphql-yoga";
import type { Context } from "../../schema/graphql/context.ts";
import { refuse } from "../../schema/graphql/refusals.ts";
import { say, type Sentence } from "../../schema/sentences.ts";
import type { Viewer } from "../domain/accounts/interface.ts";
import { isStorable } from "./json_text.ts";
import { ALIASES, DEPTH, TOKENS } from "./limits.ts";
import { type Page, PROOF_HEADER } from "./origin.ts";

/** How an operation came. */
export interface Visit {
  readonly method: "GET" | "POST";
  readonly page: Page;
  /** The client takes more than one result. */
  readonly streamed: boolean;
  readonly context: Context;
}

export interface ServerContext extends Record<string, unknown> {
  readonly visit: Visit;
}

type GatePlugin = Plugin<Context & ServerContext>;

export function gatePlugins(): readonly GatePlugin[] {
  return [
    {
      onParse: ({ setParseFn }) => setParseFn(parseBounded),
      onExecute: ({ args }) => admit(args.schema, args.document, args.operationName, args.contextValue.visit),
      onSubscribe: ({ args }) =>
        admit(args.schema, args.document, args.operationName, args.contextValue.visit),
    },
    maxDepthPlugin({
      n: DEPTH,
      propagateOnRejection: false,
      onReject: [reject(say("OPERATION_DEEP", { most: DEPTH }))],
    }),
    maxAliasesPlugin({
      n: ALIASES,
      propagateOnRejection: false,
      onReject: [reject(say("OPERATION_ALIASES", { most: ALIASES }))],
    }),
  ];
}

function parseBounded(source: string | Source, options?: ParseOptions): DocumentNode {
  try {
    const document = parse(source, { ...options, maxTokens: TOKENS });
    visit(document, {
      StringValue({ value }): void {
        if (!isStorable(value)) throw refuse("INVALID_INPUT", say("TEXT_UNSTORABLE", { field: "query" }));
      },
    });
    return document;
  } catch (error) {
    // The parser is recursive: very deep input overflows its stack.
    if (error instanceof RangeError) {
      throw refuse("LIMIT_EXCEEDED", say("OPERATION_NESTED"));
    }
    if (!(error instanceof GraphQLError) || !error.message.includes(`more that ${TOKENS} tokens`)) {
      throw error;
    }
    throw refuse("LIMIT_EXCEEDED", say("OPERATION_TOKENS", { most: TOKENS }));
  }
}

function reject(why: Sentence): (context: ValidationContext | null, error: GraphQLError) => void {
  return (context) => context?.reportError(refuse("LIMIT_EXCEEDED", why));
}

/** Throws the refusal. */
function admit(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  visit: Visit,
): void {
  const operation = getOperationAST(document, operationName)?.operation;
  const { viewer } = visit.context;
  if (operation === "mutation") admitMutation(visit);
  if (operation === "subscription" && !visit.streamed) {
    throw refuse("INVALID_INPUT", say("SUBSCRIPTION_HEADER"));
  }
  if (
    viewer?.via === "query" && operation !== "subscription" && !mayReadByAddress(viewer, visit, operation)
  ) {
    throw refuse("FORBIDDEN", say("TOKEN_IN_ADDRESS"));
  }
  if (viewer === null) refuseIntrospection(schema, document);
}

/** Addresses end up in histories and logs: only a token that does no more than read may stand in one. */
function mayReadByAddress({ scopes }: Viewer, { method }: Visit, operation: string | undefined): boolean {
  return method === "GET" && operation === "query" && scopes.length === 1 && scopes[0] === "VIEW";
}

function admitMutation({ method, page, context }: Visit): void {
  if (method !== "POST") {
    throw refuse("INVALID_INPUT", say("MUTATION_BY_GET"));
  }
  const via = context.viewer?.via;
  // A bearer token is sent on purpose, whatever page sends it; signing in from a foreign page is refused too.
  if (via === "bearer") return;
  if (page === "foreign") {
    throw refuse("FORBIDDEN", say("MUTATION_ELSEWHERE"));
  }
  if (via === "cookie" && page !== "own") {
    throw refuse("FORBIDDEN", say("MUTATION_UNPROVEN", { header: PROOF_HEADER }));
  }
}

/** Not by a validation rule: what was validated is remembered without regard to who asked. */
function refuseIntrospection(schema: GraphQLSchema, document: DocumentNode): void {
  if (validate(schema, document, [NoSchemaIntrospectionCustomRule]).length === 0) return;
  throw refuse("UNAUTHENTICATED", say("SCHEMA_STRANGER"));
}
