/**
 * Containers as a set of files or a crontab wants them: told apart from what is there, and made so. One transaction, few
 * statements however many are new.
 */
import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { containerFields } from "../../../schema/definition/container.ts";
import { mapFields, namesOf } from "../../../schema/definition/field.ts";
import { ConflictError } from "../../../schema/errors.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { type Container, containerChanges, containers } from "../../../schema/tables/container.ts";
import { runs } from "../../../schema/tables/run.ts";
import { type Schedule, schedules } from "../../../schema/tables/schedule.ts";
import { type Relation, relations, type Task, tasks } from "../../../schema/tables/task.ts";
import type { Database } from "../../db/database.ts";
import type { AfterCommit, Transaction } from "../../db/transaction.ts";
import type { Viewer } from "../accounts/interface.ts";
import { auditMany, changesOf, subjectOf } from "../audit/audit.ts";
import { auditChange, readFacts } from "./audited.ts";
import type { ContainerValues } from "../inputs.ts";
import { noteContainerChanges } from "../messages/messages.ts";
import { clockChangeOf, planNextFire } from "../schedules/planning.ts";
import { databaseNow, readSchedule, type ScheduleLimits } from "../schedules/schedule_rows.ts";
import { type ChangePorts, NEW_SCHEDULE, refuseDuplicate, splitFields, tell } from "./containers.ts";
import { authoriseRunAs } from "./edit.ts";
import { settingsOf } from "./history.ts";
import type { SavedRelation, SavedTask } from "./interface.ts";
import { describeGraphChanges, readNewGraph, writeWhole } from "./save.ts";
import { insertGraphs } from "./task_rows.ts";

/** Rows that one statement inserts: each of their values is a parameter. */
const ROWS_AT_ONCE = 1_000;

export interface WantedContainer {
  readonly name: string;
  /** Checked; those that are left out stay as they are, or have their default in a new container. */
  readonly settings: ContainerValues;
  readonly tasks: readonly SavedTask[];
  readonly relations: readonly SavedRelation[];
}

export interface PresentContainer {
  readonly container: Container;
  readonly schedule: Schedule;
  readonly tasks: readonly Task[];
  readonly relations: readonly Relation[];
}

interface Unit {
  readonly tx: Transaction;
  readonly after: AfterCommit;
  readonly ports: ChangePorts;
  readonly viewer: Viewer;
  readonly action: Action;
}

/** Three statements, whatever their number; with `lock` nobody else changes them before the transaction ends. */
export async function readPresent(
  db: Pick<Database, "select">,
  which: SQL | undefined,
  lock: boolean,
): Promise<ReadonlyMap<string, PresentContainer>> {
  // Locked in the order of their ids, so that two who do this at once do not wait for each other.
  const query = db.select().from(containers).where(which).orderBy(asc(containers.id));
  const rows = await (lock ? query.for("update") : query);
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const [scheduleRows, taskRows, relationRows] = await Promise.all([
    db.select().from(schedules).where(inArray(schedules.containerId, ids)),
    db.select().from(tasks).where(inArray(tasks.containerId, ids)).orderBy(asc(tasks.id)),
    db.select().from(relations).where(inArray(relations.containerId, ids)).orderBy(asc(relations.id)),
  ]);
  const scheduleOf = new Map(scheduleRows.map((schedule) => [schedule.containerId, schedule]));
  const tasksOf = Map.groupBy(taskRows, ({ containerId }) => containerId);
  const relationsOf = Map.groupBy(relationRows, ({ containerId }) => containerId);
  return new Map(rows.map((container) => {
    const schedule = scheduleOf.get(container.id);
    if (schedule === undefined) throw new Error(`Container ${container.id} has no schedule`);
    const graph = { tasks: tasksOf.get(container.id) ?? [], relations: relationsOf.get(container.id) ?? [] };
    return [container.name, { container, schedule, ...graph }];
  }));
}

/** All settings of a container by the names of the API. */
export function allSettings(
  { container, schedule }: Pick<PresentContainer, "container" | "schedule">,
): Required<ContainerValues> {
  const values: Readonly<Record<string, unknown>> = {
    ...schedule,
    ...container,
    dst: clockChangeOf(schedule),
  };
  return mapFields(containerFields, (_field, name) => values[name]);
}

/** What would change, in words; empty when nothing would. */
export function describeChanges(present: PresentContainer, wanted: WantedContainer): readonly Sentence[] {
  const is = allSettings(present);
  const fields = namesOf(containerFields).filter((name) =>
    wanted.settings[name] !== undefined && !sameSetting(is[name], wanted.settings[name])
  );
  return [
    ...fields.length === 0 ? [] : [say("SETTINGS_CHANGED", { fields })],
    ...describeGraphChanges(wanted, present.tasks, present.relations),
  ];
}

/** Of a change of the clocks one part may be left out. */
function sameSetting(is: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) return JSON.stringify(is) === JSON.stringify(wanted);
  if (typeof is !== "object" || is === null || typeof wanted !== "object" || wanted === null) {
    return is === wanted;
  }
  const old: Readonly<Record<string, unknown>> = { ...is };
  return Object.entries(wanted).every(([part, value]) =>
    value === undefined || value === null || old[part] === value
  );
}

