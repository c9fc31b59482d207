/** Agents: what starts processes. */
import { type SQL, sql } from "drizzle-orm";
import type { GraphQLResolveInfo } from "graphql";
import type { AgentHealth } from "../states.ts";
import { agents } from "../tables/agent.ts";
import { taskRuns } from "../tables/run.ts";
import { pageArguments, rowPageCost, searchText, stillThere, viewerOf } from "./arguments.ts";
import { countedConnectionType } from "./connections.ts";
import type { Context } from "./context.ts";
import { all, given } from "../../server/db/conditions.ts";
import { textArray } from "../../server/db/parameters.ts";
import { builder } from "./builder.ts";
import { AgentHealthEnum } from "./enums.ts";
import type { Visible } from "../../server/domain/accounts/interface.ts";
import { isOnline, LEASE_SECONDS } from "../../server/domain/agents/eligible.ts";
import { inProjects } from "../../server/domain/accounts/visible.ts";
import { NodeInterface } from "./node.ts";
import {
  byName,
  type CountedPage,
  nameKey,
  type PageArguments,
  pageOf,
  readWindow,
  windowQuery,
} from "./pages.ts";
import { resultUnion } from "./errors.ts";
import { decodeId } from "../ids.ts";
import { planQuery } from "./plan.ts";

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
      description: `True if the agent was heard from within its lease, which is ${LEASE_SECONDS} seconds.`,
      select: { columns: {}, extras: { online: (table) => isOnline(table.lastSeenAt) } },
      resolve: ({ online }) => online,
    }),
    lastSeenAt: t.expose("lastSeenAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was last heard of; null = never.",
    }),
    health: t.field({
      type: AgentHealthEnum,
      description: "Whether the agent is reachable.",
      select: { columns: {}, extras: { health: (table) => healthOf(table) } },
      resolve: ({ health }) => health,
    }),
    weight: t.exposeInt("weight", {
      description:
        "The share of work relative to other matching agents, between 0 and 1,000. An agent with twice the weight receives twice the load. With 0 it receives only work that no other agent may run. Defaults to 100.",
    }),
    cordoned: t.exposeBoolean("cordoned", {
      description:
        "True if the agent accepts no new work except work that only it may run. A cordoned agent with no running tasks is drained.",
    }),
    enrolledAt: t.expose("createdAt", { type: "DateTime", description: "When the agent was enrolled." }),
    platform: t.string({
      nullable: true,
      description: 'The operating system and architecture, such as "linux x86_64". Null if not reported.',
      select: { columns: { labels: true } },
      resolve: ({ labels }) => {
        const parts = ["os:", "arch:"].map((prefix) => labelled(labels, prefix));
        return parts.includes(null) ? null : parts.join(" ");
      },
    }),
    region: t.string({
      nullable: true,
      description:
        "The value of the label `region:NAME`, without the prefix. Null if the agent has no such label.",
      select: { columns: { labels: true } },
      resolve: ({ labels }) => labelled(labels, "region:"),
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

const AgentConnection = countedConnectionType(Agent, "Agent", "A page of agents, ordered by name.");

const AgentFilterInput = builder.inputType("AgentFilter", {
  description:
    "Criteria for selecting agents. All given criteria must match. A null or omitted criterion does not restrict the result.",
  fields: (t) => ({
    cordoned: t.boolean({
      description: "True returns only cordoned agents; false returns only agents that are not cordoned.",
    }),
    health: t.field({
      type: [AgentHealthEnum],
      description: "Agents with one of these health values. An empty list matches no agent.",
    }),
    labels: t.stringList({ description: "Agents that have all of these labels." }),
    nameContains: t.string({ description: "A substring of the name, case-insensitive." }),
    project: t.string({ description: "Agents that work for the project with this slug." }),
  }),
});

builder.queryField("fleet", (t) =>
  t.field({
    type: AgentConnection,
    description:
      "Agents ordered by name, in all projects that the viewer can see unless the filter names one. Use this instead of `agents` when there can be many agents.",
    complexity: rowPageCost,
    args: {
      ...pageArguments(t.arg),
      filter: t.arg({
        type: AgentFilterInput,
        description: "Criteria for selecting agents. Null returns all.",
      }),
    },
    resolve: (_root, args, context, info) => readFleet(args, context, info),
  }));

async function readFleet(
  { filter, ...args }: PageArguments & { readonly filter?: AgentFilter | null | undefined },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CountedPage<{ readonly id: number }>> {
  const order = byName<typeof agents>();
  const window = readWindow(args, order);
  const conditions = agentConditions(filter ?? {}, context.visible);
  const query = planQuery(context, info, "Agent", {
    columns: { id: true, name: true },
    ...windowQuery(order, window, conditions),
  }, ["edges", "node"]);
  const page = pageOf(
    order,
    window,
    await context.db.query.agents.findMany(query),
    conditions,
    async (beyond) =>
      await context.db.query.agents.findFirst({ columns: { id: true }, ...beyond }) !== undefined,
  );
  return { ...page, totalCount: async () => await context.db.$count(agents, all(conditions(agents))) };
}

type AgentFilter = typeof AgentFilterInput.$inferInput;

function agentConditions(filter: AgentFilter, visible: Visible): (table: typeof agents) => SQL[] {
  const nameContains = searchText(filter.nameContains, ["filter", "nameContains"]);
  for (const label of filter.labels ?? []) searchText(label, ["filter", "labels"]);
  const works = worksForProject(visible, searchText(filter.project, ["filter", "project"]));
  return (table) => [
    works(table),
    ...given(nameContains, (part) => sql`strpos(lower(${table.name}), lower(${part})) > 0`),
    ...given(filter.cordoned, (wanted) => sql`${table.cordoned} = ${wanted}`),
    ...given(filter.labels, (labels) => sql`${table.labels} @> ${textArray(labels)}`),
    ...given(filter.health, (wanted) => sql`${healthOf(table)} = any(${textArray(wanted)})`),
  ];
}

function healthOf({ lastSeenAt }: typeof agents): SQL<AgentHealth> {
  return sql<AgentHealth>`(case when ${lastSeenAt} is null then 'NEVER_SEEN'
    when ${isOnline(lastSeenAt)} then 'ONLINE' else 'OFFLINE' end)`;
}

function labelled(labels: readonly string[], prefix: string): string | null {
  return labels.find((label) => label.startsWith(prefix))?.slice(prefix.length) ?? null;
}

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
      const works = worksForProject(context.visible, searchText(project, ["project"]));
      return context.db.query.agents.findMany(planQuery(context, info, "Agent", {
        columns: { id: true },
        where: { RAW: works },
        orderBy: (table: typeof agents) => [nameKey(table.name), sql`${table.id}`],
        limit: MAX_AGENTS,
      }));
    },
  }));

