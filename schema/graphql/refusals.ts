/** How a refusal leaves a field that has no result union: as a GraphQL error with the code that the refusal has. */
import SchemaBuilder, {
  BasePlugin,
  isThenable,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from "@pothos/core";
import { GraphQLError, type GraphQLFieldResolver } from "graphql";
import {
  DomainError,
  type ErrorCode,
  type FieldPath,
  ForbiddenError,
  LimitExceededError,
  NotFoundError,
} from "../errors.ts";
import type { Context } from "./context.ts";
import { say, type Sentence, textOf } from "../sentences.ts";
import { shownThings } from "../sentences/edits.ts";

/** The planner has no class for it. */
const plannerMissesRow = /^Model (\w+)\(.*\) not found$/s;

/** An error for the caller; `argument` is where in the field's arguments the fault is. */
export function refuse(code: ErrorCode, sentence: Sentence, argument: FieldPath = null): GraphQLError {
  return new GraphQLError(textOf(sentence), {
    extensions: { code, ...saidIn(sentence), ...(argument === null ? {} : { argument }) },
  });
}

/** What extensions tell of a sentence, for clients that say it in another language. */
export function saidIn(sentence: Sentence): {
  readonly messageKey: Sentence["key"];
  readonly messageValues: Sentence["values"];
} {
  return { messageKey: sentence.key, messageValues: valuesOf(sentence) };
}

/** A client may not know the key of a sentence inside: those have their text beside them. */
export function valuesOf({ values }: Sentence): Sentence["values"] {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, withText(value)]));
}

/** A sentence as an object, for clients that say it in another language. */
export function messageOf(sentence: Sentence): object {
  return { ...sentence, values: valuesOf(sentence), text: textOf(sentence) };
}

function withText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withText);
  if (typeof value !== "object" || value === null) return value;
  // Values are plain but for sentences.
  const sentence = value as Sentence;
  return messageOf(sentence);
}

/** The error that a DomainError becomes; anything else is a bug and stays what it is. */
export function graphqlError(thrown: unknown): unknown {
  const error = rowIsGone(thrown) ?? thrown;
  if (!(error instanceof DomainError)) return error;
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: {
      code: error.code,
      ...saidIn(error.sentence),
      ...(error.path === null ? {} : { argument: error.path }),
      ...(error instanceof LimitExceededError && error.retryAfterSeconds !== null
        ? { retryAfterSeconds: error.retryAfterSeconds }
        : {}),
    },
  });
}

declare global {
  // Pothos finds its plugins' types in this namespace; there is no other way to add one.
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      refusals: RefusalPlugin<Types>;
    }
  }
}

/** Wraps every field that has a resolver of its own, so that no resolver needs a try. */
class RefusalPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types["Context"], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types["Context"], object> {
    if (field.resolve === undefined) return resolver;
    return told(field.kind === "Query" || field.kind === "Mutation" ? recorded(resolver) : resolver);
  }

  override wrapSubscribe(
    subscriber: GraphQLFieldResolver<unknown, Types["Context"], object>,
  ): GraphQLFieldResolver<unknown, Types["Context"], object> {
    return told(subscriber);
  }
}

SchemaBuilder.registerPlugin("refusals", RefusalPlugin);

function told<Context>(
  resolver: GraphQLFieldResolver<unknown, Context, object>,
): GraphQLFieldResolver<unknown, Context, object> {
  return (parent, args, context, info) => {
    try {
      const result: unknown = resolver(parent, args, context, info);
      // A query of drizzle's is a thenable that begins when it is waited for, so it may still refuse.
      return isThenable(result) ? Promise.resolve(result).catch(rethrow) : result;
    } catch (error) {
      return rethrow(error);
    }
  };
}

/** A call that was forbidden is recorded, whether it was answered or thrown. */
function recorded<AnyContext>(
  resolver: GraphQLFieldResolver<unknown, AnyContext, object>,
): GraphQLFieldResolver<unknown, AnyContext, object> {
  return async (parent, args, context, info) => {
    try {
      const result: unknown = await resolver(parent, args, context, info);
      if (isForbidden(result)) await recordForbidden(context, info.fieldName);
      return result;
    } catch (error) {
      if (error instanceof ForbiddenError) await recordForbidden(context, info.fieldName);
      throw error;
    }
  };
}

/** The answer of a mutation that has a type for it. */
function isForbidden(result: unknown): boolean {
  return typeof result === "object" && result !== null && "error" in result &&
    result.error instanceof ForbiddenError;
}

async function recordForbidden(context: unknown, call: string): Promise<void> {
  // Pothos types a plugin for a builder of any types; there is one.
  const { app, viewer } = context as Context;
  if (viewer !== null) await app.audit.recordForbidden(viewer, call);
}

/** A selection that takes more than one statement can meet a row that was deleted after the first one. */
function rowIsGone(error: unknown): NotFoundError | null {
  const table = error instanceof Error ? plannerMissesRow.exec(error.message)?.[1] : undefined;
  if (table === undefined) return null;
  // What else can be deleted goes with its run.
  const what = shownThings.find((thing) => table === `${thing}s`) ?? "run";
  return new NotFoundError(say("DELETED_MEANWHILE", { what }));
}

function rethrow(error: unknown): never {
  throw graphqlError(error);
}
