/** The audit log. */
import type { GraphQLResolveInfo } from "graphql";
import { sql } from "drizzle-orm";
import { auditConditions } from "../../server/domain/audit/log.ts";
import { inProjects } from "../../server/domain/accounts/visible.ts";
import { decodeOptionalId } from "../ids.ts";
import { auditEntries } from "../tables/audit_entry.ts";
import { pageArguments, rowPageCost, searchText, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { connectionType } from "./connections.ts";
import type { Context } from "./context.ts";
import { AuditSourceEnum } from "./enums.ts";
import { NodeInterface } from "./node.ts";
import {
  byInstant,
  type Order,
  type Page,
  type PageArguments,
  pageOf,
  readWindow,
  windowQuery,
} from "./pages.ts";
import { planQuery } from "./plan.ts";

const AuditEntry = builder.drizzleObject("auditEntries", {
  name: "AuditEntry",
  description:
    "A record of an action or attempted action. It is written in the same transaction as the action and never changed. It contains no secret values, passwords or tokens.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    action: t.exposeString("action", {
      description:
        'A stable identifier of the action, such as "container.save", "run.cancel", "member.set" or "signIn.failed".',
    }),
    actor: t.relation("actor", {
      nullable: true,
      description:
        "The user who performed the action. Null for agents, for the server and for deleted users.",
    }),
    actorName: t.exposeString("actorName", {
      description: "The name of the actor at the time of the action.",
    }),
    address: t.exposeString("address", {
      nullable: true,
      description: "The network address of the client. Null for the server itself.",
    }),
    at: t.expose("at", { type: "DateTime", description: "When the action was performed." }),
    changes: t.expose("changes", {
      type: "JSON",
      nullable: true,
      description:
        "The changed fields, as an object of fields with `before` and `after`. Null if there is nothing to compare.",
    }),
    project: t.relation("project", {
      nullable: true,
      description: "The project of the action. Null if it belongs to no project.",
    }),
    source: t.expose("source", {
      type: AuditSourceEnum,
      description: "The kind of client that performed the action.",
    }),
    subject: t.exposeString("subject", {
      description:
        'The affected object, with its name at the time of the action, such as `container "nightly"`.',
    }),
    subjectId: t.exposeID("subjectId", {
      nullable: true,
      description: "The ID of the affected object, even if it no longer exists. Null if it has no ID.",
    }),
  }),
});

const AuditFilterInput = builder.inputType("AuditFilter", {
  description:
    "Criteria for selecting audit entries. All given criteria must match. A null or omitted criterion does not restrict the result.",
  fields: (t) => ({
    action: t.string({ description: 'Entries whose action starts with this prefix, such as "container.".' }),
    actorId: t.id({ description: "Actions of this user." }),
    from: t.field({ type: "DateTime", description: "Entries at or after this time." }),
    project: t.string({
      description: "Actions in the project with this slug and in the projects below it.",
    }),
    subjectId: t.id({ description: "Actions on the object with this ID." }),
    to: t.field({ type: "DateTime", description: "Entries before this time." }),
  }),
});

const AuditConnection = connectionType(AuditEntry, "Audit", "A page of audit entries, newest first.");

builder.queryField("audit", (t) =>
  t.field({
    type: AuditConnection,
    description:
      "The audit log, newest first. Contains entries of the projects in which the viewer has the role ADMIN; administrators see all entries.",
    complexity: rowPageCost,
    args: {
      ...pageArguments(t.arg),
      filter: t.arg({
        type: AuditFilterInput,
        description: "Criteria for selecting entries. Null returns all.",
      }),
    },
    resolve: (_root, { filter, ...args }, context, info) => readAudit(filter ?? {}, args, context, info),
  }));

type Row = { readonly id: number; readonly at: Date };
type Filter = typeof AuditFilterInput.$inferInput;

async function readAudit(
  filter: Filter,
  args: PageArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Page<{ readonly id: number }>> {
  const order: Order<typeof auditEntries, Row> = byInstant({
    descending: true,
    keyOf: (row) => [row.at.getTime(), row.id],
    instant: (table) => sql`${table.at}`,
  });
  const readable = context.app.audit.readable(viewerOf(context));
  const criteria = readFilter(filter);
  const conditions = (table: typeof auditEntries) => [
    inProjects(readable, table.projectId),
    ...auditConditions(table, criteria),
  ];
  const window = readWindow(args, order);
  const query = planQuery(context, info, "AuditEntry", {
    columns: { id: true, at: true },
    ...windowQuery(order, window, conditions),
  }, ["edges", "node"]);
  const entries = context.db.query.auditEntries;
  return pageOf(
    order,
    window,
    await entries.findMany(query),
    conditions,
    async (beyond) => await entries.findFirst({ columns: { id: true }, ...beyond }) !== undefined,
  );
}

function readFilter(
  { action, actorId, project, subjectId, from, to }: Filter,
): Parameters<typeof auditConditions>[1] {
  return {
    from,
    to,
    action: searchText(action, ["filter", "action"]),
    project: searchText(project, ["filter", "project"]),
    subjectId: searchText(subjectId, ["filter", "subjectId"]),
    actorId: decodeOptionalId("User", actorId),
  };
}
