/** Agents: what starts processes. */
import { type SQL, sql } from "drizzle-orm";
import { agents } from "../tables/agent.ts";
import { taskRuns } from "../tables/run.ts";
import { searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import type { Visible } from "../../server/domain/accounts/interface.ts";
import { inProjects } from "../../server/domain/accounts/visible.ts";
import { NodeInterface } from "./node.ts";
import { nameKey } from "./pages.ts";
import { planQuery } from "./plan.ts";

/** An agent reports every ten seconds at least; one that was silent for this long is taken to be away. */
const ONLINE_SECONDS = 30;
const MAX_AGENTS = 1000;

export const Agent = builder.drizzleObject("agents", {
  name: "Agent",
  description: "What starts processes: the one inside the server, or one on another machine.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    name: t.exposeString("name", { description: "For people; may change while the agent stays the same." }),
    address: t.exposeString("address", {
      nullable: true,
      description: "Where it last called from; null for an agent inside a server.",
    }),
    local: t.boolean({
      description:
        "True for the agent inside the server that answers; each server on a database has its own.",
      resolve: ({ id }, _args, { app }) => id === app.figures.ownAgentId(),
    }),
    version: t.string({
      description: 'Of its program; "unknown" when it did not tell.',
      select: { columns: { version: true } },
      resolve: ({ version }) => version ?? "unknown",
    }),
    labels: t.exposeStringList("labels", { description: "What it is fit for." }),
    online: t.boolean({
      description: `True when it was heard of within the last ${ONLINE_SECONDS} seconds.`,
      select: { columns: {}, extras: { online: (table) => heardOf(table) } },
      resolve: ({ online }) => online,
    }),
    lastSeenAt: t.expose("lastSeenAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was last heard of; null = never.",
    }),
    running: t.int({
      description: "How many task runs are RUNNING on it now.",
      select: { columns: {}, extras: { running: (table) => livingCount(table) } },
      resolve: ({ running }) => running,
    }),
    capacity: t.exposeInt("capacity", {
      description: "How many processes it runs at once; 0 = it takes no work.",
    }),
  }),
});

builder.queryField("agents", (t) =>
  t.field({
    type: [Agent],
    description:
      `The agents that work for a project, by name, at most ${MAX_AGENTS}; none when there is no such project.`,
    args: {
      project: t.arg.string({
        defaultValue: "default",
        description: "Slug of the project; null = of all projects.",
      }),
    },
    resolve: (_root, { project }, context, info) => {
      const known = knownProject(context.visible, searchText(project, ["project"]));
      return context.db.query.agents.findMany(planQuery(context, info, "Agent", {
        columns: { id: true },
        where: { RAW: known },
        orderBy: (table: typeof agents) => [nameKey(table.name), sql`${table.id}`],
        limit: MAX_AGENTS,
      }));
    },
  }));

export function heardOf(table: typeof agents): SQL<boolean> {
  return sql<
    boolean
  >`coalesce(${table.lastSeenAt} > clock_timestamp() - make_interval(secs => ${ONLINE_SECONDS}), false)`;
}

function livingCount(table: typeof agents): SQL<number> {
  return sql<
    number
  >`(select count(*)::int from ${taskRuns} where ${taskRuns.agentId} = ${table.id} and ${taskRuns.state} = 'RUNNING' and ${taskRuns.startedAt} is not null)`;
}

/** Every agent works for every project, so the question is only whether there is one that is visible. */
function knownProject(visible: Visible, slug: string | null | undefined): SQL {
  return slug === null || slug === undefined
    ? sql`true`
    : sql`exists (select 1 from projects where projects.slug = ${slug} and ${
      inProjects(visible, sql`projects.id`)
    })`;
}
