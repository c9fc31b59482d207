import { plural } from "../i18n/plural.ts";

export const words = {
  account: {
    title: "Account",
    go: "Go to your account",
    who: "Signed in as",
    admin: "administrator",
    reader: "may look, but not change or run",
    looks: "Looks and language",
    tokens: "Tokens for scripts",
    tokensLead:
      "A token does what you may do, sent as Authorization: Bearer. It is shown once, when it is made.",
    noTokens: "There is none yet.",
    tokenName: "Name",
    tokenMade: "Made",
    tokenUsed: "Last used",
    tokenEnds: "Ends",
    tokenOver: "has ended",
    tokenFor: "What the token is for",
    neverUsed: "never",
    neverEnds: "never",
    days: (count: number) => `in ${plural(count, "day", "days")}`,
    makeToken: "Make a token",
    madeToken: "Copy this token now",
    madeTokenText: "It is not shown again. Only its hash is kept.",
    copy: "Copy",
    copied: "Token copied",
    revoke: "Revoke",
    revokeOne: (name: string) => `Revoke "${name}"`,
    revoked: (name: string) => `"${name}" no longer works`,
  },
};
