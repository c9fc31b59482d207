/** Documents typed by the SDL: `graphql("query ...")` knows its variables and its answer. */
import { initGraphQLTada } from "gql.tada";
import type { introspection } from "./schema_env.d.ts";

export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: { DateTime: string; JSON: Readonly<Record<string, string>> };
}>();

export type { ResultOf, VariablesOf } from "gql.tada";
