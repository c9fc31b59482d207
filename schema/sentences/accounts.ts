/** Refused sign-ins, passwords and tokens. */
import type { Refused } from "./actions.ts";
import type { Format, Sentence } from "../sentences.ts";
import type { TokenScope } from "../states.ts";

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
  PASSWORDS_OFF: () => "Cannot sign in: passwords are switched off; sign in through the provider",
  TOKEN_PAST: ({ action, at }: Refused & { readonly at: string }) => `Cannot ${action}: ${at} is past`,
  TOKEN_OUTLIVES: ({ action, at }: Refused & { readonly at: string }) =>
    `Cannot ${action}: an API token makes none that outlives it, and this one ends at ${at}`,
  TOO_MANY_TOKENS: ({ action, count }: Refused & { readonly count: number }) =>
    `Cannot ${action}: you have ${count}, revoke one first`,
  TOKEN_NAME_TAKEN: ({ action, name }: Refused & { readonly name: string }) =>
    `Cannot ${action}: you have one named "${name}" already`,
  TOKEN_UNKNOWN: ({ action }: Refused) => `Cannot ${action}: there is no such token`,
  TOKEN_SCOPE: ({ scope }: { readonly scope: TokenScope }) =>
    `Cannot create API token: the scope ${scope} is more than you may do`,
  TOKEN_SCOPES_EMPTY: () => "Cannot create API token: it needs a scope",
  TOKEN_PROJECT_NEEDED: () =>
    "Cannot create API token: a service token, and one that enrols agents, needs a project",
  TOKEN_PROJECT_BEYOND: () =>
    "Cannot create API token: the token of this call is limited to a project, and makes none that reaches further",
  TOKEN_LABELS: () => "Cannot create API token: labels are for the scope ENROL_AGENTS alone",
  TOKEN_MANAGES_OWN: ({ action }: Refused) =>
    `Cannot ${action}: an API token manages itself and those made with it; sign in instead`,
  TOKEN_OVERLAP: ({ most, seconds }: { readonly most: number; readonly seconds: number }) =>
    `Cannot rotate API token: overlapSeconds has to be from 0 to ${most}, not ${seconds}`,
  SERVICE_TOKEN_NAME_TAKEN: ({ name }: { readonly name: string }) =>
    `Cannot create API token: the project has one named "${name}" already`,
  NO_ACCOUNT: ({ action }: Refused) => `Cannot ${action}: a service token has no account`,
  NO_USER: ({ action }: Refused) => `Cannot ${action}: there is no such user`,
  USER_NAME_TAKEN: ({ action, username }: Refused & { readonly username: string }) =>
    `Cannot ${action}: there is a user "${username}" already`,
  LAST_ADMINISTRATOR: ({ action, username }: Refused & { readonly username: string }) =>
    `Cannot ${action}: "${username}" is the last administrator; make another one first`,
  PROVIDER_ONLY: ({ username }: { readonly username: string }) =>
    `Cannot reset a password: "${username}" signs in through a provider`,
  NULL_REFUSED: ({ action, field }: Refused & { readonly field: string }) =>
    `Cannot ${action}: ${field} cannot be null`,
  NO_MEMBER: () => "Cannot change a member: the user has no role in this project",
} as const;
