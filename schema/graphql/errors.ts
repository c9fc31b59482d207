/** Refusals as types, and the unions that a mutation answers with: what was asked for, or why not. */
import type { ObjectRef, UnionRef } from "@pothos/core";
import {
  CycleError,
  DomainError,
  type ErrorCode,
  errorCodes,
  type FieldPath,
  InvalidCronError,
  InvalidInputError,
  LimitExceededError,
} from "../errors.ts";
import { type ApiTypes, builder } from "./builder.ts";
import { valuesOf } from "./refusals.ts";

/** A DomainError on its way out; its path begins with the name of the mutation's argument. */
export class Refusal {
  constructor(readonly error: DomainError, readonly path: FieldPath) {}
}

const codeTexts: Readonly<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: "Not signed in, or the token is forged, expired or ended.",
  FORBIDDEN: "The viewer may not do this.",
  NOT_FOUND: "There is no such thing, or the viewer may not know of it. An id of another type is not found.",
  INVALID_INPUT: "A value is not what the field takes; the path says which.",
  CONFLICT: "It does not fit what is there now: another edit came first, a name is taken, a run is active.",
  CYCLE: "The relations would close a circle.",
  INVALID_CRON: "The cron expression cannot be read.",
  NOT_RUNNING: "It has ended already, so there is nothing to stop.",
  LIMIT_EXCEEDED: "Too much, or too often.",
};

const ErrorCodeEnum = builder.enumType("ErrorCode", {
  description: "What kind of refusal it is; GraphQL errors carry the same words in extensions.code.",
  values: Object.fromEntries(errorCodes.map((code) => [code, { description: codeTexts[code] }])) as Record<
    // The entries are made from errorCodes, which fromEntries cannot know.
    ErrorCode,
    { description: string }
  >,
});

const ErrorInterface = builder.interfaceRef<Refusal>("Error").implement({
  description: "A refusal the caller can act on.",
  resolveType: ({ error }) => error.name,
  fields: (t) => ({
    code: t.field({
      type: ErrorCodeEnum,
      description: "What kind of refusal it is.",
      resolve: ({ error }) => error.code,
    }),
    message: t.string({
      description:
        "Sentence that names the action, quotes the value and says why. In English; messageKey and messageValues are for other languages.",
      resolve: ({ error }) => error.message,
    }),
    messageKey: t.string({
      description:
        'Which sentence message is, as a word that stays when its English changes, e.g. "CONTAINER_NAME_TAKEN". New ones may come.',
      resolve: ({ error }) => error.sentence.key,
    }),
    messageValues: t.field({
      type: "JSON",
      description:
        "What the sentence names, as an object: texts, numbers, lists of texts, and clauses that it contains as objects with key, values and text (in English). Enough to say message in another language.",
      resolve: ({ error }) => valuesOf(error.sentence),
    }),
    path: t.stringList({
      nullable: true,
      description:
        'Input field the refusal is about, e.g. ["input", "expression"]; null when it is about the whole call.',
      resolve: ({ path }) => path === null ? null : [...path],
    }),
  }),
});

const plainRefusals = {
  UnauthenticatedError: "The viewer is not signed in, or the name or password is wrong.",
  ForbiddenError: "The viewer may not do this.",
  NotFoundError: "Something that the call names is not there, or the viewer may not know of it.",
  InvalidInputError: "A value is not what the field takes.",
  ConflictError: "The call does not fit what is there now; read it again and decide.",
  NotRunningError: "There is nothing to stop: it has ended already.",
} as const;

type RefusalName =
  | keyof typeof plainRefusals
  | "InvalidCronError"
  | "CycleError"
  | "LimitExceededError";

const refusalTypes = new Map<RefusalName, ObjectRef<ApiTypes, Refusal>>([
  ...plainRefusalTypes(),
  ["InvalidCronError", invalidCronType()],
  ["CycleError", cycleType()],
  ["LimitExceededError", limitExceededType()],
]);

