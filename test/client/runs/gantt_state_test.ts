import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { barPlace, buildGantt, chooseTicks, type GanttTask } from "../../../client/runs/gantt_state.ts";

const at = (second: number): string => new Date(second * 1000).toISOString();
const run = { createdAt: at(0), finishedAt: at(20) };

function task(id: string, attempts: readonly (readonly [number, number | null])[], more = {}): GanttTask {
  const [first, last] = [attempts[0], attempts.at(-1)];
  const end = last?.[1] ?? null;
  return {
    id,
    name: id,
    state: "SUCCEEDED",
    startedAt: first === undefined ? null : at(first[0]),
    finishedAt: end === null ? null : at(end),
    attempts: attempts.map(([from, to], index) => ({
      number: index + 1,
      state: to === null ? "RUNNING" : index + 1 < attempts.length ? "FAILED" : "SUCCEEDED",
      startedAt: at(from),
      finishedAt: to === null ? null : at(to),
    })),
    ...more,
  };
}
const linked = [{ upstream: { id: "a" }, downstream: { id: "b" } }];

Deno.test("buildGantt() tells waiting from running, and gives each attempt a bar of its own", () => {
  const { rows } = buildGantt(run, [task("a", [[1, 4]]), task("b", [[6, 8], [12, 20]])], linked, 0);

  const bars = rows.map((row) => row.bars.map(({ kind, number, from, to }) => [kind, number, from, to]));
  deepStrictEqual(bars, [
    [["waiting", 1, 0, 1000], ["attempt", 1, 1000, 4000]],
    [
      ["waiting", 1, 4000, 6000],
      ["attempt", 1, 6000, 8000],
      ["waiting", 2, 8000, 12_000],
      ["attempt", 2, 12_000, 20_000],
    ],
  ]);
  deepStrictEqual(rows.map(({ critical }) => critical), [true, true]);
});

Deno.test("buildGantt() draws what is open up to now", () => {
  const open = { createdAt: at(0), finishedAt: null };
  const tasks = [task("a", [[0, null]], { state: "RUNNING" }), task("c", [], { state: "READY" })];

  const { rows, spanMs } = buildGantt(open, tasks, [], 7000);

  strictEqual(spanMs, 7000);
  deepStrictEqual(rows.map(({ bars }) => bars.map(({ kind, from, to }) => [kind, from, to])), [
    [["attempt", 0, 7000]],
    [["waiting", 0, 7000]],
  ]);
});

Deno.test("buildGantt() has no bar for a task that only waits for others, or never ran", () => {
  const tasks = [task("a", [], { state: "PENDING" }), task("b", [], { state: "SKIPPED", finishedAt: at(3) })];

  deepStrictEqual(buildGantt(run, tasks, [], 0).rows.map(({ bars }) => bars), [[], []]);
});

for (
  const [spanMs, expected] of [
    [100, [0, 20, 40, 60, 80, 100]],
    [20_000, [0, 5000, 10_000, 15_000, 20_000]],
    [3_600_000, [0, 600_000, 1_200_000, 1_800_000, 2_400_000, 3_000_000, 3_600_000]],
  ] as const
) {
  Deno.test(`chooseTicks() marks ${spanMs} ms with round times`, () => {
    deepStrictEqual(chooseTicks(spanMs), expected);
  });
}

Deno.test("chooseTicks() never makes more than a few, however long the run", () => {
  for (const spanMs of [1, 999, 86_400_000, 1e10, 1e13]) {
    strictEqual(chooseTicks(spanMs).length <= 8, true, `${spanMs} ms`);
  }
});

Deno.test("barPlace() keeps a bar inside the track", () => {
  const bar = { kind: "attempt", state: "RUNNING", number: 1, from: 5000, to: 15_000 } as const;

  deepStrictEqual(barPlace(bar, 10_000), { left: 50, width: 50 });
});
