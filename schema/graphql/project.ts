/** Projects: the namespaces. */
import type { GraphQLResolveInfo } from "graphql";
import { projects } from "../tables/project.ts";
import { pageArguments, rowPageCost, searchText, stillThere, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { ContainerConnection, containersOfProject, containersWindow } from "./container_list.ts";
import { countedConnectionType } from "./connections.ts";
import type { Context } from "./context.ts";
import { resultUnion } from "./errors.ts";
import { NodeInterface } from "./node.ts";
import { byName, type CountedPage, type PageArguments, pageOf, readWindow, windowQuery } from "./pages.ts";
import { planQuery } from "./plan.ts";

/** The domain refuses to make more. */
const MAX_VARIABLES = 500;

export const Project = builder.drizzleObject("projects", {
  name: "Project",
  description:
    'A namespace: containers, agents, members, variables and secrets live in one. "default" always exists.',
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    slug: t.exposeString("slug", { description: "Unique; what scripts and addresses call it." }),
    name: t.exposeString("name", { description: "For people." }),
    description: t.exposeString("description", { description: "For people; may be empty." }),
    logRetentionDays: t.exposeInt("logRetentionDays", {
      nullable: true,
      description:
        "Days for which output of its runs is kept, shorter or longer than the server has it; null = as the server has it.",
    }),
    variables: t.relation("variables", {
      description:
        `Variables and secrets defined in this project, by name, at most ${MAX_VARIABLES}. Those of projects above it also apply, unless this project defines the same name.`,
      query: { where: { containerId: { isNull: true } }, orderBy: { name: "asc" }, limit: MAX_VARIABLES },
    }),
    containers: t.field({
      type: ContainerConnection,
      description: "Its containers by name.",
      complexity: rowPageCost,
      args: pageArguments(t.arg),
      select: (args, context, nested) => ({
        columns: { id: true },
        with: { containers: nested(containersWindow(args, context), ["edges", "node"], "Container") },
      }),
      resolve: ({ id, containers }, args, context) => containersOfProject(id, containers, args, context),
    }),
  }),
});

const ProjectConnection = countedConnectionType(Project, "Project", "Projects by name.");

builder.queryFields((t) => ({
  projects: t.field({
    type: ProjectConnection,
    description: "Projects by name.",
    complexity: rowPageCost,
    args: pageArguments(t.arg),
    resolve: (_root, args, context, info) => readProjects(args, context, info),
  }),
  project: t.field({
    type: Project,
    nullable: true,
    description: "A project by its slug; null when there is none.",
    args: { slug: t.arg.string({ required: true, description: "Slug of the project." }) },
    resolve: (_root, { slug }, context, info) =>
      context.db.query.projects.findFirst(planQuery(context, info, "Project", {
        columns: { id: true },
        where: { slug: searchText(slug, ["slug"]) },
      })),
  }),
}));

const ProjectResult = resultUnion(
  "ProjectResult",
  Project,
  ["InvalidInputError", "NotFoundError", "ForbiddenError"],
  "The project as it is now, or why nothing was changed.",
);

builder.mutationField("updateProject", (t) =>
  t.field({
    type: ProjectResult.type,
    description: "Changes settings of a project. Arguments left out keep their value.",
    args: {
      slug: t.arg.string({
        required: true,
        description: "Slug of the project; an unknown one is NOT_FOUND.",
      }),
      logRetentionDays: t.arg.int({
        description:
          "Days for which its output is kept, 1 to 36500; null = as the server has it. Fewer days than before take effect within the hour.",
      }),
    },
    resolve: (_root, { slug, ...fields }, context, info) =>
      ProjectResult.answer([], async () => {
        const input = { ...fields, slug: searchText(slug, ["slug"]) };
        const id = await context.app.projects.update(viewerOf(context), input);
        return stillThere(
          await context.db.query.projects.findFirst(planQuery(context, info, "Project", {
            columns: { id: true },
            where: { id },
          })),
          "project",
        );
      }),
  }));

async function readProjects(
  args: PageArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CountedPage<{ readonly id: number }>> {
  const order = byName<typeof projects>();
  const window = readWindow(args, order);
  const query = planQuery(context, info, "Project", {
    columns: { id: true, name: true },
    ...windowQuery(order, window, () => []),
  }, ["edges", "node"]);
  const page = pageOf(
    order,
    window,
    await context.db.query.projects.findMany(query),
    () => [],
    async (beyond) =>
      await context.db.query.projects.findFirst({ columns: { id: true }, ...beyond }) !== undefined,
  );
  return { ...page, totalCount: async () => await context.db.$count(projects) };
}
