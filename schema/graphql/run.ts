/** Runs: what they are and how they are listed. */
import { type SQL, sql } from "drizzle-orm";
import type { GraphQLResolveInfo } from "graphql";
import type { RelationCondition } from "../states.ts";
import { runs } from "../tables/run.ts";
import { pageArguments, rowPageCost } from "./arguments.ts";
import { builder } from "./builder.ts";
import { sentenceFields } from "./sentence_fields.ts";
import { countedConnectionType } from "./connections.ts";
import { type RunConditions, runConditions } from "../../server/domain/runs/run_conditions.ts";
import type { Context } from "./context.ts";
import { RelationConditionEnum, RunCauseEnum, RunStateEnum } from "./enums.ts";
import { decodeId } from "../ids.ts";
import { NodeInterface } from "./node.ts";
import {
  type CountedPage,
  newestFirst,
  type PageArguments,
  pageOf,
  readWindow,
  windowQuery,
} from "./pages.ts";
import { planQuery } from "./plan.ts";
import { inProjectWindows } from "./project_windows.ts";
import type { Visible } from "../../server/domain/accounts/interface.ts";
import { countRuns, placeRunFilter, readRunFilter, RunFilterInput } from "./run_filter.ts";
import { selects } from "./selection.ts";
import { TaskRun } from "./task_run.ts";

/** As many as a container can have tasks. */
const MAX_TASK_RUNS = 10_000;
/** A statement for each run that it is asked of. */
const LAST_GOOD_COST = 25;
const allTaskRuns = { orderBy: { taskIndex: "asc" }, limit: MAX_TASK_RUNS } as const;

interface RunRelationRow {
  readonly upstream: { readonly id: number };
  readonly downstream: { readonly id: number };
  readonly condition: RelationCondition;
}

const RunRelation = builder.objectRef<RunRelationRow>("RunRelation").implement({
  description: "A relation as it was for one run.",
  fields: (t) => ({
    upstream: t.field({
      type: TaskRun,
      description: "Ended first.",
      resolve: (relation) => relation.upstream,
    }),
    downstream: t.field({
      type: TaskRun,
      description: "Waited for it.",
      resolve: (relation) => relation.downstream,
    }),
    condition: t.expose("condition", {
      type: RelationConditionEnum,
      description: "How the upstream one had to end.",
    }),
  }),
});

const reason = sentenceFields("reason", true);

export const Run = builder.drizzleObject("runs", {
  name: "Run",
  description: "One execution of a container.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    project: t.relation("project", { description: "Where it belongs." }),
    container: t.relation("container", {
      nullable: true,
      description: "Null once it is deleted; its name at the time of the run stays.",
    }),
    containerName: t.exposeString("containerName", {
      description: "The container's name when the run was made.",
    }),
    containerVersion: t.exposeInt("containerVersion", {
      description: "Which version of the container it runs.",
    }),
    state: t.expose("state", { type: RunStateEnum, description: "Where it is." }),
    cause: t.expose("cause", { type: RunCauseEnum, description: "Why it was made." }),
    single: t.exposeBoolean("single", {
      description:
        "True when only one task was run by itself (runTask); such a run is not its container's lastRun.",
    }),
    number: t.exposeInt("number", { description: "Counts the runs of its container from 1." }),
    parameters: t.field({
      type: "JSON",
      description: "What it was given, by parameter name; secret values are null.",
      select: { columns: { environment: true } },
      resolve: ({ environment }, _args, { app }) => app.runs.parametersOf(environment),
    }),
    startAt: t.expose("startAt", {
      type: "DateTime",
      nullable: true,
      description: "When it may start; null = at once.",
    }),
    scheduledFor: t.expose("scheduledFor", {
      type: "DateTime",
      nullable: true,
      description: "The instant the schedule named; null unless SCHEDULE or CATCH_UP.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was asked for." }),
    startedAt: t.expose("startedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it became RUNNING; null while it is QUEUED, and for one that never ran.",
    }),
    finishedAt: t.expose("finishedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it reached its final state; null before.",
    }),
    reason: t.string({
      ...reason.text,
      description:
        "Why it is not simply SUCCEEDED, for people: which task failed, who cancelled. Null when there is nothing to say.",
    }),
    reasonKey: t.string(reason.key),
    reasonValues: t.field(reason.values),
    startedBy: t.relation("startedByUser", {
      nullable: true,
      description: "Who started it, null for the scheduler.",
    }),
    retryOf: t.relation("retryOfRun", {
      nullable: true,
      description: "The run that this one repeats; null unless its cause is RETRY.",
    }),
    taskRuns: t.relation("taskRuns", {
      description: "One for each task of the version, in the order of the tasks.",
      query: allTaskRuns,
    }),
    relations: t.field({
      type: [RunRelation],
      description: "The graph as it was for this run, whatever became of the container.",
      select: {
        columns: { versionId: true },
        with: { taskRuns: { columns: { id: true, taskIndex: true }, ...allTaskRuns } },
      },
      resolve: (run, _args, { app }) => readRelations(app, run.versionId, run.taskRuns),
    }),
  }),
});

