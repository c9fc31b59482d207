import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { addFigures, formatBytes, type HostFigures, linePath } from "../../../client/hosts/host_state.ts";

const NOW = Date.parse("2026-11-21T12:00:00.000Z");
const MINUTE_MS = 60_000;

Deno.test("addFigures() keeps an hour, newest last, and takes none twice", () => {
  const history = [90, 59, 1].map(figuresAgo);

  const added = addFigures(history, figuresAgo(0));
  const again = addFigures(added, figuresAgo(0));

  deepStrictEqual(added.map(({ at }) => at), [59, 1, 0].map((minutes) => figuresAgo(minutes).at));
  deepStrictEqual(again, added);
});

Deno.test("linePath() lays the hour over the box and breaks where nothing was measured", () => {
  const box = { width: 60, height: 10, to: NOW, top: 100 };
  const points = [
    { at: NOW - 30 * MINUTE_MS, value: 0 },
    { at: NOW - MINUTE_MS, value: 50 },
    { at: NOW, value: 200 },
  ];

  strictEqual(linePath(points, box), "M30.0 10.0M59.0 5.0L60.0 0.0");
});

Deno.test("formatBytes() says three figures and the unit", () => {
  strictEqual(formatBytes(0, "en"), "0 byte");
  strictEqual(formatBytes(1536, "en"), "1.5 kB");
  strictEqual(formatBytes(3.4 * 1024 ** 3, "en"), "3.4 GB");
});

function figuresAgo(minutes: number): HostFigures {
  return {
    at: new Date(NOW - minutes * MINUTE_MS).toISOString(),
    cpuPercent: 1,
    memoryUsedBytes: 1,
    memoryTotalBytes: 2,
    load: [0, 0, 0],
    processMemoryBytes: 1,
    running: 0,
  };
}
