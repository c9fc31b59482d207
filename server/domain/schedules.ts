/** When containers run, told to people: previews, what is to come, what was due, what a change would do. */
import type { Database, Schedules } from "../../schema/graphql/context.ts";
import { listMissed, listSlots } from "./ledger.ts";
import { comingFires, describeSchedule } from "./planning.ts";
import { previewExpression, readLanguage } from "./preview.ts";
import type { ScheduleLimits } from "./schedule_rows.ts";
import { simulateChange } from "./simulation.ts";
import { listUpcoming } from "./upcoming.ts";

export interface ScheduleParts {
  readonly db: Database;
  readonly clock: { now(): number };
  readonly limits: ScheduleLimits;
}

export function createSchedules({ db, clock, limits }: ScheduleParts): Schedules {
  return {
    preview: (input) => previewExpression(input, input.from ?? new Date(clock.now()), limits),
    nextFires(schedule, enabled, count): readonly Date[] {
      if (!enabled || schedule.expression === null || schedule.fault !== null) return [];
      return comingFires({ ...schedule, expression: schedule.expression }, new Date(clock.now()), count);
    },
    describe: (schedule, language) => describeSchedule(schedule, readLanguage(language)),
    slots: (containerId, range) => listSlots(db, containerId, range),
    didNotRun: (input) => listMissed(db, input),
    upcoming: (input) => listUpcoming(db, input),
    simulate: (input) => simulateChange(db, limits, input),
  };
}
