/** Refusals that never reach the schema, in the shape that GraphQL clients read. */
import type { ErrorCode } from "../../schema/errors.ts";

export function refusal(
  status: number,
  code: ErrorCode,
  message: string,
  headers: HeadersInit = {},
): Response {
  return Response.json({ errors: [{ message, extensions: { code } }] }, { status, headers });
}
