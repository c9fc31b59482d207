/** Answers of the API that are no result of an operation, in the shape of one, so that every client can read them. */
import type { GraphQLFormattedError } from "graphql";
import type { ErrorCode } from "../../schema/errors.ts";
import { saidIn } from "../../schema/graphql/refusals.ts";
import { say, type Sentence } from "../../schema/sentences.ts";

/** Codes of the API, and the one for a fault that is ours. */
export type AnswerCode = ErrorCode | "INTERNAL";

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
  INTERNAL: 500,
};

export interface AnswerOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refusal(code: AnswerCode, sentence: Sentence, options: AnswerOptions = {}): Response {
  const error: GraphQLFormattedError = {
    message: sentence.text,
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

export function wrongMethod(allowed: string): Response {
  return refusal("INVALID_INPUT", say("METHOD_UNKNOWN", { allowed }), {
    status: 405,
    headers: { allow: allowed },
  });
}
