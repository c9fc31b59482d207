/** Containers: made, changed, copied, deleted. A whole save is in save.ts. */
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { ConflictError, InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import type { Viewer } from "../accounts/interface.ts";
import type { ContainerPatch, NewContainer } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { type Container, containers } from "../../../schema/tables/container.ts";
import { projects } from "../../../schema/tables/project.ts";
import { runs } from "../../../schema/tables/run.ts";
import { type Schedule, schedules } from "../../../schema/tables/schedule.ts";
import { relations, tasks } from "../../../schema/tables/task.ts";
import { uniqueViolation } from "../../db/constraints.ts";
import { type AfterCommit, type Transaction, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { check, containerShape, type ContainerValues, name as nameSchema, readFields } from "../inputs.ts";
import { noteContainerChange } from "../messages/messages.ts";
import { authorise } from "../accounts/rights.ts";
import { planSchedule, readSchedule } from "../schedules/schedule_rows.ts";
import { insertRelations, insertTasks } from "./task_rows.ts";
import { fireBeforeChange, type TickPorts } from "../schedules/fire_schedules.ts";
import { bumpVersion, expectVersion, lockContainer, noteChange } from "./versions.ts";

export type ContainerPorts = TickPorts;
/** What a change inside somebody else's transaction needs. */
export type ChangePorts = Omit<ContainerPorts, "db">;

const RUNNING_SETTINGS = ["timeoutSeconds", "maxParallel", "priority"] as const;
const SCHEDULE_SETTINGS = [
  "expression",
  "timezone",
  "missingTime",
  "repeatedTime",
  "overlap",
  "misfire",
  "lateAfterSeconds",
  "maxCatchUp",
] as const;
/** A container without a schedule of its own has this one. */
const NEW_SCHEDULE = {
  expression: null,
  timezone: "UTC",
  missingTime: "SHIFT",
  repeatedTime: "FIRST",
} as const;
/** Those that say when it fires. */
const PLANNED_SETTINGS = ["expression", "timezone", "missingTime", "repeatedTime"] as const;

export async function createContainer(
  { db, bus, limits }: ContainerPorts,
  viewer: Viewer,
  input: NewContainer,
): Promise<number> {
  authorise(viewer, "container:change");
  const action = "create container";
  const given = readFields(containerShape, input, action, [], true);
  const { name, fields, settings } = splitFields(given);
  if (name === undefined) throw new InvalidInputError(say("NAME_MISSING", { action }), ["name"]);
  const read = readSchedule({ ...NEW_SCHEDULE, ...settings }, null, limits, []);
  return await transaction(db, async (tx, after) => {
    const projectId = await findProject(tx, input.project ?? "default", action);
    const container = await insertContainer(tx, { projectId, name, ...fields }, action);
    const [schedule] = await tx.insert(schedules).values({
      containerId: container.id,
      ...settings,
      ...read,
      anchorAt: container.createdAt,
    }).returning();
    if (schedule === undefined) throw new Error("An insert gave no row back");
    await noteChange(tx, container.id, 1, viewer, "created");
    await planSchedule(tx, schedule, schedule, container.enabled);
    tell(after, bus, container, "CREATED");
    return container.id;
  });
}

export async function updateContainer(
  ports: ContainerPorts,
  viewer: Viewer,
  input: ContainerPatch,
): Promise<number> {
  authorise(viewer, "container:change");
  return await transaction(ports.db, async (tx, after) => {
    const action = "update container";
    const container = await lockContainer(tx, input.id, action, ["id"]);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    const changed = await patchContainer(tx, after, ports, container, input, action, []);
    if (changed.length > 0) {
      await bumpVersion(tx, container, viewer, `settings changed: ${changed.join(", ")}`);
    }
    await noteQuietChange(tx, container, viewer, input, changed.length > 0);
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
  const words = [
    ...(switched ? [enabled ? "enabled" : "disabled"] : []),
    ...(typeof name === "string" && name !== container.name && !loud
      ? [`was named "${container.name}"`]
      : []),
  ];
  if (words.length > 0) await noteContainerChange(tx, container.id, viewer, words.join(", "));
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
  const { name, fields: rest, settings } = splitFields(readFields(containerShape, input, action, at));
  const fields = { ...rest, ...(name === undefined ? {} : { name }) };
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
    ...RUNNING_SETTINGS.filter((key) => fields[key] !== undefined && fields[key] !== container[key]),
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
  authorise(viewer, "container:change");
  const action = "copy container";
  const name = check(nameSchema, input.name, action, ["name"]);
  return await transaction(db, async (tx, after) => {
    const { id, createdAt: _created, updatedAt: _updated, version: _version, ...source } =
      await lockContainer(
        tx,
        input.id,
        action,
        ["id"],
      );
    const copy = await insertContainer(tx, { ...source, name, enabled: false }, action);
    const schedule = await readScheduleRow(tx, id);
    await tx.insert(schedules).values({
      ...schedule,
      containerId: copy.id,
      nextFireAt: null,
      anchorAt: copy.createdAt,
    });
    await copyGraph(tx, id, copy.id);
    await noteChange(tx, copy.id, 1, viewer, `copied from "${source.name}"`);
    tell(after, bus, copy, "CREATED");
    return copy.id;
  });
}

export async function deleteContainer(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: { readonly id: number },
): Promise<void> {
  authorise(viewer, "container:change");
  await transaction(db, async (tx, after) => {
    const container = await lockContainer(tx, input.id, "delete container", ["id"]);
    const [active] = await tx.select({ id: runs.id }).from(runs).where(
      and(eq(runs.containerId, container.id), inArray(runs.state, ["QUEUED", "RUNNING"])),
    ).limit(1);
    if (active !== undefined) {
      throw new ConflictError(
        say("CONTAINER_RUNS", { name: container.name }),
        ["id"],
      );
    }
    await noteContainerChange(tx, container.id, viewer, "deleted");
    await tx.delete(containers).where(eq(containers.id, container.id));
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

/** What goes into the container's own row, and what into its schedule's. */
function splitFields(
  { name, expression, timezone, overlap, misfire, lateAfterSeconds, maxCatchUp, dst, ...fields }:
    ContainerValues,
): {
  readonly name: string | undefined;
  readonly fields: typeof fields;
  readonly settings: Partial<Pick<Schedule, typeof SCHEDULE_SETTINGS[number]>>;
} {
  const settings = {
    expression,
    timezone,
    overlap,
    misfire,
    lateAfterSeconds,
    maxCatchUp,
    missingTime: dst?.missing ?? undefined,
    repeatedTime: dst?.repeated ?? undefined,
  };
  // What was not given is left as it is.
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return { name, fields, settings: Object.fromEntries(given) };
}

async function findProject(tx: Transaction, slug: string, action: Action): Promise<number> {
  const [project] = await tx.select({ id: projects.id }).from(projects).where(eq(projects.slug, slug));
  if (project === undefined) {
    throw new NotFoundError(say("NO_PROJECT", { action, slug }), ["project"]);
  }
  return project.id;
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

function refuseDuplicate(error: unknown, name: string, action: Action, at: readonly string[]): unknown {
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
  const copies = await insertTasks(tx, to, taskRows);
  // Names are unique inside a container, so they tell which copy is whose.
  const idOf = new Map(copies.map(({ id, name }) => [name, id]));
  const nameOf = new Map(taskRows.map(({ id, name }) => [id, name]));
  const copyOf = (id: number): number => {
    const copy = idOf.get(nameOf.get(id) ?? "");
    if (copy === undefined) throw new Error(`Task ${id} was not copied`);
    return copy;
  };
  const relationRows = await tx.select().from(relations).where(eq(relations.containerId, from));
  await insertRelations(
    tx,
    relationRows.map(({ upstreamId, downstreamId, condition }) => ({
      containerId: to,
      upstreamId: copyOf(upstreamId),
      downstreamId: copyOf(downstreamId),
      condition,
    })),
  );
}
