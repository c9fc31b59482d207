/**
 * Refusals that a caller can act on. Each has a code of the public API; anything else that is thrown is a bug.
 * Text: sentence case, no full stop, names the action, quotes the value, then the state.
 */
import { quoteError, type Sentence, textOf } from "./sentences.ts";

export const errorCodes = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "INVALID_INPUT",
  "CONFLICT",
  "CYCLE",
  "INVALID_CRON",
  "NOT_RUNNING",
  "LIMIT_EXCEEDED",
] as const;
export type ErrorCode = typeof errorCodes[number];

/** Where in the call's arguments the fault is, e.g. ["input", "expression"]; null when it is about the whole call. */
export type FieldPath = readonly string[] | null;

export abstract class DomainError extends Error {
  abstract readonly code: ErrorCode;
  readonly sentence: Sentence;
  readonly path: FieldPath;

  constructor(sentence: Sentence, path: FieldPath = null) {
    super(textOf(sentence));
    this.name = new.target.name;
    this.sentence = sentence;
    this.path = path;
  }
}

export class UnauthenticatedError extends DomainError {
  readonly code = "UNAUTHENTICATED";
}

export class ForbiddenError extends DomainError {
  readonly code = "FORBIDDEN";
}

export class NotFoundError extends DomainError {
  readonly code = "NOT_FOUND";
}

export class InvalidInputError extends DomainError {
  readonly code = "INVALID_INPUT";
}

export class ConflictError extends DomainError {
  readonly code = "CONFLICT";
}

export class NotRunningError extends DomainError {
  readonly code = "NOT_RUNNING";
}

export class CycleError extends DomainError {
  readonly code = "CYCLE";
  /** Task names along the cycle, in order; the first waits for the last. */
  readonly cycle: readonly string[];

  constructor(sentence: Sentence, path: FieldPath, cycle: readonly string[]) {
    super(sentence, path);
    this.cycle = cycle;
  }
}

/** The place of a fault in a cron expression. */
interface CronFault {
  readonly sentence: Sentence;
  /** Which field of the expression, from 0; null when it is about the whole. */
  readonly field: number | null;
  /** Where in the text the fault begins and how long it is, in characters. */
  readonly offset: number | null;
  readonly length: number | null;
}

export class InvalidCronError extends DomainError {
  readonly code = "INVALID_CRON";
  readonly field: number | null;
  readonly offset: number | null;
  readonly length: number | null;

  constructor(fault: CronFault, path: FieldPath) {
    super(fault.sentence, path);
    this.field = fault.field;
    this.offset = fault.offset;
    this.length = fault.length;
  }
}

export class LimitExceededError extends DomainError {
  readonly code = "LIMIT_EXCEEDED";
  /** After how many seconds the same call may be tried again; null when waiting does not help. */
  readonly retryAfterSeconds: number | null;

  constructor(sentence: Sentence, path: FieldPath = null, retryAfterSeconds: number | null = null) {
    super(sentence, path);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Why something failed: a refusal's own sentence, or what the error says. */
export function sentenceOf(error: unknown): Sentence {
  return error instanceof DomainError ? error.sentence : quoteError(error);
}
