/** From what a client selected to the one query that reads it. */
import DataLoader from "dataloader";
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

interface Row {
  readonly id: number;
}
type RowQuery = {
  readonly columns: { readonly id: true };
  readonly where: { readonly id: { readonly in: number[] } };
};
const loaders = new WeakMap<Context, WeakMap<object, DataLoader<number, Row | null>>>();

/** The row of an id that each item of a list names, with all that is selected beneath the field: one query for the list. */
export async function loadRow(
  context: Context,
  info: GraphQLResolveInfo,
  typeName: "User" | "Project",
  id: number,
): Promise<Row | null> {
  const ofContext = loaders.get(context) ?? new WeakMap<object, DataLoader<number, Row | null>>();
  loaders.set(context, ofContext);
  // The items of a list share the nodes of their fields.
  const loader = ofContext.get(info.fieldNodes) ?? new DataLoader<number, Row | null>(async (ids) => {
    const query: RowQuery = { columns: { id: true }, where: { id: { in: [...new Set(ids)] } } };
    const planned = planQuery(context, info, typeName, query);
    const rows = typeName === "User"
      ? await context.db.query.users.findMany(planned)
      : await context.db.query.projects.findMany(planned);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((wanted) => byId.get(wanted) ?? null);
  });
  ofContext.set(info.fieldNodes, loader);
  return await loader.load(id);
}
