import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { dayRange, layCalendar } from "../../../client/runs/calendar_state.ts";

Deno.test("layCalendar() puts the newest week on top and each day under its name", () => {
  // 2026-11-18 is a Wednesday.
  const days = ["2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"]
    .map((day, index) => ({ day, succeeded: index, failed: 0, cancelled: 0 }));

  const weeks = layCalendar(days);

  deepStrictEqual(weeks.map(({ days }) => days.map((day) => day?.day.slice(-2) ?? null)), [
    ["23", null, null, null, null, null, null],
    [null, null, "18", "19", "20", "21", "22"],
  ]);
  strictEqual(weeks[0]?.days[0]?.level, 1);
  strictEqual(weeks[1]?.days[2]?.level, 0);
});

Deno.test("layCalendar() names the month of each week, and each month once", () => {
  // 2026-11-30 is a Monday: its week belongs to December, since the newest day does.
  const days = Array.from({ length: 16 }, (_, index) => ({
    day: new Date(Date.UTC(2026, 10, 17 + index)).toISOString().slice(0, 10),
    succeeded: 1,
    failed: 0,
    cancelled: 0,
  }));

  const weeks = layCalendar(days);

  deepStrictEqual(weeks.map(({ month, newestOfMonth }) => [month, newestOfMonth]), [
    ["2026-12", true],
    ["2026-11", true],
    ["2026-11", false],
  ]);
});

Deno.test("layCalendar() of nothing is nothing", () => {
  deepStrictEqual(layCalendar([]), []);
});

Deno.test("dayRange() goes from midnight to midnight", () => {
  const { from, to } = dayRange("2026-11-21");

  strictEqual(new Date(from).getHours(), 0);
  strictEqual(new Date(to).getDate(), 22);
});

Deno.test("layCalendar() leaves out old weeks in which nothing ran, but for a few", () => {
  // 2026-11-22 is a Sunday; 70 days are ten weeks.
  const daysUntil = (ranAt: number): Parameters<typeof layCalendar>[0] =>
    Array.from({ length: 70 }, (_, index) => ({
      day: new Date(Date.UTC(2026, 10, 22 - 69 + index)).toISOString().slice(0, 10),
      succeeded: index === ranAt ? 1 : 0,
      failed: 0,
      cancelled: 0,
    }));

  strictEqual(layCalendar(daysUntil(69)).length, 5);
  strictEqual(layCalendar(daysUntil(-1)).length, 5);
  strictEqual(layCalendar(daysUntil(20)).length, 8);
  strictEqual(layCalendar(daysUntil(0)).length, 10);
});
