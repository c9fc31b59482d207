/**
 * The database as a viewer may read it: every query has the condition that its rows, and those that it follows links to,
 * belong to projects that the viewer may see. What is not visible is missing, as if it did not exist.
 */
import { type Column, type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { links } from "../../../schema/tables/links.ts";
import type * as tables from "../../../schema/tables/mod.ts";
import { all } from "../../db/conditions.ts";
import { idArray } from "../../db/parameters.ts";
import type { Database } from "../../db/database.ts";
import type { Viewer, Visible } from "./interface.ts";
import { inContainersOf, inProjects, visibleTo } from "./visible.ts";

export interface VisibleDatabase {
  readonly query: Database["query"];
  /** How many rows of the table meet the condition. */
  readonly $count: (table: PgTable, condition?: SQL) => Promise<number>;
}

type TableName = keyof typeof links;
type Columns<Name extends TableName> = typeof tables[Name];
/** Null: its rows belong to no project. */
type Rule<Name extends TableName> = ((table: Columns<Name>, visible: Visible) => SQL) | null;

const ofProject = (table: { readonly projectId: Parameters<typeof inProjects>[1] }, visible: Visible): SQL =>
  inProjects(visible, table.projectId);
const ofContainer = (
  table: { readonly containerId: Parameters<typeof inContainersOf>[1] },
  visible: Visible,
): SQL => inContainersOf(visible, table.containerId);

/** An agent that works for all projects is everybody's. */
function worksFor(table: { readonly projectIds: Column }, visible: Visible): SQL {
  return visible === "all"
    ? sql`true`
    : sql`(${table.projectIds} is null or ${table.projectIds} && ${idArray(visible)})`;
}

/** Which rows of each table are visible. A table without a rule does not compile. */
const rules: { readonly [Name in TableName]: Rule<Name> } = {
  projects: (table, visible) => inProjects(visible, table.id),
  pauses: (table, visible) => sql`(${table.projectId} is null or ${inProjects(visible, table.projectId)})`,
  containers: ofProject,
  containerChanges: ofContainer,
  containerVersions: ofContainer,
  schedules: ofContainer,
  slots: ofContainer,
  slotBacklogs: ofContainer,
  tasks: ofContainer,
  relations: ofContainer,
  runs: ofProject,
  taskRuns: ofProject,
  attempts: (table, visible) => ofTaskRun(table.taskRunId, visible),
  logChunks: ofProject,
  partialLines: (table, visible) =>
    sql`exists (select from attempts where attempts.id = ${table.attemptId} and ${
      ofTaskRun(sql`attempts.task_run_id`, visible)
    })`,
  messages: ofProject,
  variables: ofProject,
  auditEntries: ofProject,
  messageMarks: null,
  favorites: null,
  members: ofProject,
  users: null,
  identities: null,
  sessions: null,
  apiTokens: null,
  agents: worksFor,
  servers: null,
  placements: ofProject,
  fleet: null,
  settings: null,
};

export function openVisible(db: Database, visible: Visible): VisibleDatabase {
  return {
    query: visible === "all" ? db.query : restrictQueries(db, visible),
    $count: async (table, condition = sql`true`) =>
      await db.$count(table, all([condition, ...ruleOf(tableNameOf(table), table, visible)])),
  };
}

/** What a viewer sees; nothing for somebody who is not signed in. */
export function sightOf<V extends Viewer | null>(
  db: Database,
  viewer: V,
): { readonly db: VisibleDatabase; readonly visible: Visible; readonly viewer: V } {
  const visible = visibleTo(viewer);
  return { db: openVisible(db, visible), visible, viewer };
}

interface AnyQuery {
  findMany(config: Config): unknown;
  findFirst(config: Config): unknown;
}
interface Config {
  readonly where?: object | undefined;
  readonly with?: Readonly<Record<string, Config | boolean | undefined>> | undefined;
}

function restrictQueries(db: Database, visible: Visible): Database["query"] {
  const queries = Object.keys(links).filter(isTableName).map((name) => {
    // All tables are queried alike: only the types of their columns differ.
    const query = db.query[name] as unknown as AnyQuery;
    return [name, {
      findMany: (config?: Config) => query.findMany(restrict(name, config, visible)),
      findFirst: (config?: Config) => query.findFirst(restrict(name, config, visible)),
    }];
  });
  // The same names and functions; TypeScript cannot follow entries.
  return Object.fromEntries(queries) as Database["query"];
}

/** The query with the conditions of its table and of all tables that it follows links to. */
function restrict(name: TableName, config: Config = {}, visible: Visible): Config {
  const own = { RAW: (table: PgTable) => all(ruleOf(name, table, visible)) };
  const linked = Object.entries(config.with ?? {}).map(([link, nested]) => [
    link,
    nested === undefined || nested === false
      ? nested
      : restrict(targetOf(name, link), nested === true ? {} : nested, visible),
  ]);
  return {
    ...config,
    // A rule that is not needed must not make a link optional that always leads somewhere.
    ...rules[name] === null ? {} : { where: config.where === undefined ? own : { AND: [config.where, own] } },
    ...config.with === undefined ? {} : { with: Object.fromEntries(linked) },
  };
}

function ruleOf(name: TableName, table: PgTable, visible: Visible): readonly SQL[] {
  // The rule of a table takes that table, or an alias of it.
  const rule = rules[name] as ((table: PgTable, visible: Visible) => SQL) | null;
  return rule === null || visible === "all" ? [] : [rule(table, visible)];
}

function targetOf(name: TableName, link: string): TableName {
  const known: Readonly<Record<string, { readonly targetTableName: TableName } | undefined>> =
    links[name].relations;
  const target = known[link];
  if (target === undefined) throw new Error(`${name} has no link ${link}`);
  return target.targetTableName;
}

function tableNameOf(table: PgTable): TableName {
  const name = Object.keys(links).filter(isTableName).find((known) => links[known].table === table);
  if (name === undefined) throw new Error("A table is counted that has no links");
  return name;
}

function isTableName(name: string): name is TableName {
  return Object.hasOwn(links, name);
}

function ofTaskRun(taskRunId: Parameters<typeof inProjects>[1], visible: Visible): SQL {
  return sql`exists (select from task_runs as visible_task_runs
    where visible_task_runs.id = ${taskRunId} and ${inProjects(visible, sql`visible_task_runs.project_id`)})`;
}
