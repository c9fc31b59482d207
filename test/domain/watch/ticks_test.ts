import assert from "node:assert/strict";
import { InvalidInputError } from "../../../schema/errors.ts";
import type { HostStats } from "../../../server/domain/statistics/interface.ts";
import { watchHeartbeat, watchHostStats } from "../../../server/domain/watch/intervals.ts";
import { read } from "./reader.ts";

const stats: HostStats = {
  at: new Date(0),
  cpuPercent: 1,
  memoryUsedBytes: 2,
  memoryTotalBytes: 3,
  load: [1, 2, 3],
  processMemoryBytes: 4,
  running: 5,
  spoolUsedBytes: 6,
  spoolLimitBytes: 7,
};

Deno.test("hostStats() gives the agent's figures at once and again after the seconds", async () => {
  const asked: (number | null)[] = [];
  const figures = {
    hostStats(agentId: number | null): Promise<HostStats> {
      asked.push(agentId);
      return Promise.resolve(stats);
    },
  };

  const reader = read((signal) => watchHostStats(figures, 7, 1, signal));
  await reader.until((batches) => batches.length === 2);
  await reader.stop();

  assert.deepEqual(reader.batches, [stats, stats]);
  assert.deepEqual(asked, [7, 7]);
});

Deno.test("hostStats() refuses seconds that are out of its range", () => {
  const figures = { hostStats: () => Promise.resolve(stats) };
  const { signal } = new AbortController();

  for (const seconds of [0, -1, 1.5, 3601, NaN]) {
    assert.throws(() => watchHostStats(figures, null, seconds, signal), (error) => {
      assert.ok(error instanceof InvalidInputError);
      assert.deepEqual(error.path, ["everySeconds"]);
      return true;
    });
  }
});

Deno.test("hostStats() passes a fault on to its reader", async () => {
  const figures = { hostStats: () => Promise.reject(new Error("gone")) };

  await assert.rejects(read((signal) => watchHostStats(figures, null, 1, signal)).over, /gone/);
});

Deno.test("heartbeat() beats at once by the clock and ends with its signal", async () => {
  const reader = read((signal) => watchHeartbeat({ now: () => 1234 }, signal));
  await reader.until((batches) => batches.length === 1);

  await reader.stop();

  assert.deepEqual(reader.batches, [new Date(1234)]);
});
