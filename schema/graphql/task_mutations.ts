/** What can be done to tasks and relations. */
import type { GraphQLResolveInfo } from "graphql";
import { stillThere, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { CreateRelationInput, CreateTaskInput, MoveTaskInput, UpdateTaskInput } from "./container_inputs.ts";
import { withIds } from "../../server/db/conditions.ts";
import type { Context } from "./context.ts";
import { DeleteResult } from "./deletion.ts";
import { RelationConditionEnum } from "./enums.ts";
import { resultUnion } from "./errors.ts";
import { decodeId } from "../ids.ts";
import { planQuery } from "./plan.ts";
import { findRelation, Relation } from "./relation.ts";
import { findTask, Task } from "./task.ts";

const TaskResult = resultUnion(
  "TaskResult",
  Task,
  ["InvalidInputError", "ConflictError", "NotFoundError", "ForbiddenError", "LimitExceededError"],
  "The task as it is now, or why nothing was changed.",
);
const RelationResult = resultUnion(
  "RelationResult",
  Relation,
  [
    "InvalidInputError",
    "CycleError",
    "ConflictError",
    "NotFoundError",
    "ForbiddenError",
    "LimitExceededError",
  ],
  "The relation as it is now, or why nothing was changed.",
);

interface MovedTasks {
  readonly tasks: readonly { readonly id: number }[];
}
const TasksPayload = builder.objectRef<MovedTasks>("TasksPayload").implement({
  description: "Tasks that were changed together.",
  fields: (t) => ({
    tasks: t.field({
      type: [Task],
      description: "In the order in which they were given.",
      resolve: ({ tasks }) => tasks,
    }),
  }),
});
const MoveTasksResult = resultUnion(
  "MoveTasksResult",
  TasksPayload,
  ["NotFoundError", "ForbiddenError"],
  "The tasks as they are now, or why none was moved.",
);

const expectedVersion =
  "Version of the container that the caller saw; when it is no longer current, the call is refused with CONFLICT. Null: does not matter.";

builder.mutationFields((t) => ({
  createTask: t.field({
    type: TaskResult.type,
    description: "Adds a task to a container.",
    args: { input: t.arg({ type: CreateTaskInput, required: true, description: "What it shall be." }) },
    resolve: (_root, { input }, context, info) =>
      TaskResult.answer(["input"], async () => {
        const task = { ...input, containerId: decodeId("Container", input.containerId) };
        const id = await context.app.tasks.create(viewerOf(context), task);
        return stillThere(await findTask(id, context, info), "task");
      }),
  }),
  updateTask: t.field({
    type: TaskResult.type,
    description: "Changes a task. Fields left out keep their value.",
    args: {
      input: t.arg({ type: UpdateTaskInput, required: true, description: "What shall be different." }),
    },
    resolve: (_root, { input }, context, info) =>
      TaskResult.answer(["input"], async () => {
        const patch = { ...input, id: decodeId("Task", input.id) };
        const id = await context.app.tasks.update(viewerOf(context), patch);
        return stillThere(await findTask(id, context, info), "task");
      }),
  }),
  deleteTask: t.field({
    type: DeleteResult.type,
    description: "Removes a task. Also removes its relations.",
    args: {
      id: t.arg.id({ required: true, description: "Which task." }),
      expectedVersion: t.arg.int({ description: expectedVersion }),
    },
    resolve: (_root, args, context) =>
      DeleteResult.answer([], async () => {
        const input = { ...args, id: decodeId("Task", args.id) };
        await context.app.tasks.remove(viewerOf(context), input);
        return { deletedId: args.id };
      }),
  }),
  moveTasks: t.field({
    type: MoveTasksResult.type,
    description: "Draws tasks at new places. Makes no new version.",
    args: { moves: t.arg({ type: [MoveTaskInput], required: true, description: "Which task goes where." }) },
    resolve: (_root, { moves }, context, info) =>
      MoveTasksResult.answer([], async () => {
        const input = moves.map(({ taskId, position }) => ({ taskId: decodeId("Task", taskId), position }));
        const ids = await context.app.tasks.move(viewerOf(context), { moves: input });
        return { tasks: await readTasks(ids, context, info) };
      }),
  }),
  createRelation: t.field({
    type: RelationResult.type,
    description:
      "Refused with CYCLE when it would close one, INVALID_INPUT across containers or onto itself, CONFLICT when it exists.",
    args: { input: t.arg({ type: CreateRelationInput, required: true, description: "What it shall be." }) },
    resolve: (_root, { input }, context, info) =>
      RelationResult.answer(["input"], async () => {
        const upstreamId = decodeId("Task", input.upstreamId);
        const downstreamId = decodeId("Task", input.downstreamId);
        const relation = { ...input, upstreamId, downstreamId };
        const id = await context.app.relations.create(viewerOf(context), relation);
        return stillThere(await findRelation(id, context, info), "relation");
      }),
  }),
  updateRelation: t.field({
    type: RelationResult.type,
    description: "Changes the condition of a relation.",
    args: {
      id: t.arg.id({ required: true, description: "Which relation." }),
      condition: t.arg({
        type: RelationConditionEnum,
        required: true,
        description: "How the upstream task has to end.",
      }),
      expectedVersion: t.arg.int({ description: expectedVersion }),
    },
    resolve: (_root, args, context, info) =>
      RelationResult.answer([], async () => {
        const input = { ...args, id: decodeId("Relation", args.id) };
        const id = await context.app.relations.update(viewerOf(context), input);
        return stillThere(await findRelation(id, context, info), "relation");
      }),
  }),
  deleteRelation: t.field({
    type: DeleteResult.type,
    description: "Removes a relation; its tasks stay.",
    args: {
      id: t.arg.id({ required: true, description: "Which relation." }),
      expectedVersion: t.arg.int({ description: expectedVersion }),
    },
    resolve: (_root, args, context) =>
      DeleteResult.answer([], async () => {
        const input = { ...args, id: decodeId("Relation", args.id) };
        await context.app.relations.remove(viewerOf(context), input);
        return { deletedId: args.id };
      }),
  }),
}));

/** The tasks in the order of their ids here; one that was deleted meanwhile is left out. */
async function readTasks(
  ids: readonly number[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<readonly { readonly id: number }[]> {
  const query = planQuery(context, info, "Task", { columns: { id: true }, where: withIds(ids) }, [
    "tasks",
  ]);
  const rows = new Map((await context.db.query.tasks.findMany(query)).map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}
