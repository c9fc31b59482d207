/** Task runs: one task inside one run, its attempts and its output. */
import { inArray, lt, type SQL, sql } from "drizzle-orm";
import type { GraphQLResolveInfo } from "graphql";
import { InvalidInputError } from "../errors.ts";
import { say } from "../sentences.ts";
import { type TaskRunState, taskRunStates } from "../states.ts";
import { attempts } from "../tables/attempt.ts";
import { type TaskRun as TaskRunRow, taskRuns } from "../tables/run.ts";
import { linePageCost, pageArguments, rowPageCost, searchText } from "./arguments.ts";
import { Agent } from "./agent.ts";
import { isOnline } from "../../server/domain/agents/eligible.ts";
import { builder } from "./builder.ts";
import { sentenceFields } from "./sentence_fields.ts";
import { connectionType } from "./connections.ts";
import { given, ofProject, withIds } from "../../server/db/conditions.ts";
import type { Context } from "./context.ts";
import { TaskRunStateEnum } from "./enums.ts";
import { decodeId, decodeOptionalId } from "../ids.ts";
import { linePage, LogLine, LogLineConnection } from "./log.ts";
import { NodeInterface } from "./node.ts";
import {
  LINE_PAGE,
  newestFirst,
  type Page,
  type PageArguments,
  pageOf,
  readWindow,
  ROW_PAGE,
  windowQuery,
} from "./pages.ts";
import { planQuery } from "./plan.ts";
import { PositionType } from "./position.ts";

const reason = sentenceFields("reason", true);

