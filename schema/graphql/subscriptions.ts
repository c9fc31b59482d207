/** What can be watched. Events say what changed; the rows of a whole batch are read at once when it is sent. */
import type { GraphQLResolveInfo } from "graphql";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import type { ContainerChanged } from "../events.ts";
import { say } from "../sentences.ts";
import { searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import { Container } from "./container.ts";
import { withIds } from "../../server/db/conditions.ts";
import type { Context } from "./context.ts";
import type { RunChange, WatchFilter } from "../../server/domain/watch/interface.ts";
import { ChangeKindEnum } from "./enums.ts";
import { HostStatsType } from "./figures.ts";
import { decodeId, decodeOptionalId, encodeId } from "../ids.ts";
import { LogLine, LogLineEdge, toLines } from "./log.ts";
import { planQuery } from "./plan.ts";
import { Run } from "./run.ts";
import { findProjectId } from "./run_filter.ts";
import { selects } from "./selection.ts";
import { TaskRun } from "./task_run.ts";

/** How often host statistics may be asked for. */
const HOST_STATS_SECONDS = { least: 1, most: 3600 } as const;

const PARTIAL =
  "True: also lines that are not complete yet, such as a prompt or a progress bar, at most about once a second; null = false.";

interface RunEventRow {
  readonly run: { readonly id: number };
  readonly taskRuns: readonly { readonly id: number }[];
}
interface ContainerEventRow {
  readonly change: ContainerChanged;
  readonly container: { readonly id: number } | null;
}

const RunEvent = builder.objectRef<RunEventRow>("RunEvent").implement({
  description: "What changed; read the new values from the objects.",
  fields: (t) => ({
    run: t.field({
      type: Run,
      description: "The run that changed, or whose task runs did.",
      resolve: ({ run }) => run,
    }),
    taskRuns: t.field({
      type: [TaskRun],
      description: "Those that changed; empty when only the run did.",
      resolve: ({ taskRuns }) => taskRuns,
    }),
  }),
});

const ContainerEvent = builder.objectRef<ContainerEventRow>("ContainerEvent").implement({
  description: "A container that was made, changed or deleted.",
  fields: (t) => ({
    kind: t.field({
      type: ChangeKindEnum,
      description: "What became of it.",
      resolve: ({ change }) => change.change,
    }),
    containerId: t.id({
      description: "Its id, which stays when it is gone.",
      resolve: ({ change }) => encodeId("Container", change.containerId),
    }),
    container: t.field({
      type: Container,
      nullable: true,
      description: "As it is now. Null when deleted.",
      resolve: ({ container }) => container,
    }),
  }),
});

builder.subscriptionFields((t) => ({
  runEvents: t.field({
    type: [RunEvent],
    description:
      "Every change of a run and its task runs: one run, one container's runs, a project's, or all the viewer may see. At most 10 batches a second for a subscription: changes are folded, the latest state wins. Starts with the present state when runId is given; ends after the final state of that run.",
    args: {
      runId: t.arg.id({ description: "Only this run; an unknown one is NOT_FOUND." }),
      containerId: t.arg.id({ description: "Only runs of this container." }),
      project: t.arg.string({ description: "Only runs of this project, by slug." }),
    },
    subscribe: async (_root, args, context) =>
      context.app.watch.runs(await readFilter(args, context), context.signal),
    resolve: (changes, _args, context, info) => readRunEvents(changes, context, info),
  }),
  containerEvents: t.field({
    type: [ContainerEvent],
    description: "Containers that were made, changed or deleted.",
    args: { project: t.arg.string({ description: "Only this project's, by slug; null = all." }) },
    subscribe: async (_root, args, context) => {
      const { visible } = await readFilter(args, context);
      return context.app.watch.containers(visible, context.signal);
    },
    resolve: (changes, _args, context, info) => readContainerEvents(changes, context, info),
  }),
  taskRunLog: t.field({
    type: [LogLineEdge],
    description:
      "Lines as they are written, in order, without gaps: first those after the given cursor (default: from the start), then live; ends after the last line of a finished task run.",
    args: {
      taskRunId: t.arg.id({ required: true, description: "Whose lines; an unknown one is NOT_FOUND." }),
      after: t.arg.string({ description: "Cursor of the last line that is known; null = from the start." }),
      partial: t.arg.boolean({ defaultValue: false, description: PARTIAL }),
    },
    subscribe: async (_root, { taskRunId, after, partial }, context) => {
      const id = await knownTaskRun(decodeId("TaskRun", taskRunId), context);
      // Reads the cursor, so that a bad one is refused before the stream begins.
      if (typeof after === "string") {
        await context.app.logs.ofTaskRun(context.visible, id, null, { first: 1, after });
      }
      return context.app.watch.taskRunLog(
        context.visible,
        id,
        after ?? null,
        context.signal,
        partial === true,
      );
    },
    resolve: (rows) => toLines(rows).map((node) => ({ cursor: node.cursor, node })),
  }),
  liveLog: t.field({
    type: [LogLine],
    description:
      "The live console: lines of all running tasks in a run, container or project, from now on. The first batch is empty: what is read from a task run's log after it misses no line. A subscriber that falls behind gets a SYSTEM line with the count left out, never a growing queue.",
    args: {
      runId: t.arg.id({ description: "Only this run; an unknown one is NOT_FOUND." }),
      containerId: t.arg.id({ description: "Only runs of this container." }),
      project: t.arg.string({ description: "Only runs of this project, by slug." }),
      partial: t.arg.boolean({ defaultValue: false, description: PARTIAL }),
    },
    subscribe: async (_root, { partial, ...args }, context) =>
      context.app.watch.liveLog(await readFilter(args, context), context.signal, partial === true),
    resolve: (rows) => toLines(rows),
  }),
  hostStats: t.field({
    type: HostStatsType,
    description: "Of the server's own host, or an agent's, again and again.",
    args: {
      agentId: t.arg.id({ description: "Id of the agent; null = the server. An unknown one is NOT_FOUND." }),
      everySeconds: t.arg.int({
        defaultValue: 2,
        description: `How often, ${HOST_STATS_SECONDS.least} to ${HOST_STATS_SECONDS.most}; null = 2.`,
      }),
    },
    subscribe: async (_root, { agentId, everySeconds }, { app, signal }) => {
      const id = decodeOptionalId("Agent", agentId) ?? null;
      const seconds = readSeconds(everySeconds ?? 2);
      // Looks the agent up, so that an unknown one is refused before the stream begins.
      await app.figures.hostStats(id);
      return app.watch.hostStats(id, seconds, signal);
    },
    resolve: (stats) => stats,
  }),
  heartbeat: t.field({
    type: "DateTime",
    description: "Every 10 s, so that a client knows a silent stream from a dead one.",
    subscribe: (_root, _args, { app, signal }) => app.watch.heartbeat(signal),
    resolve: (at) => at,
  }),
}));

async function readRunEvents(
  changes: readonly RunChange[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<readonly RunEventRow[]> {
  const runIds = changes.map(({ runId }) => runId);
  const taskRunIds = selects(info, "taskRuns") ? changes.flatMap((change) => change.taskRunIds) : [];
  const [runs, taskRuns] = await Promise.all([
    context.db.query.runs.findMany(
      planQuery(context, info, "Run", { columns: { id: true }, where: withIds(runIds) }, ["run"]),
    ),
    taskRunIds.length === 0 ? [] : context.db.query.taskRuns.findMany(
      planQuery(context, info, "TaskRun", { columns: { id: true }, where: withIds(taskRunIds) }, [
        "taskRuns",
      ]),
    ),
  ]);
  const runOf = byId(runs);
  const taskRunOf = byId(taskRuns);
  return changes.flatMap((change) => {
    const run = runOf.get(change.runId);
    // A run that retention has removed since has no state to tell.
    if (run === undefined) return [];
    return [{ run, taskRuns: change.taskRunIds.flatMap((id) => taskRunOf.get(id) ?? []) }];
  });
}

async function readContainerEvents(
  changes: readonly ContainerChanged[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<readonly ContainerEventRow[]> {
  const ids = selects(info, "container")
    ? changes.filter(({ change }) => change !== "DELETED").map(({ containerId }) => containerId)
    : [];
  const rows = ids.length === 0 ? [] : await context.db.query.containers.findMany(
    planQuery(context, info, "Container", { columns: { id: true }, where: withIds(ids) }, [
      "container",
    ]),
  );
  const containerOf = byId(rows);
  return changes.map((change) => ({ change, container: containerOf.get(change.containerId) ?? null }));
}

function byId<Row extends { readonly id: number }>(rows: readonly Row[]): ReadonlyMap<number, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

async function readFilter(
  { runId, containerId, project }: {
    readonly runId?: string | null | undefined;
    readonly containerId?: string | null | undefined;
    readonly project?: string | null | undefined;
  },
  context: Context,
): Promise<WatchFilter> {
  const slug = searchText(project, ["project"]);
  return {
    runId: typeof runId === "string" ? await knownRun(decodeId("Run", runId), context) : undefined,
    containerId: decodeOptionalId("Container", containerId) ?? undefined,
    visible: typeof slug === "string" ? [await findProjectId(context.db, slug)] : context.visible,
  };
}

async function knownRun(id: number, { db }: Context): Promise<number> {
  if (await db.query.runs.findFirst({ columns: { id: true }, where: { id } }) !== undefined) return id;
  throw new NotFoundError(say("NO_RUN", { action: "watch run" }), ["runId"]);
}

async function knownTaskRun(id: number, { db }: Context): Promise<number> {
  if (await db.query.taskRuns.findFirst({ columns: { id: true }, where: { id } }) !== undefined) return id;
  throw new NotFoundError(say("NO_TASK_RUN", { action: "watch log" }), ["taskRunId"]);
}

function readSeconds(everySeconds: number): number {
  const { least, most } = HOST_STATS_SECONDS;
  if (everySeconds >= least && everySeconds <= most) return everySeconds;
  throw new InvalidInputError(
    say("HOST_SECONDS", { seconds: everySeconds, least, most }),
    ["everySeconds"],
  );
}
