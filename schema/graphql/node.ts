/** What has a global id, and how it is found again by it. */
import { brandWithType } from "@pothos/core";
import type { GraphQLResolveInfo } from "graphql";
import { builder } from "./builder.ts";
import type { Context } from "./context.ts";
import { encodeId, type IdType, splitId } from "../ids.ts";
import { auditEntries } from "../tables/audit_entry.ts";
import { users } from "../tables/user.ts";
import { projectsWith } from "../../server/domain/accounts/rights.ts";
import { inProjects, knownUsers } from "../../server/domain/accounts/visible.ts";
import { planQuery } from "./plan.ts";

interface Row {
  readonly id: number;
}

export const NodeInterface = builder.interfaceRef<Row>("Node").implement({
  description: "Something with an id that is its own in the whole API.",
  fields: (t) => ({
    id: t.id({
      description: "Opaque and lasting: it is never given to anything else, not even after a deletion.",
      resolve: (row, _args, _context, info) => encodeId(info.parentType.name, row.id),
    }),
  }),
});

builder.queryField("node", (t) =>
  t.field({
    type: NodeInterface,
    nullable: true,
    description:
      "Looks up anything by its id; null when there is no such thing or the viewer may not know of it.",
    args: { id: t.arg.id({ required: true, description: "A global id, as any `id` field gives it." }) },
    resolve: (_root, { id }, context, info) => findNode(id, context, info),
  }));

type NodeType = Exclude<IdType, "ApiToken">;
type Finder = (
  db: Context["db"],
  query: { readonly columns: { readonly id: true }; readonly where: { readonly id: number } },
) => PromiseLike<Row | undefined>;

const finders: Readonly<Record<NodeType, Finder>> = {
  User: (db, query) => db.query.users.findFirst(query),
  Project: (db, query) => db.query.projects.findFirst(query),
  Container: (db, query) => db.query.containers.findFirst(query),
  Task: (db, query) => db.query.tasks.findFirst(query),
  Relation: (db, query) => db.query.relations.findFirst(query),
  Run: (db, query) => db.query.runs.findFirst(query),
  TaskRun: (db, query) => db.query.taskRuns.findFirst(query),
  Attempt: (db, query) => db.query.attempts.findFirst(query),
  Agent: (db, query) => db.query.agents.findFirst(query),
  Server: (db, query) => db.query.servers.findFirst(query),
  AuditEntry: (db, query) => db.query.auditEntries.findFirst(query),
  Variable: (db, query) => db.query.variables.findFirst(query),
  Message: (db, query) => db.query.messages.findFirst(query),
};

async function findNode(text: string, context: Context, info: GraphQLResolveInfo): Promise<Row | null> {
  const asked = splitId(text);
  if (asked === null || !hasFinder(asked.type)) return null;
  const where = {
    id: asked.id,
    // People are looked up by those who may know of them.
    ...(asked.type === "User" ? { RAW: ({ id }: typeof users) => knownUsers(context.viewer, id) } : {}),
    ...(asked.type === "AuditEntry"
      ? {
        RAW: ({ projectId }: typeof auditEntries) =>
          inProjects(projectsWith(context.viewer, "audit:read"), projectId),
      }
      : {}),
  };
  const query = planQuery(context, info, asked.type, { columns: { id: true }, where });
  const row = await finders[asked.type](context.db, query);
  if (row === undefined) return null;
  // Pothos types this argument for a builder of unknown types only; the finders' names are those of the types.
  brandWithType(row, asked.type as never);
  return row;
}

function hasFinder(type: string): type is NodeType {
  return Object.hasOwn(finders, type);
}
