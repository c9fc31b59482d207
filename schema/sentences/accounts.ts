/** Refused sign-ins, passwords and tokens. */
import type { Refused } from "./actions.ts";
import type { Format, Sentence } from "../sentences.ts";

/** Clauses: they stand inside PASSWORD_WEAK. */
export const passwordFaults = {
  PASSWORD_SHORT: ({ least }: { readonly least: number }) => `it has at least ${least} characters`,
  PASSWORD_LONG: ({ most }: { readonly most: number }) => `it has at most ${most} characters`,
  PASSWORD_PRESENT: () => "it is the present one",
  PASSWORD_COMMON: () => "many people use it or one like it",
  PASSWORD_IS_NAME: () => "it is the user name",
} as const;

export const accountSentences = {
  STRANGER: () => "Cannot go on: sign in first",
  FIELD_STRANGER: ({ field }: { readonly field: string }) => `Cannot answer "${field}": sign in first`,
  PASSWORD_WRONG: ({ action }: Refused) => `Cannot ${action}: the user name or the password is wrong`,
  PASSWORD_WEAK: ({ action, why }: Refused & { readonly why: Sentence }, format: Format) =>
    `Cannot ${action}: choose another new password, ${format(why)}`,
  TOO_MANY_GUESSES: ({ action, seconds }: Refused & { readonly seconds: number }) =>
    `Cannot ${action}: too many wrong passwords; try again in ${seconds} s`,
  TOO_MANY_CHECKS: () => "Cannot check a password now: too many are being checked",
  TOKEN_PAST: ({ action, at }: Refused & { readonly at: string }) => `Cannot ${action}: ${at} is past`,
  TOKEN_OUTLIVES: ({ action, at }: Refused & { readonly at: string }) =>
    `Cannot ${action}: an API token makes none that outlives it, and this one ends at ${at}`,
  TOO_MANY_TOKENS: ({ action, count }: Refused & { readonly count: number }) =>
    `Cannot ${action}: you have ${count}, revoke one first`,
  TOKEN_NAME_TAKEN: ({ action, name }: Refused & { readonly name: string }) =>
    `Cannot ${action}: you have one named "${name}" already`,
  TOKEN_UNKNOWN: () => "Cannot revoke API token: there is no such token",
} as const;