export const TaskRun = builder.drizzleObject("taskRuns", {
  name: "TaskRun",
  description: "One task inside one run.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    run: t.relation("run", { description: "What it belongs to." }),
    task: t.relation("task", {
      nullable: true,
      description: "The task as it is now. Null once it is deleted.",
    }),
    name: t.exposeString("name", { description: "The task's name when the run was made." }),
    command: t.string({
      description: "The command of the version that the run runs, whatever became of the task.",
      select: { columns: { taskIndex: true }, with: { run: { columns: { versionId: true } } } },
      resolve: ({ run, taskIndex }, _args, { app }) => commandOf(app, run.versionId, taskIndex),
    }),
    position: t.field({
      type: PositionType,
      description: "Where the task was drawn when the run was made.",
      select: { columns: { x: true, y: true } },
      resolve: ({ x, y }) => ({ x, y }),
    }),
    state: t.field({
      type: TaskRunStateEnum,
      description: "Where it is.",
      select: { columns: { state: true, startedAt: true } },
      resolve: shownState,
    }),
    reason: t.string({
      ...reason.text,
      description: "Why it is in this state, for people; null when there is nothing to say.",
    }),
    reasonKey: t.string(reason.key),
    reasonValues: t.field(reason.values),
    attempt: t.exposeInt("attempt", { description: "Attempts so far; 1 when it ran once." }),
    attempts: t.relation("attempts", {
      description: "All attempts, the first first; at most 101.",
      query: { orderBy: { number: "asc" }, where: { RAW: isNotReserved } },
    }),
    exitCode: t.exposeInt("exitCode", {
      nullable: true,
      description: "Of the last attempt, as are the next four. Null when there is none.",
    }),
    signal: t.exposeString("signal", {
      nullable: true,
      description:
        "Signal that ended the process, e.g. SIGKILL; an exit code of 128+n from the shell is read as signal n. Null when none did.",
    }),
    readyAt: t.expose("readyAt", {
      type: "DateTime",
      nullable: true,
      description:
        "When it last became READY, which for a retry is when the attempt before it ended; null when it never was.",
    }),
    startedAt: t.expose("startedAt", {
      type: "DateTime",
      nullable: true,
      description: "When the process was started; null when there is none yet, or never was.",
    }),
    finishedAt: t.expose("finishedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it reached its final state; null before.",
    }),
    agent: t.field({
      type: Agent,
      nullable: true,
      description: "Where it runs or ran; null when it never started.",
      select: (_args, _context, nested) => ({ columns: { state: true }, with: { agent: nested() } }),
      // One that is PENDING is at most reserved for an agent.
      resolve: ({ state, agent }) => state === "PENDING" ? null : agent,
    }),
    agentOfflineSince: t.field({
      type: "DateTime",
      nullable: true,
      description:
        "Since when the agent of this task run has been silent. Null if the agent is online or the task run is not RUNNING.",
      select: { columns: {}, extras: { agentOfflineSince: offlineSince } },
      resolve: ({ agentOfflineSince }) => agentOfflineSince,
    }),
    reusedFrom: t.relation("reusedFromTaskRun", {
      nullable: true,
      description: "When retryRun kept the earlier run's success: that one. Null otherwise.",
    }),
    outputs: t.expose("outputs", {
      type: "JSON",
      nullable: true,
      description:
        "What the task wrote to the file that ORRERY_OUTPUT names, as an object of strings; tasks that wait for it find it in the file that ORRERY_INPUTS names. Null when it wrote nothing, or has not succeeded.",
    }),
    redactedCount: t.exposeInt("redactedCount", {
      description: "The number of times that a secret value was replaced by *** in the output.",
    }),
    log: t.field({
      type: LogLineConnection,
      description: "Lines of all attempts, oldest first; resume with after.",
      complexity: linePageCost,
      args: {
        ...pageArguments(t.arg, LINE_PAGE),
        attempt: t.arg.int({ description: "Only the lines of this attempt, from 1; null = of all." }),
      },
      resolve: ({ id }, { attempt, ...page }, { app, visible, readLines }) =>
        linePage(
          page,
          (request) => readLines(() => app.logs.ofTaskRun(visible, id, attempt ?? null, request)),
        ),
    }),
    lineCursor: t.string({
      description:
        "Cursor of a line's place in log, whether that line is stored or not: log(after:) goes on behind it, log(before:) ends in front of it. An attempt below 1 or a seq below 0 is INVALID_INPUT.",
      args: {
        attempt: t.arg.int({ required: true, description: "Number of the attempt, from 1." }),
        seq: t.arg.int({
          required: true,
          description: "Position of the line in its attempt, from 1; 0 stands before the first.",
        }),
      },
      resolve: (_taskRun, place, { app }) => app.logs.cursorOf(place),
    }),
  }),
});

/** Reserved attempts belong to a task run that is PENDING: they leave no trace unless they are started. */
function isNotReserved(table: typeof attempts): SQL {
  return sql`(${table.state} <> 'STARTING' or exists (
    select from task_runs t where t.id = ${table.taskRunId} and t.state <> 'PENDING'))`;
}

function offlineSince(table: typeof taskRuns): SQL<Date | null> {
  return sql`(select g.last_seen_at from agents g where g.id = ${table.agentId} and ${table.state} = 'RUNNING'
    and not ${isOnline(sql`g.last_seen_at`)})`.mapWith(taskRuns.startedAt);
}

builder.objectField(
  LogLine,
  "taskRun",
  (t) => t.field({ type: TaskRun, description: "Whose output it is.", resolve: (line) => line.taskRun }),
);

const TaskRunConnection = connectionType(
  TaskRun,
  "TaskRun",
  "Task runs by (createdAt, id), newest first.",
);

const TaskRunFilterInput = builder.inputType("TaskRunFilter", {
  description: "Which task runs; everything that is given must hold. Null or left out: does not restrict.",
  fields: (t) => ({
    project: t.string({ description: "Slug of the project." }),
    containerId: t.id({ description: "Task runs of this container's runs." }),
    runId: t.id({ description: "Task runs of this run." }),
    ids: t.idList({
      description:
        `These task runs, at most ${ROW_PAGE.most}; an id that is unknown or of another type matches none. More are INVALID_INPUT.`,
    }),
    states: t.field({
      type: [TaskRunStateEnum],
      description: "Task runs in one of these states; an empty list matches none.",
    }),
    readyBefore: t.field({
      type: "DateTime",
      description:
        "Task runs that last became READY before this instant: with the state READY, those that have waited since.",
    }),
  }),
});