/** A mutation's answer: the type of the union, and how an operation's outcome becomes one of its members. */
interface ResultUnion<Main> {
  readonly type: UnionRef<ApiTypes, Main | Refusal>;
  /**
   * Runs the operation. A refusal that is in the union is the answer; its path gets the names in `at` in front. One that
   * is not is thrown and becomes a GraphQL error with its code.
   */
  readonly answer: <T extends Main>(
    at: readonly string[],
    operation: () => Promise<T>,
  ) => Promise<T | Refusal>;
}

export function resultUnion<Main extends object>(
  name: string,
  main: ObjectRef<ApiTypes, Main>,
  refusals: readonly RefusalName[],
  description: string,
): ResultUnion<Main> {
  const type = builder.unionType(name, {
    description,
    types: [main, ...refusals.map(refusalType)],
    resolveType: (value) => value instanceof Refusal ? value.error.name : main,
  });
  return {
    // unionType cannot tell a list of members apart by their shapes; these are the two that it has.
    type: type as unknown as UnionRef<ApiTypes, Main | Refusal>,
    answer: (at, operation) => answer(refusals, at, operation),
  };
}

async function answer<T>(
  refusals: readonly RefusalName[],
  at: readonly string[],
  operation: () => Promise<T>,
): Promise<T | Refusal> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const fitting = fit(error, refusals);
    if (fitting === null) throw error;
    return new Refusal(fitting, error.path === null ? null : [...at, ...error.path]);
  }
}

/** The refusal as the union can say it: a bad expression is bad input where the union has no type of its own for it. */
function fit(error: DomainError, refusals: readonly RefusalName[]): DomainError | null {
  if (refusals.some((name) => name === error.name)) return error;
  if (error instanceof InvalidCronError && refusals.includes("InvalidInputError")) {
    return new InvalidInputError(error.sentence, error.path);
  }
  return null;
}

function refusalType(name: RefusalName): ObjectRef<ApiTypes, Refusal> {
  const type = refusalTypes.get(name);
  if (type === undefined) throw new Error(`Refusal ${name} has no type`);
  return type;
}

function plainRefusalTypes(): [RefusalName, ObjectRef<ApiTypes, Refusal>][] {
  return Object.entries(plainRefusals).map(([name, description]) => [
    // The keys of plainRefusals are what RefusalName is made of.
    name as RefusalName,
    builder.objectRef<Refusal>(name).implement({ description, interfaces: [ErrorInterface] }),
  ]);
}

function invalidCronType(): ObjectRef<ApiTypes, Refusal> {
  const fault = ({ error }: Refusal): InvalidCronError | null =>
    error instanceof InvalidCronError ? error : null;
  return builder.objectRef<Refusal>("InvalidCronError").implement({
    description: "The cron expression cannot be read; says where the fault is.",
    interfaces: [ErrorInterface],
    fields: (t) => ({
      field: t.int({
        nullable: true,
        description: "Which field of the expression, from 0; null when it is about the whole.",
        resolve: (refusal) => fault(refusal)?.field ?? null,
      }),
      offset: t.int({
        nullable: true,
        description:
          "Where in the text the fault begins, in characters from 0; null when it is about the whole.",
        resolve: (refusal) => fault(refusal)?.offset ?? null,
      }),
      length: t.int({
        nullable: true,
        description: "How long the fault is, in characters; null when it is about the whole.",
        resolve: (refusal) => fault(refusal)?.length ?? null,
      }),
    }),
  });
}

function cycleType(): ObjectRef<ApiTypes, Refusal> {
  return builder.objectRef<Refusal>("CycleError").implement({
    description: "The relations would close a circle, so that no task of it could ever start.",
    interfaces: [ErrorInterface],
    fields: (t) => ({
      cycle: t.stringList({
        description: "Task names along the cycle.",
        resolve: ({ error }) => error instanceof CycleError ? [...error.cycle] : [],
      }),
    }),
  });
}

function limitExceededType(): ObjectRef<ApiTypes, Refusal> {
  return builder.objectRef<Refusal>("LimitExceededError").implement({
    description: "Too much at once, or too often.",
    interfaces: [ErrorInterface],
    fields: (t) => ({
      retryAfterSeconds: t.float({
        nullable: true,
        description:
          "After how many seconds the same call may be tried again; null when waiting does not help.",
        resolve: ({ error }) => error instanceof LimitExceededError ? error.retryAfterSeconds : null,
      }),
    }),
  });
}
