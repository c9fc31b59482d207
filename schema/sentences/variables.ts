/** Refused changes of variables and secrets. */
import type { Refused } from "./actions.ts";

interface Named {
  readonly name: string;
}

export const auditSentences = {
  AUDIT_TIMES: () => "Cannot read the audit log: `from` and `to` are times, such as 2026-01-01T00:00:00Z",
} as const;

export const variableSentences = {
  NO_VARIABLE: ({ action }: Refused) => `Cannot ${action}: there is no such variable`,
  SECRET_STAYS: ({ name }: Named) =>
    `Cannot set variable "${name}": it is a secret and cannot become a plain variable; delete it first`,
  TOO_MANY_VARIABLES: ({ limit }: { readonly limit: number }) =>
    `Cannot set variable: there are ${limit} already, which is the limit; delete one first`,
  VAULT_KEY_DIFFERS: () =>
    "Cannot set variable: the secrets of this database are encrypted with another key; start this server with the same ORRERY_SECRET",
} as const;
