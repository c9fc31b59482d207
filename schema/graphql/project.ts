/** Projects: the namespaces. */
import type { GraphQLResolveInfo } from "graphql";
import { projects } from "../tables/project.ts";
import { pageArguments, rowPageCost, searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import { ContainerConnection, containersOfProject, containersWindow } from "./container_list.ts";
import { countedConnectionType } from "./connections.ts";
import type { Context } from "./context.ts";
import { NodeInterface } from "./node.ts";
import { byName, type CountedPage, type PageArguments, pageOf, readWindow, windowQuery } from "./pages.ts";
import { planQuery } from "./plan.ts";

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
    containers: t.field({
      type: ContainerConnection,
      description: "Its containers by name.",
      complexity: rowPageCost,
      args: pageArguments(t.arg),
      select: (args, _context, nested) => ({
        columns: { id: true },
        with: { containers: nested(containersWindow(args), ["edges", "node"], "Container") },
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
