/** The Pothos builder: what every type of the API is made with, and the two limits that hold for every operation. */
import SchemaBuilder from "@pothos/core";
import complexity from "@pothos/plugin-complexity";
import drizzle from "@pothos/plugin-drizzle";
import scopeAuth from "@pothos/plugin-scope-auth";
import { getTableConfig } from "drizzle-orm/pg-core";
import { say } from "../sentences.ts";
import { links } from "../tables/links.ts";
import "./columns.ts";
import { roleOfScopes } from "../../server/domain/accounts/roles.ts";
import type { Database } from "../../server/db/database.ts";
import type { Context } from "./context.ts";
import { refuse } from "./refusals.ts";

/** A page of 500 runs with ten task runs of fifteen fields each costs 80,000. */
const COST_LIMIT = 200_000;
/** What a list that has no page size of its own is taken to hold. */
const LIST_COST = 10;

interface Vocabulary {
  readonly Context: Context;
  readonly DrizzleRelations: typeof links;
  readonly DefaultFieldNullability: false;
  readonly AuthScopes: { signedIn: boolean };
  readonly Scalars: {
    ID: { Input: string; Output: string | number };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
}

export const builder = new SchemaBuilder<Vocabulary>({
  plugins: [scopeAuth, "columns", "refusals", complexity, drizzle],
  defaultFieldNullability: false,
  // The planner reads by `query` alone.
  drizzle: { client: (context) => context.db as Database, relations: links, getTableConfig },
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: (context) => ({
      signedIn: context.viewer !== null && roleOfScopes(context.viewer.scopes) !== null,
    }),
    unauthorizedError: (_parent, _context, info) =>
      refuse("UNAUTHENTICATED", say("FIELD_STRANGER", { field: info.fieldName })),
  },
  complexity: {
    defaultListMultiplier: LIST_COST,
    limit: { complexity: COST_LIMIT },
    complexityError: (_kind, { complexity: cost }) =>
      refuse("LIMIT_EXCEEDED", say("OPERATION_COST", { cost, most: COST_LIMIT })),
  },
});

/** The builder's types, as every ref of ours carries them. */
export type ApiTypes = typeof builder.$inferSchemaTypes;

// Deny by default: only a field that says skipTypeScopes is open to somebody who is not signed in.
builder.queryType({
  description: "What can be asked. Everything here needs a sign-in.",
  authScopes: { signedIn: true },
});
builder.mutationType({
  description: "What can be done. Everything here but signIn needs a sign-in.",
  authScopes: { signedIn: true },
});
builder.subscriptionType({
  description:
    "What can be watched. Everything here needs a sign-in; a stream ends with the credential that opened it.",
  authScopes: { signedIn: true },
});
