import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { isNamed, layGrid } from "../../../client/runs/grid_state.ts";
import type { RunRow } from "../../../client/runs/runs_state.ts";

const HOUR_MS = 3_600_000;
const FROM = Date.parse("2026-11-21T00:00:00.000Z");

Deno.test("layGrid() has a row for each container by name and a column for each step", () => {
  const runs = [
    run("r1", "beta", "SUCCEEDED", 1),
    run("r2", "alpha", "SUCCEEDED", 3),
    run("r3", "alpha", "FAILED", 3),
  ];

  const grid = layGrid(runs, FROM, FROM + 24 * HOUR_MS, 0);

  strictEqual(grid.stepMs, HOUR_MS);
  strictEqual(grid.columns.length, 24);
  deepStrictEqual(grid.rows.map(({ name }) => name), ["alpha", "beta"]);
  deepStrictEqual(grid.rows[1]?.cells[1], { state: "SUCCEEDED", count: 1, runId: "r1" });
});

Deno.test("layGrid() sorts names as the server does", () => {
  const names = ["Äpfel", "Zeta", "b_1", "beta", "B2", "alpha"];
  const runs = names.map((name, index) => run(`r${index}`, name, "SUCCEEDED", 1));

  const { rows } = layGrid(runs, FROM, FROM + 24 * HOUR_MS, 0);

  deepStrictEqual(rows.map(({ name }) => name), ["alpha", "B2", "b_1", "beta", "Zeta", "Äpfel"]);
});

Deno.test("layGrid() shows of several runs the state that needs somebody, and no single run", () => {
  const runs = [run("r2", "alpha", "SUCCEEDED", 3), run("r3", "alpha", "FAILED", 3)];

  const { rows } = layGrid(runs, FROM, FROM + 24 * HOUR_MS, 0);

  deepStrictEqual(rows[0]?.cells[3], { state: "FAILED", count: 2, runId: null });
});

Deno.test("layGrid() begins its days where they begin on the reader's clock", () => {
  const { columns, stepMs } = layGrid([], FROM, FROM + 30 * 24 * HOUR_MS, 2 * HOUR_MS);

  strictEqual(stepMs, 24 * HOUR_MS);
  strictEqual(columns[0], FROM - 2 * HOUR_MS);
});

function run(id: string, name: string, state: RunRow["state"], hour: number): RunRow {
  return {
    id,
    number: 1,
    containerName: name,
    container: { id: name },
    state,
    cause: "MANUAL",
    single: false,
    createdAt: new Date(FROM + hour * HOUR_MS).toISOString(),
    startedAt: null,
    finishedAt: null,
    reason: null,
    reasonKey: null,
    reasonValues: null,
    startedBy: null,
  };
}

/** The minutes of the day at which a named column begins. */
function named(stepMinutes: number): readonly number[] {
  const columns = Array.from({ length: 1440 / stepMinutes }, (_, place) => place);
  return columns.filter((place) => isNamed(place * stepMinutes, place, stepMinutes * (HOUR_MS / 60)))
    .map((place) => place * stepMinutes);
}

Deno.test("isNamed() names every fourth column, and days alone when a day has few columns", () => {
  deepStrictEqual(named(360), [0]);
  deepStrictEqual(named(180), [0]);
  deepStrictEqual(named(60), [0, 240, 480, 720, 960, 1200]);
  deepStrictEqual(named(15).slice(0, 3), [0, 60, 120]);
  deepStrictEqual(named(5).slice(0, 3), [0, 20, 40]);
});

Deno.test("isNamed() goes by the place of a column when each is a day or longer", () => {
  const days = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((place) => isNamed(0, place, 24 * HOUR_MS));

  deepStrictEqual(days, [0, 4, 8]);
});
