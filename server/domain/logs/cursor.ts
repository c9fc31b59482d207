/** Places in the two orders of lines, as opaque texts that clients hand back. */
import { decodeText, encodeText } from "../../../schema/base64url.ts";
import { InvalidInputError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";

/** Largest seq and attempt number that the tables can hold. */
export const LAST_NUMBER = 2 ** 31 - 1;

/** A place among the lines of one task run: by attempt number, then seq. */
export interface LinePlace {
  readonly attempt: number;
  readonly seq: number;
}

/** A place among all lines: by time, then attempt id, then seq. */
export interface TimedPlace {
  readonly at: number;
  readonly attemptId: number;
  readonly seq: number;
}

export function encodePlace({ attempt, seq }: LinePlace): string {
  return encode("l", [attempt, seq]);
}

/** The cursor of a place that somebody names; refused when no line can have it. */
export function readPlaceCursor({ attempt, seq }: LinePlace): string {
  const sound = (number: number, least: number): boolean => number >= least && number <= LAST_NUMBER;
  if (!sound(attempt, 1)) throw outside("attempt", attempt);
  if (!sound(seq, 0)) throw outside("seq", seq);
  return encodePlace({ attempt, seq });
}

export function encodeTimedPlace({ at, attemptId, seq }: TimedPlace): string {
  return encode("t", [at, attemptId, seq]);
}

/** `field` is the argument that a refusal names. */
export function decodePlace(cursor: string, field: "after" | "before"): LinePlace {
  const [attempt = -1, seq = -1] = decode("l", cursor, 2, field);
  if (attempt > LAST_NUMBER || seq > LAST_NUMBER) throw refusal(cursor, field);
  return { attempt, seq };
}

export function decodeTimedPlace(cursor: string, field: "after" | "before"): TimedPlace {
  const [at = -1, attemptId = -1, seq = -1] = decode("t", cursor, 3, field);
  if (at > LAST_INSTANT || seq > LAST_NUMBER) throw refusal(cursor, field);
  return { at, attemptId, seq };
}

/** Below zero when `a` comes first, that is, is older. */
export function compareTimed(a: TimedPlace, b: TimedPlace): number {
  return a.at - b.at || a.attemptId - b.attemptId || a.seq - b.seq;
}

/** 31 December 9999: later ones have no DateTime. */
const LAST_INSTANT = Date.UTC(10_000, 0, 1) - 1;
const CURSOR_CHARACTERS = 100;

function encode(kind: string, numbers: readonly number[]): string {
  return encodeText([kind, ...numbers].join(":"));
}

function decode(kind: string, cursor: string, count: number, field: string): readonly number[] {
  if (cursor.length > CURSOR_CHARACTERS) throw refusal(cursor, field);
  const [found, ...texts] = (decodeText(cursor) ?? "").split(":");
  const numbers = texts.map(Number);
  const sound = found === kind && numbers.length === count &&
    numbers.every((number) => Number.isSafeInteger(number) && number >= 0) &&
    encode(kind, numbers) === cursor;
  if (!sound) throw refusal(cursor, field);
  return numbers;
}

function outside(field: "attempt" | "seq", value: number): InvalidInputError {
  return new InvalidInputError(say("LOG_PLACE", { field, value }), [field]);
}

function refusal(cursor: string, field: string): InvalidInputError {
  const quoted = cursor.slice(0, CURSOR_CHARACTERS);
  return new InvalidInputError(say("LOG_CURSOR", { cursor: quoted }), [field]);
}
