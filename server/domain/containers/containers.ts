/** Containers: made, changed, copied, deleted. A whole save is in save.ts. */
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import {
  containerOwnFields,
  scheduleDefaults,
  scheduleFields,
} from "../../../schema/definition/container.ts";
import { loudFields, namesOf } from "../../../schema/definition/field.ts";
import { ConflictError, InvalidInputError } from "../../../schema/errors.ts";
import type { Viewer } from "../accounts/interface.ts";
import type { ContainerPatch, NewContainer } from "./interface.ts";
import { say, sayParts } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { type Container, containers } from "../../../schema/tables/container.ts";
import { runs } from "../../../schema/tables/run.ts";
import { type Schedule, schedules } from "../../../schema/tables/schedule.ts";
import { relations, tasks } from "../../../schema/tables/task.ts";
import { uniqueViolation } from "../../db/constraints.ts";
import { type AfterCommit, type Transaction, transaction } from "../../db/transaction.ts";
import { check, containerShape, type ContainerValues, name as nameSchema, readFields } from "../inputs.ts";
import type { Bus } from "../../events/bus.ts";
import { audit, changesOf, subjectOf } from "../audit/audit.ts";
import { auditChange, readFacts } from "./audited.ts";
import { noteContainerChanges } from "../messages/messages.ts";
import { authorise } from "../accounts/rights.ts";
import { visibleTo } from "../accounts/visible.ts";
import { findProject } from "../projects/projects.ts";
import { planSchedule, readSchedule } from "../schedules/schedule_rows.ts";
import { same } from "./edit.ts";
import { insertGraphs } from "./task_rows.ts";
import { fireBeforeChange, type TickPorts } from "../schedules/fire_schedules.ts";
import { bumpVersion, expectVersion, lockContainer, noteChange } from "./versions.ts";

export type ContainerPorts = TickPorts;
/** What a change inside somebody else's transaction needs. */
export type ChangePorts = Omit<ContainerPorts, "db">;

const RUNNING_SETTINGS = namesOf(loudFields(containerOwnFields));
const { dst, ...scheduleValues } = scheduleDefaults;
/** A container without a schedule of its own has this one. */
export const NEW_SCHEDULE = { ...scheduleValues, missingTime: dst.missing, repeatedTime: dst.repeated };
const SCHEDULE_SETTINGS = namesOf(NEW_SCHEDULE);
/** Those that say when it fires. */
const PLANNED_SETTINGS = ["expression", "timezone", "missingTime", "repeatedTime"] as const;

export async function createContainer(
  { db, bus, limits }: ContainerPorts,
  viewer: Viewer,
  input: NewContainer,
): Promise<number> {
  const action = "create container";
  return await transaction(db, async (tx, after) => {
    const slug = input.project ?? "default";
    const missing = { message: say("NO_PROJECT", { action, slug }), path: ["project"] };
    const projectId = await findProject(tx, visibleTo(viewer), slug, missing);
    authorise(viewer, "container:change", { projectId });
    const { fields: { name, ...fields }, settings } = splitFields(
      readFields(containerShape, input, action, [], true),
    );
    if (name === undefined) throw new InvalidInputError(say("NAME_MISSING", { action }), ["name"]);
    const read = readSchedule({ ...NEW_SCHEDULE, ...settings }, null, limits, []);
    const container = await insertContainer(tx, { projectId, name, ...fields }, action);
    const [schedule] = await tx.insert(schedules).values({
      containerId: container.id,
      ...settings,
      ...read,
      anchorAt: container.createdAt,
    }).returning();
    if (schedule === undefined) throw new Error("An insert gave no row back");
    await noteChange(tx, container.id, 1, viewer, say("CREATED"));
    await planSchedule(tx, schedule, schedule, container.enabled);
    await audit(
      tx,
      viewer,
      "container.create",
      subjectOf("Container", container),
      changesOf(null, { name, ...fields }),
    );
    tell(after, bus, container, "CREATED");
    return container.id;
  });
}

export async function updateContainer(
  ports: ContainerPorts,
  viewer: Viewer,
  input: ContainerPatch,
): Promise<number> {
  return await transaction(ports.db, async (tx, after) => {
    const action = "update container";
    const container = await lockContainer(tx, viewer, input.id, action, [
      "id",
    ]);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    const before = await readFacts(tx, container.id);
    const changed = await patchContainer(tx, after, ports, container, input, action, []);
    if (changed.length > 0) {
      await bumpVersion(tx, container, viewer, say("SETTINGS_CHANGED", { fields: changed }));
    }
    await noteQuietChange(tx, container, viewer, input, changed.length > 0);
    await auditChange(tx, viewer, "container.update", container, before);
    tell(after, ports.bus, container, "UPDATED");
    return container.id;
  });
}

