/** What came of a mutation, told apart: what was asked for, a refusal to show at its field, or a fault on the way. */
import type { CombinedError } from "@urql/core";

export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** Input field the refusal is about; null when it is about the whole call. */
  readonly path: readonly string[] | null;
  /** Present when waiting helps. */
  readonly retryAfterSeconds?: number | null;
}

/** A member of a result union: `code` tells a refusal from the object that was asked for. */
interface UnionMember {
  readonly __typename?: string;
  readonly code?: unknown;
}

export type Outcome<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Reads the answer to a mutation whose field is a result union. A fault of the network or the server comes out as a
 * refusal too: for the person who pressed the button there is one place where the answer stands.
 */
export function readOutcome<Member extends UnionMember>(
  result: { readonly error?: CombinedError | undefined },
  member: Member | null | undefined,
): Outcome<Exclude<Member, { readonly code: unknown }>> {
  if (member === null || member === undefined) {
    return { kind: "refused", refusal: { code: "FAULT", message: faultMessage(result.error), path: null } };
  }
  if (isRefusal(member)) return { kind: "refused", refusal: member };
  // What is not a refusal is the other kind of member; Exclude cannot be narrowed to by a guard.
  return { kind: "done", value: member as Exclude<Member, { readonly code: unknown }> };
}

/** What a failed request says, in words a person can act on; the client has put them into the language of the page. */
export function faultMessage(error: CombinedError | undefined): string {
  return error?.networkError?.message ?? error?.graphQLErrors[0]?.message ?? "";
}

/** True when the question itself is what is wrong: asked again it gets the same answer. */
export function isRefused(error: CombinedError | undefined): boolean {
  return error?.graphQLErrors[0]?.extensions.code === "INVALID_INPUT";
}

/** The part of the path below the argument, e.g. "tasks.2.name". */
export function refusedField(refusal: Refusal): string | null {
  if (refusal.path === null) return null;
  const path = refusal.path[0] === "input" ? refusal.path.slice(1) : refusal.path;
  return path.join(".");
}

/**
 * "Cannot save container: name "x": it is taken" says the action again, where a field's own place needs only why. The
 * sentences of every language begin so.
 */
export function refusalReason(message: string): string {
  const reason = message.replace(/^(?:Cannot [^:]+: |无法[^：]+：)/, "");
  return reason.slice(0, 1).toUpperCase() + reason.slice(1);
}

function isRefusal(member: UnionMember): member is UnionMember & Refusal {
  return typeof member.code === "string" && (member.__typename?.endsWith("Error") ?? true);
}
