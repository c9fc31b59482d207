/**
 * The fires to come of all containers together. Only the containers whose next slots are the first can have a part in
 * the list, and what they share is evaluated once, one instant after the other for as long as the list has room.
 */
import { sql } from "drizzle-orm";
import { InvalidCronError, InvalidInputError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { inProjects } from "../accounts/visible.ts";
import type { UpcomingSlot } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import { clockChangeOf, expressionOf, type PlannedSchedule, sharedKey } from "./planning.ts";
import { visibleInProject } from "../projects/projects.ts";
import { eachFire } from "../rules/cron_fires.ts";
import { databaseNow } from "./schedule_rows.ts";

const MAX_HOURS = 24 * 31;
const MAX_FIRES = 500;
const HOUR_MS = 3_600_000;

export async function listUpcoming(
  db: Database,
  visible: Visible,
  { project, hours, first }: {
    readonly project: string | null;
    readonly hours: number;
    readonly first: number;
  },
): Promise<readonly UpcomingSlot[]> {
  refuseOutside("hours", hours, 1, MAX_HOURS);
  refuseOutside("first", first, 0, MAX_FIRES);
  const shown = await visibleInProject(db, visible, project, "list upcoming fires");
  const until = new Date((await databaseNow(db)).getTime() + hours * HOUR_MS);
  const schedules = await readNext(db, shown, until, first);
  return mergeFires(schedules, until, first);
}

/** A schedule and its next slot, which fires at that instant even when the expression was edited since. */
interface NextSlot extends PlannedSchedule {
  readonly nextFireAt: Date;
}

/** The fires up to the instant, oldest first, the container's id deciding among equals; `first` of them at most. */
function mergeFires(
  schedules: readonly NextSlot[],
  until: Date,
  first: number,
): readonly UpcomingSlot[] {
  const upcoming: UpcomingSlot[] = [];
  const heads = openHeads(schedules);
  for (;;) {
    // As many as there are different schedules among at most 500: a heap would save nothing that shows.
    const head = heads.reduce((least, each) => each.at < least.at ? each : least, noHead);
    if (head.at > until.getTime()) break;
    // Among equals the id decides, so that all of one instant are looked at.
    const last = upcoming.at(-1)?.at.getTime() ?? -Infinity;
    if (upcoming.length >= first && head.at > last) break;
    const at = new Date(head.at);
    upcoming.push(...head.containerIds.map((containerId) => ({ at, containerId })));
    head.advance();
  }
  return upcoming.sort((one, two) => one.at.getTime() - two.at.getTime() || one.containerId - two.containerId)
    .slice(0, first);
}

/** Containers that fire together, and when they do so next; infinity when never again. */
interface Head {
  readonly containerIds: readonly number[];
  at: number;
  advance(): void;
}

const noHead: Head = { containerIds: [], at: Infinity, advance: () => {} };

function openHeads(schedules: readonly NextSlot[]): readonly Head[] {
  const together = Map.groupBy(schedules, (schedule) => {
    const shared = sharedKey(expressionOf(schedule), schedule) ?? `own ${schedule.containerId}`;
    return `${schedule.nextFireAt.getTime()} ${shared}`;
  });
  return [...together.values()].flatMap((group) => {
    const [schedule] = group;
    return schedule === undefined ? [] : [openHead(schedule, group.map(({ containerId }) => containerId))];
  });
}

function openHead(schedule: NextSlot, containerIds: readonly number[]): Head {
  const start = { ...schedule, dst: clockChangeOf(schedule), from: schedule.nextFireAt };
  const later = eachFire(expressionOf(schedule), start);
  return {
    containerIds,
    at: schedule.nextFireAt.getTime(),
    advance(): void {
      const { value, done } = later.next();
      this.at = done ? Infinity : value.getTime();
    },
  };
}

async function readNext(
  db: Database,
  visible: Visible,
  until: Date,
  first: number,
): Promise<readonly NextSlot[]> {
  const rows = await db.execute<NextSlot & Record<string, unknown>>(sql`
    select s.container_id as "containerId", s.expression, s.timezone, s.missing_time as "missingTime",
      s.repeated_time as "repeatedTime", s.next_fire_at as "nextFireAt", s.anchor_at as "anchorAt"
    from schedules s join containers c on c.id = s.container_id
    where s.next_fire_at <= ${until.toISOString()}::timestamptz
      and ${inProjects(visible, sql`c.project_id`)}
    order by s.next_fire_at, s.container_id limit ${first}`);
  return rows.filter(readable);
}

/** One that cannot be read any more is told by its own fault, not by a list that fails. */
function readable(schedule: NextSlot): boolean {
  try {
    expressionOf(schedule);
    return true;
  } catch (error) {
    if (error instanceof InvalidCronError) return false;
    throw error;
  }
}

function refuseOutside(argument: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new InvalidInputError(
    say("UPCOMING_OUTSIDE", { argument, least, most, value }),
    [argument],
  );
}
