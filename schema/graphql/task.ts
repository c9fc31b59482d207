/** Tasks: what they are and how they are listed. */
import { type SQL, sql } from "drizzle-orm";
import type { GraphQLResolveInfo } from "graphql";
import { taskFields } from "../definition/task.ts";
import { tasks } from "../tables/task.ts";
import { pageArguments, rowPageCost, searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import { countedConnectionType } from "./connections.ts";
import { all, given } from "../../server/db/conditions.ts";
import type { Context } from "./context.ts";
import { shownFields } from "./definition_fields.ts";
import { decodeOptionalId } from "../ids.ts";
import { NodeInterface } from "./node.ts";
import { byName, type CountedPage, type PageArguments, pageOf, readWindow, windowQuery } from "./pages.ts";
import { planQuery } from "./plan.ts";
import { PositionType } from "./position.ts";

const { position: _position, requiredLabels, ...plainFields } = taskFields;

export const Task = builder.drizzleObject("tasks", {
  name: "Task",
  description: "A command of a container.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    container: t.relation("container", { description: "Where it lives." }),
    ...shownFields(plainFields, (name, options) => t.expose(name, options)),
    requiredLabels: t.exposeStringList("requiredLabels", { description: requiredLabels.description }),
    position: t.field({
      type: PositionType,
      description: "Where it is drawn.",
      select: { columns: { x: true, y: true } },
      resolve: ({ x, y }) => ({ x, y }),
    }),
  }),
});

const TaskConnection = countedConnectionType(Task, "Task", "Tasks by name.");

const TaskFilterInput = builder.inputType("TaskFilter", {
  description: "Which tasks; everything that is given must hold. Null or left out: does not restrict.",
  fields: (t) => ({
    project: t.string({ description: "Slug of the project." }),
    containerId: t.id({ description: "Tasks of this container." }),
    nameContains: t.string({ description: "Part of the name, upper and lower case alike." }),
    commandContains: t.string({ description: "Part of the command, upper and lower case alike." }),
    enabled: t.boolean({ description: "Only those that are enabled, or only those that are not." }),
  }),
});

builder.queryField("tasks", (t) =>
  t.field({
    type: TaskConnection,
    description: "Tasks by name, of all containers unless the filter names one.",
    complexity: rowPageCost,
    args: {
      ...pageArguments(t.arg),
      filter: t.arg({ type: TaskFilterInput, description: "Which tasks; null = all." }),
    },
    resolve: (_root, args, context, info) => readTasks(args, context, info),
  }));

/** The task with all that is selected beneath the field, which may be a union; null when there is none. */
export async function findTask(
  id: number,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<{ readonly id: number } | null> {
  const query = planQuery(context, info, "Task", { columns: { id: true }, where: { id } });
  return await context.db.query.tasks.findFirst(query) ?? null;
}

type TaskFilter = typeof TaskFilterInput.$inferInput;

async function readTasks(
  { filter, ...args }: PageArguments & { readonly filter?: TaskFilter | null | undefined },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CountedPage<{ readonly id: number }>> {
  const order = byName<typeof tasks>();
  const window = readWindow(args, order);
  const conditions = taskConditions(filter ?? {});
  const query = planQuery(context, info, "Task", {
    columns: { id: true, name: true },
    ...windowQuery(order, window, conditions),
  }, ["edges", "node"]);
  const page = pageOf(
    order,
    window,
    await context.db.query.tasks.findMany(query),
    conditions,
    async (beyond) =>
      await context.db.query.tasks.findFirst({ columns: { id: true }, ...beyond }) !== undefined,
  );
  return { ...page, totalCount: async () => await context.db.$count(tasks, all(conditions(tasks))) };
}

function taskConditions(filter: TaskFilter): (table: typeof tasks) => SQL[] {
  const project = searchText(filter.project, ["filter", "project"]);
  const nameContains = searchText(filter.nameContains, ["filter", "nameContains"]);
  const commandContains = searchText(filter.commandContains, ["filter", "commandContains"]);
  const containerId = decodeOptionalId("Container", filter.containerId);
  return (table) => [
    ...given(
      project,
      (slug) =>
        sql`${table.containerId} in (select containers.id from containers join projects on projects.id = containers.project_id where projects.slug = ${slug})`,
    ),
    ...given(containerId, (id) => sql`${table.containerId} = ${id}`),
    ...given(nameContains, (part) => sql`strpos(lower(${table.name}), lower(${part})) > 0`),
    ...given(commandContains, (part) => sql`strpos(lower(${table.command}), lower(${part})) > 0`),
    ...given(filter.enabled, (wanted) => sql`${table.enabled} = ${wanted}`),
  ];
}
