/** Two projects with the same things in each, and links from the one to the other: for tests of what a viewer may see. */
import { jsonValue } from "../../server/db/parameters.ts";
import { say } from "../../schema/sentences.ts";
import { sql } from "drizzle-orm";
import { encodeId } from "../../schema/ids.ts";
import { agents } from "../../schema/tables/agent.ts";
import { projects } from "../../schema/tables/project.ts";
import type { Viewer } from "../../server/domain/accounts/interface.ts";
import { createLogAppend } from "../../server/domain/logs/append.ts";
import { createLogs } from "../../server/domain/logs/logs.ts";
import { createVariables } from "../../server/domain/variables/variables.ts";
import { createWatch } from "../../server/domain/watch/watch.ts";
import { openApi, type TestApi } from "./api.ts";
import type { TestDatabase } from "./database.ts";
import { openDomain, type TestDomain, triggerRun } from "./domain.ts";

/** In every text of the project that the restricted viewer may not see. */
export const HIDDEN = "hidden";

/** What a project has; rows by their numbers. */
export interface Things {
  readonly slug: string;
  readonly projectId: number;
  readonly containerId: number;
  readonly taskIds: readonly [number, number];
  readonly relationId: number;
  /** FAILED. */
  readonly runId: number;
  readonly taskRunId: number;
  readonly attemptId: number;
  readonly messageId: number;
  readonly variableId: number;
  /** Of another container; RUNNING, its second task PENDING. */
  readonly activeContainerId: number;
  readonly activeRunId: number;
  readonly activeTaskRunId: number;
  /** Works for the project alone. */
  readonly agentId: number;
}

export interface TwoProjects {
  readonly api: TestApi;
  readonly own: Things;
  readonly foreign: Things;
  /** ADMIN of `own` alone. */
  readonly restricted: Viewer;
  /** The same person as an administrator. */
  readonly unrestricted: Viewer;
  /** May read `own`. */
  readonly reader: Viewer;
}

export async function openTwoProjects(test: TestDatabase): Promise<TwoProjects> {
  const domain = await openDomain(test.db);
  const figures = { hostStats: () => Promise.reject(new Error("No figures here")) };
  const watch = createWatch({ ...domain.ports, figures, clock: { now: () => 0 } });
  const api = await openApi(test.db, { logs: createLogs({ db: test.db }), watch }, domain);
  const foreignProject = await addProject(api, HIDDEN);
  const ended = {
    own: await addEndedRun(api, "default", "shown"),
    foreign: await addEndedRun(api, HIDDEN, HIDDEN),
  };
  const agents = { own: await addAgent(domain, 1), foreign: await addAgent(domain, foreignProject) };
  const own = {
    ...ended.own,
    projectId: 1,
    agentId: agents.own,
    ...await addActiveRun(api, "default", "shown"),
  };
  const foreign = {
    ...ended.foreign,
    projectId: foreignProject,
    agentId: agents.foreign,
    ...await addActiveRun(api, HIDDEN, HIDDEN),
  };
  await startAndWait(api, own.activeContainerId);
  await linkAcross(api, own, foreign);
  await test.sql`insert into pauses (project_id, reason) values
    (${own.projectId}, 'shown'), (${foreign.projectId}, ${HIDDEN})`;
  const { reader } = domain;
  return {
    api,
    own,
    foreign,
    restricted: { ...reader, roles: new Map([[own.projectId, "ADMIN"]]) },
    unrestricted: { ...reader, admin: true, roles: "ADMIN" },
    reader: { ...reader, roles: new Map([[own.projectId, "VIEWER"]]) },
  };
}

async function addProject({ domain: { db } }: TestApi, slug: string): Promise<number> {
  const [row] = await db.insert(projects).values({ slug, name: slug }).returning({ id: projects.id });
  if (row === undefined) throw new Error("An insert gave no row back");
  return row.id;
}

async function addAgent({ db }: TestDomain, projectId: number): Promise<number> {
  const [row] = await db.insert(agents).values({
    key: crypto.randomUUID(),
    name: `agent of ${projectId}`,
    capacity: 0,
    projectIds: [projectId],
  }).returning({ id: agents.id });
  if (row === undefined) throw new Error("An insert gave no row back");
  return row.id;
}

/** A run that failed, with output, and a slot that was missed. */
async function addEndedRun(
  api: TestApi,
  slug: string,
  mark: string,
): Promise<Omit<Things, "projectId" | "agentId" | `active${string}`>> {
  const { domain } = api;
  const container = await addContainer(api, slug, `${mark} ended`);
  const runId = await triggerRun(domain.ports, domain.viewer, container);
  await writeLine(api, `${mark} line`);
  await domain.end({ [`${mark} ended first`]: 1 });
  await addSlots(api, container.containerId, runId);
  return { ...container, slug, runId, ...await findRows(api, runId) };
}

