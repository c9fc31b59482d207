/** Answers of the API that are no result of an operation, in the shape of one, so that every client can read them. */
import type { GraphQLFormattedError } from "graphql";
import { say, type Sentence, textOf } from "../../schema/sentences.ts";
import type { ErrorCode } from "../../schema/errors.ts";
import { saidIn } from "../../schema/graphql/refusals.ts";
import { isUnavailable } from "../db/constraints.ts";
import type { Log } from "../log.ts";

/** Codes of the API, one for a database that is away for a while, and one for a bug. */
export type AnswerCode = ErrorCode | "UNAVAILABLE" | "INTERNAL";

export const statusOfCode: Readonly<Record<AnswerCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INVALID_INPUT: 400,
  CONFLICT: 409,
  CYCLE: 400,
  INVALID_CRON: 400,
  NOT_RUNNING: 409,
  LIMIT_EXCEEDED: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

export interface AnswerOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refusal(code: AnswerCode, sentence: Sentence, options: AnswerOptions = {}): Response {
  const error: GraphQLFormattedError = {
    message: textOf(sentence),
    extensions: { code, ...saidIn(sentence) },
  };
  return jsonAnswer({ errors: [error] }, { status: statusOfCode[code], ...options });
}

/** For a viewer alone: nobody on the way may keep it. */
export function jsonAnswer(body: unknown, { status = 200, headers = {} }: AnswerOptions = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...headers },
  });
}

/** For what was thrown and is none of the caller's mistakes: the answer tells nothing of it, the log does. */
export function faultOf(
  error: unknown,
  log: Log,
  fields: object = {},
): { code: AnswerCode; sentence: Sentence } {
  if (isUnavailable(error)) {
    log.warn("A request failed because the database is unavailable", { ...fields, error });
    return { code: "UNAVAILABLE", sentence: say("UNAVAILABLE") };
  }
  const id = crypto.randomUUID();
  log.error("A request failed", { ...fields, id, error });
  return { code: "INTERNAL", sentence: say("INTERNAL", { id }) };
}

export function wrongMethod(allowed: string): Response {
  return refusal("INVALID_INPUT", say("METHOD_UNKNOWN", { allowed }), {
    status: 405,
    headers: { allow: allowed },
  });
}
