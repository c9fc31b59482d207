/** Lists of containers, and how one is found. */
import { type SQL, sql } from "drizzle-orm";
import type { GraphQLResolveInfo } from "graphql";
import { InvalidInputError } from "../errors.ts";
import { say } from "../sentences.ts";
import { runStates } from "../states.ts";
import { containers } from "../tables/container.ts";
import { pageArguments, rowPageCost, searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import { Container, isFavorite } from "./container.ts";
import { countedConnectionType } from "./connections.ts";
import { all, given, ofProject, withIds } from "../../server/db/conditions.ts";
import { textArray } from "../../server/db/parameters.ts";
import type { Visible } from "../../server/domain/accounts/interface.ts";
import { inProjects } from "../../server/domain/accounts/visible.ts";
import { ranLately } from "../../server/domain/containers/last_runs.ts";
import type { Context } from "./context.ts";
import { decodeId, NO_ID } from "../ids.ts";
import {
  type ContainerOrder,
  ContainerOrderEnum,
  type ContainersOrder,
  orderOf,
  type PlacedRow,
} from "./container_order.ts";
import { RunStateEnum } from "./enums.ts";
import {
  type CountedPage,
  inside,
  type PageArguments,
  pageOf,
  readWindow,
  type Window,
  windowQuery,
} from "./pages.ts";
import { planQuery } from "./plan.ts";
import { selects } from "./selection.ts";

export const ContainerConnection = countedConnectionType(Container, "Container", "Containers by name.");

const ContainerFilterInput = builder.inputType("ContainerFilter", {
  description: "Which containers; everything that is given must hold. Null or left out: does not restrict.",
  fields: (t) => ({
    project: t.string({ description: "Slug of the project." }),
    nameContains: t.string({ description: "Part of the name, upper and lower case alike." }),
    tags: t.stringList({ description: "Containers that have every one of these tags." }),
    favorite: t.boolean({ description: "True: only the viewer's favourites." }),
    enabled: t.boolean({ description: "Only those that are enabled, or only those that are not." }),
    states: t.field({
      type: [RunStateEnum],
      description: "Only those whose `lastRun` is in one of these states; an empty list matches none.",
    }),
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
    description:
      "Containers, of all projects unless the filter names one; by name unless told otherwise. A cursor belongs to its order.",
    complexity: rowPageCost,
    args: {
      ...pageArguments(t.arg),
      filter: t.arg({ type: ContainerFilterInput, description: "Which containers; null = all." }),
      orderBy: t.arg({
        type: ContainerOrderEnum,
        defaultValue: "NAME",
        description: "What comes first; null = NAME.",
      }),
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

/** The containers in the order of their ids here, selected at the path beneath the field; one that is gone is left out. */
export async function readContainersById(
  ids: readonly number[],
  context: Context,
  info: GraphQLResolveInfo,
  path: readonly string[],
): Promise<readonly { readonly id: number }[]> {
  const query = planQuery(context, info, "Container", { columns: { id: true }, where: withIds(ids) }, path);
  const rows = new Map((await context.db.query.containers.findMany(query)).map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}

type Table = typeof containers;
type ContainerPage = CountedPage<{ readonly id: number }>;
interface Conditions {
  readonly visible: Visible;
  readonly projectId?: number;
  readonly project?: string | null | undefined;
  readonly nameContains?: string | null | undefined;
  readonly enabled?: boolean | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly favorite?: boolean | null | undefined;
  readonly userId?: number | null | undefined;
  /** Those that a list of states stands for. */
  readonly ids?: readonly number[] | undefined;
}

/** What a project selects of its containers for a page; `containersOfProject` makes the page of it. */
export function containersWindow(args: PageArguments, { visible }: Context): {
  readonly columns: { readonly id: true; readonly name: true };
  readonly extras: { readonly placeMs: (table: Table) => SQL<number | null> };
} & ReturnType<typeof windowQuery<Table, PlacedRow>> {
  return selectWindow(args, { visible });
}

export function containersOfProject(
  projectId: number,
  rows: readonly PlacedRow[],
  args: PageArguments,
  context: Context,
): ContainerPage {
  return containerPage(rows, args, { visible: context.visible, projectId }, context);
}

async function readContainers(
  { filter, orderBy, ...args }: PageArguments & {
    readonly filter?: typeof ContainerFilterInput.$inferInput | null | undefined;
    readonly orderBy?: ContainerOrder | null | undefined;
  },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<ContainerPage> {
  const conditions = await readConditions(filter ?? {}, context);
  const order = orderOf(orderBy ?? "NAME");
  const query = planQuery(context, info, "Container", selectWindow(args, conditions, order), [
    "edges",
    "node",
  ]);
  // Both at once: neither needs the other.
  const [rows, count] = await Promise.all([
    context.db.query.containers.findMany(query),
    selects(info, "totalCount") ? countContainers(context, conditions) : null,
  ]);
  const page = containerPage(rows, args, conditions, context, order);
  return count === null ? page : { ...page, totalCount: () => count };
}

async function readConditions(
  { states, ...rest }: typeof ContainerFilterInput.$inferInput,
  { app, visible, viewer }: Context,
): Promise<Conditions> {
  const conditions = {
    visible,
    userId: viewer?.userId,
    ...rest,
    tags: rest.tags?.map((tag) => searchText(tag.trim().toLowerCase(), ["filter", "tags"])),
    project: searchText(rest.project, ["filter", "project"]),
    nameContains: searchText(rest.nameContains, ["filter", "nameContains"]),
  };
  if (states === null || states === undefined) return conditions;
  const known = runStates.filter((state) => states.includes(state));
  return { ...conditions, ids: await app.containers.withLastRun(visible, known) };
}

function selectWindow(
  args: PageArguments,
  conditions: Conditions,
  order: ContainersOrder = orderOf("NAME"),
): ReturnType<typeof containersWindow> {
  const window = readWindow(args, order);
  const wanted = (table: Table): SQL[] => filterContainers(table, conditions);
  const ran = byNewestRuns(order, window)
    ? (table: Table): SQL =>
      ranLately(table, window.size + 1, placeOf(window), (others) => [
        ...wanted(others),
        ...inside(order, window, others),
      ])
    : null;
  return {
    columns: { id: true, name: true },
    extras: { placeMs: order.placeMs },
    ...windowQuery(order, window, (table) => [...wanted(table), ...ran === null ? [] : [ran(table)]]),
  };
}

/** Whether the newest runs tell what comes first: from the oldest on they do not. */
function byNewestRuns({ byLastRun }: ContainersOrder, { direction, before }: Window): boolean {
  return byLastRun && direction === "forwards" && before === null;
}

/** Where a page by instants begins; null: at the start of the list. */
function placeOf({ after }: Window): Date | null {
  return after === null ? null : new Date(after[0]);
}

function containerPage(
  rows: readonly PlacedRow[],
  args: PageArguments,
  conditions: Conditions,
  context: Context,
  order: ContainersOrder = orderOf("NAME"),
): ContainerPage {
  const page = pageOf(
    order,
    readWindow(args, order),
    rows,
    (table) => filterContainers(table, conditions),
    // In no order: containers are few, while an order may look up the last run of each.
    async ({ where }) =>
      await context.db.query.containers.findFirst({ columns: { id: true }, where }) !== undefined,
  );
  return { ...page, totalCount: () => countContainers(context, conditions) };
}

async function countContainers({ db }: Context, conditions: Conditions): Promise<number> {
  return await db.$count(containers, all(filterContainers(containers, conditions)));
}

function filterContainers(
  table: Table,
  { visible, projectId, project, nameContains, enabled, tags, favorite, userId, ids }: Conditions,
): SQL[] {
  return [
    // The query has it as well; by it `ranLately` knows what it counts.
    inProjects(visible, table.projectId),
    ...given(projectId, (id) => sql`${table.projectId} = ${id}`),
    ...given(project, (slug) => ofProject(table.projectId, slug)),
    ...given(nameContains, (part) => sql`strpos(lower(${table.name}), lower(${part})) > 0`),
    ...given(enabled, (wanted) => sql`${table.enabled} = ${wanted}`),
    ...given(tags, (wanted) => sql`${table.tags} @> ${textArray(wanted)}`),
    ...given(favorite, (wanted) => sql`${isFavorite(table, userId ?? NO_ID)} = ${wanted}`),
    ...given(ids, (wanted) => withIds(wanted).RAW(table)),
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
    throw new InvalidInputError(say("CONTAINER_UNNAMED"), ["name"]);
  }
  const slug = searchText(project ?? "default", ["project"]);
  const query = planQuery(context, info, "Container", {
    columns: { id: true },
    where: { name: searchText(name, ["name"]), project: { slug } },
  });
  return await context.db.query.containers.findFirst(query) ?? null;
}
