/** What no answer may hold, whatever was asked. */
import { ENDING_FIELDS, type Operation } from "./operations.ts";

export interface Reply {
  readonly status: number;
  /** Of a stream: one for each event. */
  // deno-lint-ignore no-explicit-any -- the shape follows from the operation
  readonly results: readonly any[];
}

export type Role = "admin" | "member" | "stranger";

/** Refusals are for people: none of them needs to know of these. */
const LEAKS = [
  /\b(?:select|insert into|update|delete from|where|values) ["(]|\$\d+\b/,
  /violates|duplicate key|syntax error at or near|SQLSTATE|\brelation "/,
  /^\s+at \S+ \(?\S+:\d+/m,
  /node_modules|file:\/\/|\.ts:\d+|\/(?:home|root|tmp|usr|var|work)\//,
  /TypeError|is not a function|Cannot read properties|\[object Object\]/,
];
/** What somebody who only looks does for himself. */
const OWN_FIELDS = [...ENDING_FIELDS, "createApiToken", "revokeApiToken", "markMessagesRead", "signIn"];
const ERROR_TYPE = /Error$/;

/** Why the answer is a fault; null when it is none. */
export function findFault(operation: Operation, role: Role, { status, results }: Reply): string | null {
  if (status >= 500) return `status ${status}`;
  for (const result of results) {
    const fault = (result?.errors ?? []).map(faultOfError).find((found: string | null) => found !== null) ??
      faultOfData(operation, role, result?.data);
    if (fault !== null) return fault;
  }
  return null;
}

// deno-lint-ignore no-explicit-any -- anything may have been answered
function faultOfError({ message, path, extensions }: any): string | null {
  const code = extensions?.code;
  const field = (path ?? []).filter((part: unknown) => typeof part === "string").join(".")
    .replaceAll(/_\d+/g, "");
  if (code === "INTERNAL" || code === "UNAVAILABLE") return `${code} at ${field}`;
  if (code === undefined || typeof message !== "string" || message === "") {
    return `an error without a code or a message at ${field}`;
  }
  if (path !== undefined && extensions.messageKey === undefined) {
    return `an error without a message key at ${field}`;
  }
  return faultOfText(message) ?? faultOfText(JSON.stringify(extensions));
}

function faultOfText(text: string): string | null {
  const leak = LEAKS.find((pattern) => pattern.test(text));
  return leak === undefined ? null : `a message that matches ${leak}`;
}

function faultOfData(
  { kind, fields }: Operation,
  role: Role,
  data: Readonly<Record<string, unknown>> | null | undefined,
): string | null {
  for (const [key, value] of Object.entries(data ?? {})) {
    const field = fields[key];
    if (field === undefined || value === null) continue;
    const { __typename: type, message } = value as {
      readonly __typename?: string;
      readonly message?: string;
    };
    const refused = ERROR_TYPE.test(type ?? "");
    const fault = refused ? faultOfText(message ?? "") : null;
    if (fault !== null) return fault;
    if (refused) continue;
    if (role === "stranger" && !["signIn", "signOut"].includes(field)) {
      return `a stranger was answered by ${field}`;
    }
    if (role === "member" && kind === "mutation" && !OWN_FIELDS.includes(field)) {
      return `somebody who only looks changed something by ${field}`;
    }
  }
  return null;
}

/** The same for what came over a raw connection. */
export function findRawFault(answer: string): string | null {
  const status = statusesOf(answer).find((code) => code >= 500);
  if (status !== undefined) return `status ${status}`;
  if (/"code":"(?:INTERNAL|UNAVAILABLE)"/.test(answer)) return "INTERNAL";
  const error = /"errors":\[.*/.exec(answer)?.[0];
  return error === undefined ? null : faultOfText(error);
}

/** Of all answers of one connection. */
export function statusesOf(answer: string): readonly number[] {
  return [...answer.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)].map(([, code]) => Number(code));
}
