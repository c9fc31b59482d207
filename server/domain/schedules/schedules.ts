/** When containers run, told to people: previews, what is to come, what was due, what a change would do. */
import type { Database } from "../../db/database.ts";
import type { Schedules } from "./interface.ts";
import { listMissed, listSlots } from "./ledger.ts";
import { comingFires, describeSchedule } from "./planning.ts";
import { previewExpression, readLanguage } from "./preview.ts";
import type { ScheduleLimits } from "./schedule_rows.ts";
import { simulateChange } from "./simulation.ts";
import { listUpcoming } from "./upcoming.ts";

interface ScheduleParts {
  readonly db: Database;
  readonly clock: { now(): number };
  readonly limits: ScheduleLimits;
}

export function createSchedules({ db, clock, limits }: ScheduleParts): Schedules {
  return {
    preview: (input) => previewExpression(input, input.from ?? new Date(clock.now()), limits),
    nextFires({ expression, nextFireAt, ...schedule }, count): readonly Date[] {
      if (expression === null || nextFireAt === null || count === 0) return [];
      // The first is the one that fires, whatever the expression says by now.
      return [nextFireAt, ...comingFires({ ...schedule, expression }, nextFireAt, count - 1)];
    },
    describe: (schedule, language) => describeSchedule(schedule, readLanguage(language)),
    slots: (visible, containerId, range) => listSlots(db, visible, containerId, range),
    didNotRun: (visible, input) => listMissed(db, visible, input),
    upcoming: (visible, input) => listUpcoming(db, visible, input),
    simulate: (visible, input) => simulateChange(db, visible, limits, input),
  };
}