builder.drizzleObjectField(Run, "lastGood", (t) =>
  t.field({
    type: Run,
    nullable: true,
    description:
      "The newest whole run of the same container that was asked for before this one and is SUCCEEDED, to compare with; null when there is none.",
    complexity: LAST_GOOD_COST,
    select: { columns: { id: true, containerId: true, createdAt: true } },
    resolve: (run, _args, context, info) => findLastGood(run, context, info),
  }));

export const RunConnection = countedConnectionType(
  Run,
  "Run",
  "Runs by (createdAt, id), newest first. totalCount is exact up to 10,000 and capped there, so that no page ever counts a whole history.",
);

builder.queryFields((t) => ({
  run: t.field({
    type: Run,
    nullable: true,
    description: "A run by its id; null when there is none.",
    args: { id: t.arg.id({ required: true, description: "Id of the run." }) },
    resolve: (_root, { id }, context, info) => findRun(decodeId("Run", id), context, info),
  }),
  runs: t.field({
    type: RunConnection,
    description: "Newest first.",
    complexity: rowPageCost,
    args: {
      ...pageArguments(t.arg),
      filter: t.arg({ type: RunFilterInput, description: "Which runs; null = all." }),
    },
    resolve: (_root, args, context, info) => readRuns(args, context, info),
  }),
}));

/** The run with all that is selected beneath the field, which may be a union; null when there is none. */
export async function findRun(
  id: number,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<{ readonly id: number } | null> {
  const query = planQuery(context, info, "Run", { columns: { id: true }, where: { id } });
  return await context.db.query.runs.findFirst(query) ?? null;
}

async function findLastGood(
  run: { readonly id: number; readonly containerId: number; readonly createdAt: Date },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<{ readonly id: number } | null> {
  const query = planQuery(context, info, "Run", {
    columns: { id: true },
    where: {
      containerId: run.containerId,
      state: "SUCCEEDED",
      single: false,
      RAW: (table: typeof runs) =>
        sql`(${table.createdAt}, ${table.id}) < (${run.createdAt.toISOString()}::timestamptz, ${run.id}::bigint)`,
    },
    orderBy: { createdAt: "desc", id: "desc" },
  });
  return await context.db.query.runs.findFirst(query) ?? null;
}

type RunPageArguments = PageArguments & {
  readonly filter?: typeof RunFilterInput.$inferInput | null | undefined;
};
type RunPage = CountedPage<{ readonly id: number }>;

/** What a container selects of its runs for a page; `runsOfContainer` makes the page of it. */
export function runsWindow(
  args: RunPageArguments,
  filter: RunConditions = readRunFilter(args.filter),
  visible: Visible = "all",
): {
  readonly columns: { readonly id: true; readonly createdAt: true };
} & ReturnType<typeof windowQuery<typeof runs, { createdAt: Date; id: number }>> {
  const order = newestFirst<typeof runs>();
  const window = readWindow(args, order);
  const wanted = (table: typeof runs): readonly SQL[] => runConditions(table, filter);
  const near = inProjectWindows(visible, window, wanted);
  return {
    columns: { id: true, createdAt: true },
    ...windowQuery(order, window, (table) => [...wanted(table), ...near(table)]),
  };
}

export function runsOfContainer(
  containerId: number,
  rows: readonly { readonly id: number; readonly createdAt: Date }[],
  args: RunPageArguments,
  context: Context,
): RunPage {
  const asked = readRunFilter(args.filter);
  const own = asked.containerId ?? containerId;
  // A filter for another container leaves nothing of this one's runs.
  return runPage(rows, args, { ...asked, containerId: own === containerId ? containerId : 0 }, context);
}

async function readRuns(
  args: RunPageArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<RunPage> {
  const filter = await placeRunFilter(context.db, readRunFilter(args.filter));
  const query = planQuery(context, info, "Run", runsWindow(args, filter, context.visible), ["edges", "node"]);
  // Both at once: neither needs the other.
  const [rows, count] = await Promise.all([
    context.db.query.runs.findMany(query),
    selects(info, "totalCount") ? countRuns(context, filter) : null,
  ]);
  const page = runPage(rows, args, filter, context);
  return count === null ? page : { ...page, totalCount: () => count };
}

function runPage(
  rows: readonly { readonly id: number; readonly createdAt: Date }[],
  args: PageArguments,
  filter: RunConditions,
  context: Context,
): RunPage {
  const order = newestFirst<typeof runs>();
  const page = pageOf(
    order,
    readWindow(args, order),
    rows,
    (table) => runConditions(table, filter),
    async (beyond) =>
      await context.db.query.runs.findFirst({ columns: { id: true }, ...beyond }) !== undefined,
  );
  return { ...page, totalCount: () => countRuns(context, filter) };
}

async function readRelations(
  app: Context["app"],
  versionId: number,
  taskRuns: readonly { readonly id: number; readonly taskIndex: number }[],
): Promise<readonly RunRelationRow[]> {
  const { relations } = await app.definitions.get(versionId);
  const byIndex = new Map(taskRuns.map((taskRun) => [taskRun.taskIndex, taskRun]));
  return relations.flatMap(({ upstream, downstream, condition }) => {
    const [from, to] = [byIndex.get(upstream), byIndex.get(downstream)];
    // A run of one task by itself has none of the relations.
    return from === undefined || to === undefined ? [] : [{ upstream: from, downstream: to, condition }];
  });
}