/** Being switched, or named anew, is no new version, but news for others all the same. */
async function noteQuietChange(
  tx: Transaction,
  container: Container,
  viewer: Viewer,
  { enabled, name }: ContainerPatch,
  loud: boolean,
): Promise<void> {
  const switched = typeof enabled === "boolean" && enabled !== container.enabled;
  const changes = [
    ...(switched ? [say(enabled ? "ENABLED" : "DISABLED")] : []),
    ...(typeof name === "string" && name !== container.name && !loud
      ? [say("WAS_NAMED", { name: container.name })]
      : []),
  ];
  if (changes.length > 0) await noteContainerChanges(tx, [container.id], viewer, sayParts(changes));
}

/** Writes the given fields; answers the names of those that change what would run. The caller holds the lock. */
export async function patchContainer(
  tx: Transaction,
  after: AfterCommit,
  ports: ChangePorts,
  container: Container,
  input: ContainerPatch,
  action: Action,
  at: readonly string[],
): Promise<readonly string[]> {
  const { fields, settings } = splitFields(readFields(containerShape, input, action, at));
  const present = await readScheduleRow(tx, container.id);
  const wanted = { ...present, ...settings };
  const planned = PLANNED_SETTINGS.some((key) => settings[key] !== undefined);
  const read = planned ? readSchedule(wanted, present, ports.limits, at) : {};
  const enabled = { was: container.enabled, is: fields.enabled ?? container.enabled };
  const other = PLANNED_SETTINGS.some((key) => present[key] !== { ...wanted, ...read }[key]);
  // The new schedule counts from now on: what the present one has due fires by its own rules.
  if (other && enabled.is) await fireBeforeChange({ ...ports, tx, after }, container.id);
  const schedule = other ? await readScheduleRow(tx, container.id) : present;
  const next = { ...schedule, ...settings, ...read };
  if (Object.keys(fields).length > 0) await writeFields(tx, container, fields, action, at);
  await writeSchedule(tx, schedule, next, enabled);
  return [
    ...RUNNING_SETTINGS.filter((key) => fields[key] !== undefined && !same(fields[key], container[key])),
    // By the names that people know them by.
    ...new Set(
      SCHEDULE_SETTINGS.filter((key) => schedule[key] !== next[key]).map((key) =>
        key === "missingTime" || key === "repeatedTime" ? "dst" : key
      ),
    ),
  ];
}

export async function copyContainer(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: { readonly id: number; readonly name: string },
): Promise<number> {
  const action = "copy container";
  return await transaction(db, async (tx, after) => {
    const { id, createdAt: _created, updatedAt: _updated, version: _version, ...source } =
      await lockContainer(tx, viewer, input.id, action, ["id"]);
    const name = check(nameSchema, input.name, action, ["name"]);
    const copy = await insertContainer(tx, { ...source, name, enabled: false, source: null }, action);
    const schedule = await readScheduleRow(tx, id);
    await tx.insert(schedules).values({
      ...schedule,
      containerId: copy.id,
      nextFireAt: null,
      anchorAt: copy.createdAt,
    });
    await copyGraph(tx, id, copy.id);
    await noteChange(tx, copy.id, 1, viewer, say("COPIED_FROM", { name: source.name }));
    const changes = { copyOf: { before: null, after: source.name } };
    await audit(tx, viewer, "container.copy", subjectOf("Container", copy), changes);
    tell(after, bus, copy, "CREATED");
    return copy.id;
  });
}

export async function deleteContainer(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: { readonly id: number },
): Promise<void> {
  await transaction(db, async (tx, after) => {
    const container = await lockContainer(tx, viewer, input.id, "delete container", ["id"]);
    const [active] = await tx.select({ id: runs.id }).from(runs).where(
      and(eq(runs.containerId, container.id), inArray(runs.state, ["QUEUED", "RUNNING"])),
    ).limit(1);
    if (active !== undefined) {
      throw new ConflictError(
        say("CONTAINER_RUNS", { name: container.name }),
        ["id"],
      );
    }
    await noteContainerChanges(tx, [container.id], viewer, say("DELETED"));
    await tx.delete(containers).where(eq(containers.id, container.id));
    await audit(tx, viewer, "container.delete", subjectOf("Container", container));
    tell(after, bus, container, "DELETED");
  });
}

