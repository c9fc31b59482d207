/** Relations: which task waits for which. */
import type { GraphQLResolveInfo } from "graphql";
import { builder } from "./builder.ts";
import type { Context } from "./context.ts";
import { RelationConditionEnum } from "./enums.ts";
import { NodeInterface } from "./node.ts";
import { planQuery } from "./plan.ts";

export const Relation = builder.drizzleObject("relations", {
  name: "Relation",
  description: "At most one for a pair of tasks, whatever its condition.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    upstream: t.relation("upstream", { description: "Ends first." }),
    downstream: t.relation("downstream", { description: "Waits for it." }),
    condition: t.expose("condition", {
      type: RelationConditionEnum,
      description: "How the upstream task has to end for the downstream one to start.",
    }),
  }),
});

/** The relation with all that is selected beneath the field, which may be a union; null when there is none. */
export async function findRelation(
  id: number,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<{ readonly id: number } | null> {
  const query = planQuery(context, info, "Relation", { columns: { id: true }, where: { id } });
  return await context.db.query.relations.findFirst(query) ?? null;
}