/** The schedule that a container would have: what readSchedule makes of it. */
export function wantedSchedule(
  { settings }: Pick<WantedContainer, "settings">,
  present: Schedule | null,
  limits: ScheduleLimits,
  at: readonly string[],
): typeof NEW_SCHEDULE {
  const wanted = { ...NEW_SCHEDULE, ...present, ...splitFields(settings).settings };
  return { ...wanted, ...readSchedule(wanted, present, limits, at) };
}

/** Ids of the new ones, in the order given. */
export async function insertWanted(
  unit: Unit,
  projectId: number,
  source: string | null,
  wanted: readonly WantedContainer[],
): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let from = 0; from < wanted.length; from += ROWS_AT_ONCE) {
    ids.push(...await insertBatch(unit, projectId, source, wanted.slice(from, from + ROWS_AT_ONCE)));
  }
  return ids;
}

async function insertBatch(
  unit: Unit,
  projectId: number,
  source: string | null,
  wanted: readonly WantedContainer[],
): Promise<readonly number[]> {
  const { tx, after, ports, viewer } = unit;
  const graphs = wanted.map(readNewGraph);
  authoriseRunAs(viewer, { projectId }, graphs.flat().map((task) => ({ before: null, after: task })));
  const made = await insertRows(
    unit,
    wanted.map(({ name, settings }) => ({
      ...splitFields(settings).fields,
      projectId,
      name,
      source,
    })),
  );
  const now = await databaseNow(tx);
  const scheduleRows = made.map((container, place): Schedule => {
    const read = wantedSchedule(wanted[place] ?? { settings: {} }, null, ports.limits, []);
    const schedule = { ...read, containerId: container.id, anchorAt: container.createdAt };
    const { expression } = schedule;
    const nextFireAt = container.enabled && expression !== null
      ? planNextFire({ ...schedule, expression }, now)
      : null;
    return { ...schedule, nextFireAt, plannedAt: now, fault: null };
  });
  await tx.insert(schedules).values(scheduleRows);
  await insertGraphs(
    tx,
    made.map(({ id }, place) => ({
      containerId: id,
      tasks: graphs[place] ?? [],
      relations: wanted[place]?.relations ?? [],
    })),
  );
  await tx.insert(containerChanges).values(made.map((container, place) => ({
    containerId: container.id,
    version: 1,
    summary: say("CREATED"),
    changedBy: viewer.userId,
    settings: settingsOf(container, scheduleRows[place] as Schedule),
  })));
  await noteContainerChanges(tx, made.map(({ id }) => id), viewer, say("CREATED"));
  await auditMany(
    tx,
    made.map((container, place) => ({
      viewer,
      action: "container.create",
      subject: subjectOf("Container", container),
      changes: changesOf(null, settingsOf(container, scheduleRows[place] as Schedule)),
    })),
  );
  for (const container of made) tell(after, ports.bus, container, "CREATED");
  return made.map(({ id }) => id);
}

async function insertRows(
  { tx, action }: Unit,
  rows: readonly (typeof containers.$inferInsert)[],
): Promise<readonly Container[]> {
  try {
    const made = await tx.insert(containers).values([...rows]).returning();
    const byName = new Map(made.map((container) => [container.name, container]));
    return rows.flatMap(({ name }) => byName.get(name) ?? []);
  } catch (error) {
    // Somebody made one of them a moment ago; which one, the next plan tells.
    throw refuseDuplicate(error, rows.map(({ name }) => name).join(", ").slice(0, 200), action, []);
  }
}

/** The caller holds the container's lock. */
export async function updateWanted(
  { tx, after, ports, viewer }: Unit,
  { container }: PresentContainer,
  source: string | null,
  { settings, tasks, relations }: WantedContainer,
): Promise<void> {
  const input = { container: { id: container.id, ...settings }, tasks, relations };
  const before = await readFacts(tx, container.id);
  await writeWhole(tx, after, ports, container, viewer, input, null);
  if (source !== null && source !== container.source) {
    await tx.update(containers).set({ source }).where(eq(containers.id, container.id));
  }
  await auditChange(tx, viewer, "container.save", container, before);
  tell(after, ports.bus, container, "UPDATED");
}

/** The caller holds their locks. */
export async function deleteWanted(
  { tx, after, ports, viewer }: Unit,
  gone: readonly PresentContainer[],
  at: readonly string[],
): Promise<void> {
  if (gone.length === 0) return;
  const ids = gone.map(({ container }) => container.id);
  const [active] = await tx.select({ containerId: runs.containerId }).from(runs)
    .where(and(inArray(runs.containerId, ids), sql`${runs.state} in ('QUEUED', 'RUNNING')`)).limit(1);
  if (active !== undefined) {
    const name = gone.find(({ container }) => container.id === active.containerId)?.container.name ?? "";
    throw new ConflictError(say("CONTAINER_RUNS", { name }), at);
  }
  await noteContainerChanges(tx, ids, viewer, say("DELETED"));
  await auditMany(
    tx,
    gone.map(({ container }) => ({
      viewer,
      action: "container.delete",
      subject: subjectOf("Container", container),
      changes: null,
    })),
  );
  await tx.delete(containers).where(inArray(containers.id, ids));
  for (const { container } of gone) tell(after, ports.bus, container, "DELETED");
}
