/** From what a client selected to the one query that reads it. */
import { getSchemaConfig, queryFromInfo } from "@pothos/plugin-drizzle";
import type { GraphQLResolveInfo } from "graphql";
import { builder } from "./builder.ts";
import type { Context } from "./context.ts";

/**
 * `query` and all that the selection beneath the field needs of a row of the type. `path` leads from the field to the rows,
 * where they lie deeper. The rows hold more than the type says: what was planned for the resolvers beneath.
 */
export function planQuery<const Query extends { readonly columns: Readonly<Record<string, true>> }>(
  context: Context,
  info: GraphQLResolveInfo,
  typeName: string,
  query: Query,
  path: readonly string[] = [],
): Query {
  const planned: unknown = queryFromInfo({
    config: getSchemaConfig(builder),
    context,
    info,
    typeName,
    ...(path.length === 0 ? {} : { paths: [[...path]] }),
    // Its keys are the planner's own; TypeScript cannot see that of a type that is not known yet.
    ...(query as Record<never, never>),
  });
  // The planner keeps what it is given and adds to it.
  return planned as Query;
}
