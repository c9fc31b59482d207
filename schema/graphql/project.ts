/** Projects: the namespaces. */
import { sql } from "drizzle-orm";
import type { GraphQLResolveInfo } from "graphql";
import { agents } from "../tables/agent.ts";
import { projects } from "../tables/project.ts";
import { Agent } from "./agent.ts";
import { pageArguments, rowPageCost, searchText, viewerOf } from "./arguments.ts";
import { findForbidden } from "../../server/domain/accounts/rights.ts";
import { roleIn } from "../../server/domain/accounts/roles.ts";
import { ApiToken } from "./api_token.ts";
import { builder } from "./builder.ts";
import { ContainerConnection, containersOfProject, containersWindow } from "./container_list.ts";
import { countedConnectionType } from "./connections.ts";
import type { Context } from "./context.ts";
import { ProjectRoleEnum } from "./enums.ts";
import { MemberConnection, readMembers } from "./member.ts";
import { includesProject } from "../../server/domain/accounts/visible.ts";
import { NodeInterface } from "./node.ts";
import { byName, type CountedPage, type PageArguments, pageOf, readWindow, windowQuery } from "./pages.ts";
import { planQuery } from "./plan.ts";

const MAX_CHILDREN = 500;
const MAX_TOKENS = 200;
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
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When the project was created." }),
    parent: t.relation("parent", {
      nullable: true,
      description:
        "The project above this one. Null for a top-level project, or if the viewer cannot see it.",
    }),
    children: t.relation("children", {
      description:
        `The projects directly below this one, by slug, at most ${MAX_CHILDREN}. Members, variables and secrets of this project also apply to them.`,
      query: { orderBy: { slug: "asc" }, limit: MAX_CHILDREN },
    }),
    viewerRole: t.field({
      type: ProjectRoleEnum,
      description: "The role of the viewer in this project. ADMIN for administrators.",
      resolve: ({ id }, _args, context) => roleIn(viewerOf(context), id) ?? "VIEWER",
    }),
    members: t.field({
      type: MemberConnection,
      description:
        "Users with a role in this project or in one above it, by username. If a user has several roles, the highest one applies. Administrators (`User.admin`) are not listed.",
      complexity: rowPageCost,
      args: pageArguments(t.arg),
      resolve: ({ id }, args, context) => readMembers(id, args, context),
    }),
    tokens: t.field({
      type: [ApiToken],
      description:
        `Service tokens of the project, by name, at most ${MAX_TOKENS}. Empty unless the viewer has the role ADMIN.`,
      select: (_args, _context, nested) => ({
        columns: { id: true },
        with: {
          tokens: nested({
            where: { userId: { isNull: true } },
            orderBy: { name: "asc" },
            limit: MAX_TOKENS,
          }),
        },
      }),
      resolve: ({ id, tokens }, _args, context) =>
        findForbidden(viewerOf(context), "token:service", { projectId: id }) === null ? tokens : [],
    }),
    runRetentionDays: t.exposeInt("runRetentionDays", {
      nullable: true,
      description: "How long runs and slots are kept, in days. Null uses the default of the server.",
    }),
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

builder.drizzleObjectField(Agent, "projects", (t) =>
  t.field({
    type: [Project],
    description: "The projects that the agent works for, by slug.",
    select: {
      columns: {},
      extras: {
        worksFor: (table: typeof agents) =>
          sql<readonly number[]>`array(select p.id from projects p
            where ${table.projectIds} is null or p.id = any(${table.projectIds}) order by p.slug)`,
      },
    },
    resolve: ({ worksFor }, _args, { visible }) =>
      worksFor.filter((id) => includesProject(visible, id)).map((id) => ({ id })),
  }));

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
