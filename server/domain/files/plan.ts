/** What files would do to the containers that are there. */
import { say } from "../../../schema/sentences.ts";
import type { PlanAction } from "../../../schema/states.ts";
import { NEW_SCHEDULE, splitFields } from "../containers/containers.ts";
import { describeChanges, type PresentContainer, type WantedContainer } from "../containers/wanted.ts";
import { readTimezone, splitTimezone } from "../rules/cron.ts";
import { dueInstants, type PlannedSchedule } from "../schedules/planning.ts";
import type { MovedFires, PlanInput, PlannedContainer } from "./interface.ts";
import type { FileContainer } from "./read_files.ts";

const SPAN_MS = 7 * 24 * 3_600_000;
/** Fires of one container that are compared: a fire every minute, and some. */
const MAX_FIRES = 12_000;
const SHOWN_FIRES = 20;

/** By name. Fires are told from `now` on; null: they are not asked for. */
export function decideChanges(
  wanted: readonly FileContainer[],
  present: ReadonlyMap<string, PresentContainer>,
  { prune, source }: Pick<PlanInput, "prune" | "source">,
  now: Date | null,
): readonly PlannedContainer[] {
  const names = new Set(wanted.map(({ name }) => name));
  const gone = [...present.values()].filter(({ container }) =>
    prune && container.source === source && !names.has(container.name)
  );
  const fires = createFires(now);
  const planned = [
    ...wanted.map((one) => planOne(one, present.get(one.name) ?? null, fires)),
    ...gone.map((was): PlannedContainer => ({
      action: "DELETE",
      name: was.container.name,
      path: null,
      version: was.container.version,
      changes: [say("DELETED")],
      fires: compare(fires(presentSchedule(was)), []),
    })),
  ];
  return planned.sort((one, two) => one.name < two.name ? -1 : 1);
}

function planOne(wanted: FileContainer, was: PresentContainer | null, fires: Fires): PlannedContainer {
  const { name, path } = wanted;
  const is = { name, path, version: was?.container.version ?? 0 };
  const schedule = plannedSchedule(wanted, was);
  if (was === null) {
    const tasks = wanted.tasks.map((task) => say("TASK_ADDED", { name: task.name ?? "" }));
    return {
      ...is,
      action: "CREATE",
      changes: [say("CREATED"), ...tasks],
      fires: compare([], fires(schedule)),
    };
  }
  const changes = describeChanges(was, wanted);
  const action: PlanAction = changes.length === 0 ? "UNCHANGED" : "UPDATE";
  return { ...is, action, changes, fires: compare(fires(presentSchedule(was)), fires(schedule)) };
}

/** What names its fires; null when it has none. */
function plannedSchedule(wanted: WantedContainer, was: PresentContainer | null): PlannedSchedule | null {
  const { fields, settings } = splitFields(wanted.settings);
  const { expression: given, ...schedule } = { ...NEW_SCHEDULE, ...was?.schedule, ...settings };
  const enabled = fields.enabled ?? was?.container.enabled ?? true;
  if (given === null || !enabled) return null;
  const { expression, timezone } = splitTimezone(given);
  return {
    ...schedule,
    expression,
    timezone: timezone === null ? schedule.timezone : readTimezone(timezone, null),
    containerId: was?.container.id ?? 0,
    anchorAt: was?.schedule.anchorAt ?? new Date(0),
  };
}

function presentSchedule({ container, schedule }: PresentContainer): PlannedSchedule | null {
  const { expression } = schedule;
  return expression === null || !container.enabled ? null : { ...schedule, expression };
}

type Fires = (schedule: PlannedSchedule | null) => readonly number[];

/** Containers that have a schedule in common are evaluated once. */
function createFires(now: Date | null): Fires {
  if (now === null) return () => [];
  const until = new Date(now.getTime() + SPAN_MS);
  const known = new Map<string, readonly number[]>();
  return (schedule) => {
    if (schedule === null) return [];
    const { containerId, expression, timezone, missingTime, repeatedTime, anchorAt } = schedule;
    const own = /^@every|h/i.test(expression) ? `${containerId} ${anchorAt.getTime()}` : "";
    const key = [expression, timezone, missingTime, repeatedTime, own].join(" ");
    const found = known.get(key) ?? readFires(schedule, now, until);
    known.set(key, found);
    return found;
  };
}

function readFires(schedule: PlannedSchedule, now: Date, until: Date): readonly number[] {
  try {
    return dueInstants(schedule, now, until, MAX_FIRES).map(Number);
  } catch {
    // What cannot be read any more fires no more; the file's own expression has its fault already.
    return [];
  }
}

function compare(before: readonly number[], after: readonly number[]): MovedFires | null {
  if (before === after) return null;
  const [old, now] = [new Set(before), new Set(after)];
  const added = after.filter((at) => !old.has(at));
  const removed = before.filter((at) => !now.has(at));
  if (added.length === 0 && removed.length === 0) return null;
  const first = (fires: readonly number[]): readonly Date[] =>
    fires.slice(0, SHOWN_FIRES).map((at) => new Date(at));
  return {
    addedCount: added.length,
    removedCount: removed.length,
    firstAdded: first(added),
    firstRemoved: first(removed),
  };
}