builder.queryField("taskRuns", (t) =>
  t.field({
    type: TaskRunConnection,
    description: "What runs or waits now, and what did: newest first.",
    complexity: rowPageCost,
    args: {
      ...pageArguments(t.arg),
      filter: t.arg({ type: TaskRunFilterInput, description: "Which task runs; null = all." }),
    },
    resolve: (_root, args, context, info) => readTaskRuns(args, context, info),
  }));

type TaskRunFilter = typeof TaskRunFilterInput.$inferInput;

async function readTaskRuns(
  { filter, ...args }: PageArguments & { readonly filter?: TaskRunFilter | null | undefined },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Page<{ readonly id: number }>> {
  const order = newestFirst<typeof taskRuns>();
  const window = readWindow(args, order);
  const conditions = taskRunConditions(filter ?? {});
  const query = planQuery(context, info, "TaskRun", {
    columns: { id: true, createdAt: true },
    ...windowQuery(order, window, conditions),
  }, ["edges", "node"]);
  return pageOf(
    order,
    window,
    await context.db.query.taskRuns.findMany(query),
    conditions,
    async (beyond) =>
      await context.db.query.taskRuns.findFirst({ columns: { id: true }, ...beyond }) !== undefined,
  );
}

function taskRunConditions(filter: TaskRunFilter): (table: typeof taskRuns) => SQL[] {
  const project = searchText(filter.project, ["filter", "project"]);
  const containerId = decodeOptionalId("Container", filter.containerId);
  const runId = decodeOptionalId("Run", filter.runId);
  const ids = filter.ids?.map((id) => decodeId("TaskRun", id));
  if (ids !== undefined && ids.length > ROW_PAGE.most) {
    throw new InvalidInputError(
      say("TASK_RUN_IDS", { count: ids.length, most: ROW_PAGE.most }),
      ["filter", "ids"],
    );
  }
  return (table) => [
    ...given(project, (slug) => ofProject(table.projectId, slug)),
    ...given(containerId, (id) => sql`${table.containerId} = ${id}`),
    ...given(runId, (id) => sql`${table.runId} = ${id}`),
    ...given(ids, (wanted) => withIds(wanted).RAW(table)),
    ...given(filter.states, (states) => inStates(table, states)),
    ...given(filter.readyBefore, (instant) => lt(table.readyAt, instant)),
  ];
}

/** In an agent's hand, its turn not come: RUNNING for the scheduler, READY for people. */
function shownState({ state, startedAt }: Pick<TaskRunRow, "state" | "startedAt">): TaskRunState {
  return state === "RUNNING" && startedAt === null ? "READY" : state;
}

function inStates(table: typeof taskRuns, states: readonly TaskRunState[]): SQL {
  const wanted = taskRunStates.filter((known) => states.includes(known));
  const stored = taskRunStates.filter((known) =>
    wanted.includes(known) || (known === "RUNNING" && wanted.includes("READY"))
  );
  // In an agent's hand and not started: READY for people; see shownState.
  const held = sql`(${table.state} = 'RUNNING' and ${table.startedAt} is null)`;
  // The stored state is what the indexes know.
  return sql`(${inArray(table.state, stored)} and case when ${held} then ${
    wanted.includes("READY")
  }::boolean else ${inArray(table.state, wanted)} end)`;
}

async function commandOf(app: Context["app"], versionId: number, taskIndex: number): Promise<string> {
  const task = (await app.definitions.get(versionId)).tasks[taskIndex];
  if (task === undefined) throw new Error(`Version ${versionId} has no task at ${taskIndex}`);
  return task.command;
}
