/** What a change of a schedule would do, before it is saved. */
import { sql } from "drizzle-orm";
import { InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { openVisible } from "../accounts/visible_database.ts";
import type { Simulation, SimulationInput } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { Schedule } from "../../../schema/tables/schedule.ts";
import { dueInstants, type PlannedSchedule } from "./planning.ts";
import { compareRuns, type SimulatedWorld, simulateRuns } from "../rules/simulation.ts";
import { readSchedule, type ScheduleLimits } from "./schedule_rows.ts";

const MAX_DAYS = 366;
const MAX_FIRES = 10_000;
const DAY_MS = 24 * 3_600_000;
/** Runs whose median length stands for the next one's. */
const MEASURED_RUNS = 20;

/** Both sides are told by the same rules, so that what differs is what the change does. */
export async function simulateChange(
  db: Database,
  visible: Visible,
  limits: ScheduleLimits,
  input: SimulationInput,
): Promise<Simulation> {
  refuseSpan(input);
  const present = await openVisible(db, visible).query.schedules.findFirst({
    where: { containerId: input.containerId },
  });
  if (present === undefined) {
    throw new NotFoundError(say("NO_CONTAINER", { action: "simulate" }), ["containerId"]);
  }
  const changed = changeSchedule(present, limits, input);
  const world = await readWorld(db, input);
  const runsOf = (schedule: Schedule): readonly Date[] =>
    simulateRuns(firesWithin(schedule, input), schedule, world);
  return compareRuns(runsOf(present), runsOf(changed));
}

function changeSchedule(present: Schedule, limits: ScheduleLimits, input: SimulationInput): Schedule {
  const { missing, repeated } = input.dst ?? {};
  const next = {
    ...present,
    missingTime: missing ?? present.missingTime,
    repeatedTime: repeated ?? present.repeatedTime,
    misfire: input.misfire ?? present.misfire,
    overlap: input.overlap ?? present.overlap,
  };
  const given = {
    ...next,
    expression: input.expression ?? present.expression,
    timezone: input.timezone ?? present.timezone,
  };
  return { ...next, ...readSchedule(given, present, limits, []) };
}

function firesWithin(schedule: Schedule, { from, to }: SimulationInput): readonly Date[] {
  if (schedule.expression === null) return [];
  const planned: PlannedSchedule = { ...schedule, expression: schedule.expression };
  const fires = dueInstants(planned, from, new Date(to.getTime() - 1), MAX_FIRES + 1);
  if (fires.length <= MAX_FIRES) return fires;
  throw new InvalidInputError(
    say("SIMULATED_FIRES", { expression: schedule.expression, most: MAX_FIRES }),
    ["to"],
  );
}

function refuseSpan({ from, to }: SimulationInput): void {
  const days = (to.getTime() - from.getTime()) / DAY_MS;
  if (days > 0 && days <= MAX_DAYS) return;
  throw new InvalidInputError(
    say("SIMULATED_SPAN", { from: from.toISOString(), to: to.toISOString(), days: MAX_DAYS }),
    ["to"],
  );
}

/** How long its runs take, and when no server was up, as its ledger tells. */
async function readWorld(db: Database, { containerId, from, to }: SimulationInput): Promise<SimulatedWorld> {
  const [row] = await db.execute<{ seconds: number }>(sql`
    select coalesce(percentile_cont(0.5) within group (order by extract(epoch from finished_at - started_at)), 0) as seconds
    from (
      select started_at, finished_at from runs
      where container_id = ${containerId} and state = 'SUCCEEDED' and started_at is not null and not single
      order by created_at desc, id desc limit ${MEASURED_RUNS}) as measured`);
  const outages = await db.execute<{ from: Date; to: Date }>(sql`
    select min(at) as "from", max(at) as "to" from (
      select at, down, sum((not down)::integer) over (order by at) as stretch
      from (
        select at, outcome in ('MISSED', 'CAUGHT_UP') as down from slots
        where container_id = ${containerId} and at >= ${from.toISOString()}::timestamptz
          and at < ${to.toISOString()}::timestamptz) as told) as stretches
    where down group by stretch order by 1`);
  return { durationMs: (row?.seconds ?? 0) * 1000, outages };
}
