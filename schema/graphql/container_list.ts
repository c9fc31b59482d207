/** Lists of containers, and how one is found. */
import { type SQL, sql } from "drizzle-orm";
import type { GraphQLResolveInfo } from "graphql";
import { InvalidInputError } from "../errors.ts";
import { containers } from "../tables/container.ts";
import { pageArguments, rowPageCost, searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import { Container } from "./container.ts";
import { countedConnectionType } from "./connections.ts";
import { all, given, ofProject } from "./conditions.ts";
import type { Context } from "./context.ts";
import { decodeId } from "./ids.ts";
import { byName, type CountedPage, type PageArguments, pageOf, readWindow, windowQuery } from "./pages.ts";
import { planQuery } from "./plan.ts";

export const ContainerConnection = countedConnectionType(Container, "Container", "Containers by name.");

const ContainerFilterInput = builder.inputType("ContainerFilter", {
  description: "Which containers; everything that is given must hold. Null or left out: does not restrict.",
  fields: (t) => ({
    project: t.string({ description: "Slug of the project." }),
    nameContains: t.string({ description: "Part of the name, upper and lower case alike." }),
    enabled: t.boolean({ description: "Only those that are enabled, or only those that are not." }),
  }),
});

builder.queryFields((t) => ({
  container: t.field({
    type: Container,
    nullable: true,
    description:
      "A container by its id, or else by project and name; null when there is none. INVALID_INPUT when neither id nor name is given.",
    args: {
      id: t.arg.id({ description: "Id of the container; when given, project and name do not count." }),
      project: t.arg.string({ defaultValue: "default", description: "Slug of the project; null = default." }),
      name: t.arg.string({ description: "Name of the container." }),
    },
    resolve: (_root, args, context, info) => findByIdOrName(args, context, info),
  }),
  containers: t.field({
    type: ContainerConnection,
    description: "Containers by name, of all projects unless the filter names one.",
    complexity: rowPageCost,
    args: {
      ...pageArguments(t.arg),
      filter: t.arg({ type: ContainerFilterInput, description: "Which containers; null = all." }),
    },
    resolve: (_root, args, context, info) => readContainers(args, context, info),
  }),
}));

/** The container with all that is selected beneath the field, which may be a union; null when there is none. */
export async function findContainer(
  id: number,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<{ readonly id: number } | null> {
  const query = planQuery(context, info, "Container", { columns: { id: true }, where: { id } });
  return await context.db.query.containers.findFirst(query) ?? null;
}

type Table = typeof containers;
type ContainerPage = CountedPage<{ readonly id: number }>;
interface Conditions {
  readonly projectId?: number;
  readonly project?: string | null | undefined;
  readonly nameContains?: string | null | undefined;
  readonly enabled?: boolean | null | undefined;
}

/** What a project selects of its containers for a page; `containersOfProject` makes the page of it. */
export function containersWindow(args: PageArguments): {
  readonly columns: { readonly id: true; readonly name: true };
} & ReturnType<typeof windowQuery<Table, { name: string; id: number }>> {
  return selectWindow(args, {});
}

export function containersOfProject(
  projectId: number,
  rows: readonly { readonly id: number; readonly name: string }[],
  args: PageArguments,
  context: Context,
): ContainerPage {
  return containerPage(rows, args, { projectId }, context);
}

async function readContainers(
  { filter, ...args }: PageArguments & {
    readonly filter?: typeof ContainerFilterInput.$inferInput | null | undefined;
  },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<ContainerPage> {
  const conditions = {
    ...filter,
    project: searchText(filter?.project, ["filter", "project"]),
    nameContains: searchText(filter?.nameContains, ["filter", "nameContains"]),
  };
  const query = planQuery(context, info, "Container", selectWindow(args, conditions), ["edges", "node"]);
  return containerPage(await context.db.query.containers.findMany(query), args, conditions, context);
}

function selectWindow(args: PageArguments, conditions: Conditions): ReturnType<typeof containersWindow> {
  const order = byName<Table>();
  return {
    columns: { id: true, name: true },
    ...windowQuery(order, readWindow(args, order), (table) => filterContainers(table, conditions)),
  };
}

function containerPage(
  rows: readonly { readonly id: number; readonly name: string }[],
  args: PageArguments,
  conditions: Conditions,
  { db }: Context,
): ContainerPage {
  const order = byName<Table>();
  const page = pageOf(
    order,
    readWindow(args, order),
    rows,
    (table) => filterContainers(table, conditions),
    async (where) => await db.query.containers.findFirst({ columns: { id: true }, where }) !== undefined,
  );
  return {
    ...page,
    totalCount: async () => await db.$count(containers, all(filterContainers(containers, conditions))),
  };
}

function filterContainers(table: Table, { projectId, project, nameContains, enabled }: Conditions): SQL[] {
  return [
    ...given(projectId, (id) => sql`${table.projectId} = ${id}`),
    ...given(project, (slug) => ofProject(table.projectId, slug)),
    ...given(nameContains, (part) => sql`strpos(lower(${table.name}), lower(${part})) > 0`),
    ...given(enabled, (wanted) => sql`${table.enabled} = ${wanted}`),
  ];
}

async function findByIdOrName(
  { id, project, name }: {
    readonly id?: string | null | undefined;
    readonly project?: string | null | undefined;
    readonly name?: string | null | undefined;
  },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<{ readonly id: number } | null> {
  if (typeof id === "string") return await findContainer(decodeId("Container", id), context, info);
  if (typeof name !== "string") {
    throw new InvalidInputError("Cannot find container: neither id nor name is given", ["name"]);
  }
  const slug = searchText(project ?? "default", ["project"]);
  const query = planQuery(context, info, "Container", {
    columns: { id: true },
    where: { name: searchText(name, ["name"]), project: { slug } },
  });
  return await context.db.query.containers.findFirst(query) ?? null;
}