async function addActiveRun(
  api: TestApi,
  slug: string,
  mark: string,
): Promise<Pick<Things, "activeContainerId" | "activeRunId" | "activeTaskRunId">> {
  const { containerId } = await addContainer(api, slug, `${mark} active`);
  const activeRunId = await triggerRun(api.domain.ports, api.domain.viewer, { containerId });
  const { taskRunId } = await findRows(api, activeRunId);
  return { activeContainerId: containerId, activeRunId, activeTaskRunId: taskRunId };
}

/** Starts what is ready, and asks for one more run, which waits until there is room for it. */
async function startAndWait({ domain }: TestApi, containerId: number): Promise<void> {
  await domain.exchange();
  await domain.db.execute(sql`update task_runs set started_at = clock_timestamp() where state = 'RUNNING'`);
  await triggerRun(domain.ports, domain.viewer, { containerId });
}

async function addContainer(
  { domain }: TestApi,
  project: string,
  name: string,
): Promise<Pick<Things, "containerId" | "taskIds" | "relationId" | "variableId">> {
  const containerId = await domain.container({ project, name, expression: "@hourly", overlap: "ALLOW" });
  const first = await domain.task(containerId, `${name} first`, { command: `echo ${name}` });
  const second = await domain.task(containerId, `${name} second`);
  const { db, vault } = domain.ports;
  const variableId = await createVariables({ db, vault }).set(domain.viewer, {
    containerId,
    name: "VARIABLE",
    value: name,
  });
  return {
    containerId,
    taskIds: [first, second],
    relationId: await domain.relation(first, second),
    variableId,
  };
}

/** Claims what is ready and lets each attempt write a line. */
async function writeLine({ domain }: TestApi, text: string): Promise<void> {
  const { db, bus, definitions } = domain.ports;
  const { work } = await domain.exchange();
  await createLogAppend({ db, ordered: db, bus, definitions })(
    domain.agentId,
    work.filter(({ follows }) => follows === null).map(({ attemptId }) => ({
      attemptId,
      outFrom: 0,
      outTo: text.length + 1,
      errFrom: 0,
      errTo: 0,
      passages: [{ at: Date.now(), stream: "STDOUT", text, count: 1 }],
    })),
  );
}

/** One that was missed, and one that is late. */
async function addSlots({ domain: { db } }: TestApi, containerId: number, runId: number): Promise<void> {
  await db.execute(sql`
    insert into slots (container_id, at, outcome, reason, run_id, late_at) values
      (${containerId}, clock_timestamp() - interval '1 minute', 'MISSED', ${
    jsonValue(say("SLOT_OUTAGE"))
  }, null, null),
      (${containerId}, clock_timestamp() - interval '2 minutes', 'FIRED', null, ${runId}, clock_timestamp())`);
}

async function findRows(
  { domain: { db } }: TestApi,
  runId: number,
): Promise<Pick<Things, "taskRunId" | "attemptId" | "messageId">> {
  const [row] = await db.execute<{ taskRunId: number; attemptId: number | null; messageId: number | null }>(
    sql`
    select t.id as "taskRunId",
      (select max(a.id) from attempts a where a.task_run_id = t.id) as "attemptId",
      (select max(m.id) from messages m where m.run_id = t.run_id) as "messageId"
    from task_runs t where t.run_id = ${runId} order by t.task_index limit 1`,
  );
  if (row === undefined) throw new Error(`Run ${runId} has no task run`);
  return { taskRunId: row.taskRunId, attemptId: row.attemptId ?? 0, messageId: row.messageId ?? 0 };
}

/** Every link that could lead out of a project does. */
async function linkAcross({ domain: { db } }: TestApi, own: Things, foreign: Things): Promise<void> {
  await db.execute(sql`update runs set retry_of = ${foreign.runId} where id = ${own.runId}`);
  await db.execute(sql`update task_runs set reused_from = ${foreign.taskRunId} where id = ${own.taskRunId}`);
  await db.execute(sql`
    update messages set run_id = ${foreign.runId}, container_id = ${foreign.containerId}
    where id = ${own.messageId}`);
  await db.execute(sql`
    update slots set run_id = ${foreign.activeRunId} where container_id = ${own.containerId} and run_id is not null`);
}

/** The global ids of all that a project has. */
export function idsOf(things: Things): readonly string[] {
  return [
    encodeId("Project", things.projectId),
    encodeId("Container", things.containerId),
    ...things.taskIds.map((id) => encodeId("Task", id)),
    encodeId("Relation", things.relationId),
    encodeId("Run", things.runId),
    encodeId("TaskRun", things.taskRunId),
    encodeId("Attempt", things.attemptId),
    encodeId("Message", things.messageId),
    encodeId("Variable", things.variableId),
    encodeId("Run", things.activeRunId),
    encodeId("TaskRun", things.activeTaskRunId),
  ];
}