function livingCount(table: typeof agents): SQL<number> {
  return sql<
    number
  >`(select count(*)::int from ${taskRuns} where ${taskRuns.agentId} = ${table.id} and ${taskRuns.state} = 'RUNNING' and ${taskRuns.startedAt} is not null)`;
}

/** None when there is no such project among the visible ones. */
function worksForProject(visible: Visible, slug: string | null | undefined): (table: typeof agents) => SQL {
  if (slug === null || slug === undefined) return () => sql`true`;
  return ({ projectIds }) =>
    sql`exists (select 1 from projects where projects.slug = ${slug} and ${
      inProjects(visible, sql`projects.id`)
    } and (${projectIds} is null or projects.id = any(${projectIds})))`;
}

const AgentResult = resultUnion(
  "AgentResult",
  Agent,
  ["ConflictError", "ForbiddenError", "InvalidInputError", "NotFoundError"],
  "The updated agent, or the error that prevented the change.",
);

const UpdateAgentInput = builder.inputType("UpdateAgentInput", {
  description:
    "Changes to an agent. Omitted fields keep their value. Null for a non-nullable field returns INVALID_INPUT.",
  fields: (t) => ({
    id: t.id({ required: true, description: "The ID of the agent." }),
    name: t.string({ description: "The new name: 1 to 200 characters, unique among all agents." }),
    labels: t.stringList({
      description:
        "The complete list of labels, at most 50. A label consists of letters, digits and the characters . : _ - /. Labels with the prefixes `agent:`, `os:` and `arch:` are set by the server and cannot be given.",
    }),
    weight: t.int({
      description: "The share of work relative to other matching agents, between 0 and 1,000.",
    }),
    cordoned: t.boolean({
      description: "True stops the agent from accepting new work except work that only it may run.",
    }),
    projects: t.stringList({
      description:
        "The slugs of all projects that the agent works for, at least one. Requires the role ADMIN in every added project and in one project that the agent works for now.",
    }),
  }),
});

builder.mutationField("updateAgent", (t) =>
  t.field({
    type: AgentResult.type,
    description:
      "Changes an agent. Work that it claimed and has not started yet returns to the queue if the agent may no longer have it.",
    args: {
      input: t.arg({ type: UpdateAgentInput, required: true, description: "Parameters for updateAgent." }),
    },
    resolve: (_root, { input }, context, info) =>
      AgentResult.answer(["input"], async () => {
        const id = await context.app.agents.update(viewerOf(context), {
          ...input,
          id: decodeId("Agent", input.id),
        });
        return stillThere(
          await context.db.query.agents.findFirst(planQuery(context, info, "Agent", {
            columns: { id: true },
            where: { id },
          })),
          "agent",
        );
      }),
  }));
