import { plural } from "../i18n/plural.ts";

export const words = {
  account: {
    title: "Account",
    go: "Go to your account",
    who: "Signed in as",
    admin: "administrator",
    reader: "read-only access",
    looks: "Appearance and language",
    tokens: "Tokens for scripts",
    tokensLead:
      "A token has your permissions. Send it as Authorization: Bearer. It is shown once, when it is created.",
    noTokens: "No tokens yet.",
    tokenName: "Name",
    tokenMade: "Created",
    tokenUsed: "Last used",
    tokenEnds: "Expires",
    tokenOver: "expired",
    tokenFor: "What the token is for",
    neverUsed: "never",
    neverEnds: "never",
    days: (count: number) => `in ${plural(count, "day", "days")}`,
    makeToken: "Create token",
    madeToken: "Copy this token now",
    madeTokenText: "It is not shown again. Only its hash is stored.",
    copy: "Copy",
    copied: "Token copied",
    revoke: "Revoke",
    revokeOne: (name: string) => `Revoke "${name}"`,
    revoked: (name: string) => `"${name}" no longer works`,
  },
};
