/** What a container was before: who changed what and when, and how it was then. */
import { sql } from "drizzle-orm";
import type { containerChanges } from "../tables/container.ts";
import { builder } from "./builder.ts";
import { sentenceFields } from "./sentence_fields.ts";
import { given } from "../../server/db/conditions.ts";
import { connectionType } from "./connections.ts";
import type { Context } from "./context.ts";
import type { VersionDefinition } from "../../server/domain/containers/interface.ts";
import { encodeId } from "../ids.ts";
import { type Order, type Page, type PageArguments, pageOf, readWindow, windowQuery } from "./pages.ts";
import { User } from "./user.ts";

/** Telling an old version goes through all that came after it. */
const DEFINITION_COST = 20;

const summary = sentenceFields("summary", false);

export const ContainerVersion = builder.drizzleObject("containerChanges", {
  name: "ContainerVersion",
  description: "One version of a container: what was changed to make it, by whom, and what it was.",
  select: { columns: { id: true } },
  fields: (t) => ({
    version: t.exposeInt("version", { description: "Its number; the first is 1." }),
    at: t.expose("changedAt", { type: "DateTime", description: "When it was made." }),
    author: t.relation("author", {
      type: User,
      nullable: true,
      description: "Who made it; null for the server itself, and for somebody whose account is gone.",
    }),
    summary: t.string({
      ...summary.text,
      description: 'What was changed, in words, such as `task "disks" changed: command`.',
    }),
    summaryKey: t.string(summary.key),
    summaryValues: t.field(summary.values),
    definition: t.field({
      type: "JSON",
      nullable: true,
      complexity: DEFINITION_COST,
      description:
        "All that it was made of: settings (an object), tasks and relations (lists), in the shape that saveContainer takes. A task that is gone keeps the id that it had. Descriptions and positions that were changed without a new version are as they were at the change after it. Null for a version that was made before versions were kept.",
      select: { columns: { containerId: true, version: true } },
      resolve: async ({ containerId, version }, _args, { app, visible }) => {
        const definition = await app.versions.definition(visible, containerId, version);
        return definition === null ? null : writeDefinition(definition);
      },
    }),
  }),
});

export const ContainerVersionConnection = connectionType(
  ContainerVersion,
  "ContainerVersion",
  "Versions of a container, newest first.",
);

type Table = typeof containerChanges;
interface Row {
  readonly id: number;
  readonly version: number;
}

const newestVersionFirst: Order<Table, Row> = {
  keyKind: "instant", // A number, as an instant is.
  descending: true,
  keyOf: (row) => [row.version, row.id],
  place: (table) => sql`(${table.version}, ${table.id})`,
  at: ([version, id]) => sql`(${version}::bigint, ${id}::bigint)`,
  sort: (table, direction) =>
    direction === "forwards"
      ? [sql`${table.version} desc`, sql`${table.id} desc`]
      : [sql`${table.version} asc`, sql`${table.id} asc`],
};

/** What a container selects of its versions for a page; `versionsOfContainer` makes the page of it. */
export function versionsWindow(args: PageArguments): {
  readonly columns: { readonly id: true; readonly version: true };
} & ReturnType<typeof windowQuery<Table, Row>> {
  return {
    columns: { id: true, version: true },
    ...windowQuery(newestVersionFirst, readWindow(args, newestVersionFirst), () => []),
  };
}

export function versionsOfContainer(
  containerId: number,
  rows: readonly Row[],
  args: PageArguments,
  { db }: Context,
): Page<Row> {
  return pageOf(
    newestVersionFirst,
    readWindow(args, newestVersionFirst),
    rows,
    (table) => given(containerId, (id) => sql`${table.containerId} = ${id}`),
    async (beyond) =>
      await db.query.containerChanges.findFirst({ columns: { id: true }, ...beyond }) !== undefined,
  );
}

/** As saveContainer takes it, so that a script can send it back. */
function writeDefinition({ settings, tasks, relations }: VersionDefinition): unknown {
  return {
    settings,
    tasks: tasks.map(({ id, x, y, ...task }) => ({
      id: encodeId("Task", id),
      ...task,
      position: { x, y },
    })),
    relations,
  };
}