/** Tells those who watch containers, and the scheduler, once the change is true. */
export function tell(
  after: AfterCommit,
  bus: Bus,
  container: Pick<Container, "id" | "projectId">,
  change: "CREATED" | "UPDATED" | "DELETED",
): void {
  after(() => {
    bus.publish({ kind: "container", change, containerId: container.id, projectId: container.projectId });
    bus.publish({ kind: "schedule" });
    bus.publish({ kind: "messages" });
  });
}

type ScheduleSettings = Partial<Pick<Schedule, typeof SCHEDULE_SETTINGS[number]>>;

/** What goes into the container's own row, and what into its schedule's. */
export function splitFields(given: ContainerValues): {
  readonly fields: Pick<ContainerValues, keyof typeof containerOwnFields>;
  readonly settings: ScheduleSettings;
} {
  const part = (of: object): object =>
    Object.fromEntries(Object.entries(given).filter(([name]) => name in of));
  return { fields: part(containerOwnFields), settings: toColumns(part(scheduleFields)) };
}

/** A change of the clocks has a column for each of its parts; a part that was not given is left as it is. */
function toColumns(
  { dst, ...settings }: Pick<ContainerValues, keyof typeof scheduleFields>,
): ScheduleSettings {
  return {
    ...settings,
    ...(dst?.missing ? { missingTime: dst.missing } : {}),
    ...(dst?.repeated ? { repeatedTime: dst.repeated } : {}),
  };
}

async function insertContainer(
  tx: Transaction,
  values: typeof containers.$inferInsert,
  action: Action,
): Promise<Container> {
  try {
    const [container] = await tx.insert(containers).values(values).returning();
    if (container === undefined) throw new Error("An insert gave no row back");
    return container;
  } catch (error) {
    throw refuseDuplicate(error, values.name, action, ["name"]);
  }
}

async function writeFields(
  tx: Transaction,
  container: Container,
  fields: Partial<typeof containers.$inferInsert>,
  action: Action,
  at: readonly string[],
): Promise<void> {
  try {
    await tx.update(containers).set({ ...fields, updatedAt: sql`clock_timestamp()` }).where(
      eq(containers.id, container.id),
    );
  } catch (error) {
    throw refuseDuplicate(error, fields.name ?? container.name, action, [...at, "name"]);
  }
}

export function refuseDuplicate(
  error: unknown,
  name: string,
  action: Action,
  at: readonly string[],
): unknown {
  if (!uniqueViolation(error, "containers_project_id_name_key")) return error;
  return new ConflictError(say("CONTAINER_NAME_TAKEN", { action, name }), at);
}

async function readScheduleRow(tx: Transaction, containerId: number): Promise<Schedule> {
  const [schedule] = await tx.select().from(schedules).where(eq(schedules.containerId, containerId));
  if (schedule === undefined) throw new Error(`Container ${containerId} has no schedule`);
  return schedule;
}

async function writeSchedule(
  tx: Transaction,
  schedule: Schedule,
  next: Schedule,
  enabled: { readonly was: boolean; readonly is: boolean },
): Promise<void> {
  if (SCHEDULE_SETTINGS.some((key) => schedule[key] !== next[key])) {
    const written = Object.fromEntries(SCHEDULE_SETTINGS.map((key) => [key, next[key]]));
    await tx.update(schedules).set({
      ...written,
      ...(next.expression === null ? { nextFireAt: null } : {}),
    })
      .where(eq(schedules.containerId, schedule.containerId));
  }
  const moved = enabled.was !== enabled.is || PLANNED_SETTINGS.some((key) => schedule[key] !== next[key]);
  if (moved) await planSchedule(tx, schedule, next, enabled.is);
}

async function copyGraph(tx: Transaction, from: number, to: number): Promise<void> {
  const taskRows = await tx.select().from(tasks).where(eq(tasks.containerId, from)).orderBy(asc(tasks.id));
  const nameOf = new Map(taskRows.map(({ id, name }) => [id, name]));
  const relationRows = await tx.select().from(relations).where(eq(relations.containerId, from));
  const edges = relationRows.map(({ upstreamId, downstreamId, condition }) => ({
    upstream: nameOf.get(upstreamId) ?? "",
    downstream: nameOf.get(downstreamId) ?? "",
    condition,
  }));
  await insertGraphs(tx, [{ containerId: to, tasks: taskRows, relations: edges }]);
}
