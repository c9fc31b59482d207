/** Starting, stopping and repeating runs. */
import type { GraphQLResolveInfo } from "graphql";
import { searchText, stillThere, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { withIds } from "../../server/db/conditions.ts";
import type { Context } from "./context.ts";
import { resultUnion } from "./errors.ts";
import { decodeId, decodeOptionalId } from "../ids.ts";
import { planQuery } from "./plan.ts";
import { findRun, Run } from "./run.ts";

const RunResult = resultUnion(
  "RunResult",
  Run,
  [
    "InvalidInputError",
    "ConflictError",
    "NotFoundError",
    "ForbiddenError",
    "NotRunningError",
    "LimitExceededError",
  ],
  "The run as it is now, or why nothing happened.",
);

interface CancelledRuns {
  readonly count: number;
  readonly runs: readonly { readonly id: number }[];
}
const CancelledPayload = builder.objectRef<CancelledRuns>("CancelledPayload").implement({
  description: "At most 500 of the runs; count is all of them.",
  fields: (t) => ({
    count: t.exposeInt("count", { description: "How many runs are being cancelled." }),
    runs: t.field({ type: [Run], description: "At most 500 of them.", resolve: ({ runs }) => runs }),
  }),
});
const CancelRunsResult = resultUnion(
  "CancelRunsResult",
  CancelledPayload,
  ["ForbiddenError"],
  "What is being cancelled, or why nothing is.",
);

const environment =
  "Variables for every task of this run, above the tasks' own: an object of strings; null = none.";

builder.mutationFields((t) => ({
  triggerRun: t.field({
    type: RunResult.type,
    description:
      "Returns at once with the run QUEUED or RUNNING. A disabled container can be triggered; one without enabled tasks is INVALID_INPUT. An idempotencyKey (per container, 24 h) makes a repeated call return the same run; with other arguments it is CONFLICT.",
    args: {
      containerId: t.arg.id({ required: true, description: "What to run." }),
      environment: t.arg({ type: "JSON", description: environment }),
      idempotencyKey: t.arg.string({
        description: "Any text of the caller's that names this call; null = none.",
      }),
      parameters: t.arg({ type: "JSON", description: "Values by parameter name." }),
      startAt: t.arg({
        type: "DateTime",
        description: "Not before this instant, at most a year ahead; null = at once.",
      }),
    },
    resolve: (_root, args, context, info) =>
      RunResult.answer([], async () => {
        const input = { ...args, containerId: decodeId("Container", args.containerId) };
        return await showRun(await context.app.runs.trigger(viewerOf(context), input), context, info);
      }),
  }),
  runTask: t.field({
    type: RunResult.type,
    description: "One task by itself, ignoring its relations, as a run with a single task run.",
    args: {
      taskId: t.arg.id({ required: true, description: "Which task; a disabled one can be run this way." }),
      environment: t.arg({ type: "JSON", description: environment }),
    },
    resolve: (_root, args, context, info) =>
      RunResult.answer([], async () => {
        const input = { ...args, taskId: decodeId("Task", args.taskId) };
        return await showRun(await context.app.runs.runTask(viewerOf(context), input), context, info);
      }),
  }),
  cancelRun: t.field({
    type: RunResult.type,
    description:
      "Stops every running task of the run and starts no other, but for those with runsWhenStopped. Answers once the cancellation is recorded; the run is CANCELLED when the last process is gone.",
    args: { id: t.arg.id({ required: true, description: "Which run." }) },
    resolve: (_root, { id }, context, info) =>
      RunResult.answer([], async () => {
        const input = { id: decodeId("Run", id) };
        return await showRun(await context.app.runs.cancel(viewerOf(context), input), context, info);
      }),
  }),
  cancelTaskRun: t.field({
    type: RunResult.type,
    description: "Stops one task run; tasks that need its success are SKIPPED, other branches go on.",
    args: { id: t.arg.id({ required: true, description: "Which task run." }) },
    resolve: (_root, { id }, context, info) =>
      RunResult.answer([], async () => {
        const input = { id: decodeId("TaskRun", id) };
        return await showRun(await context.app.runs.cancelTaskRun(viewerOf(context), input), context, info);
      }),
  }),
  cancelAllRuns: t.field({
    type: CancelRunsResult.type,
    description: "Cancels every active run, as cancelRun does.",
    args: {
      project: t.arg.string({
        description: "Only this project's, by slug; null = all that the viewer may cancel.",
      }),
      containerId: t.arg.id({ description: "Only this container's; null = those of all containers." }),
    },
    resolve: (_root, args, context, info) =>
      CancelRunsResult.answer([], async () => {
        const input = {
          project: searchText(args.project, ["project"]),
          containerId: decodeOptionalId("Container", args.containerId),
        };
        const { count, runIds } = await context.app.runs.cancelAll(viewerOf(context), input);
        return { count, runs: await readRuns(runIds, context, info) };
      }),
  }),
  retryRun: t.field({
    type: RunResult.type,
    description:
      "A new run of the same version. fromFailed keeps a SUCCEEDED task run when all before it are kept too; nothing to rerun is INVALID_INPUT. A run that is not final: CONFLICT.",
    args: {
      id: t.arg.id({ required: true, description: "Which run to repeat." }),
      fromFailed: t.arg.boolean({
        defaultValue: true,
        description: "False: everything runs again. Null = true.",
      }),
      fromTaskRunIds: t.arg.idList({
        description: "Task runs of this run from which on everything runs again; null = as fromFailed says.",
      }),
    },
    resolve: (_root, { id, fromFailed, fromTaskRunIds }, context, info) =>
      RunResult.answer([], async () => {
        const input = {
          id: decodeId("Run", id),
          fromFailed: fromFailed ?? true,
          fromTaskRunIds: fromTaskRunIds?.map((taskRunId) => decodeId("TaskRun", taskRunId)),
        };
        return await showRun(await context.app.runs.retry(viewerOf(context), input), context, info);
      }),
  }),
}));

async function showRun(
  id: number,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<{ readonly id: number }> {
  return stillThere(await findRun(id, context, info), "run");
}

/** The runs in the order of their ids here. */
async function readRuns(
  ids: readonly number[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<readonly { readonly id: number }[]> {
  const query = planQuery(context, info, "Run", { columns: { id: true }, where: withIds(ids) }, [
    "runs",
  ]);
  const rows = new Map((await context.db.query.runs.findMany(query)).map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}
