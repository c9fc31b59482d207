import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createService, type Service } from "../../server/engine/service.ts";
import type { Log } from "../../server/log.ts";
import { createTestLog } from "../support/database.ts";
import { until } from "../support/until.ts";

/** A wait that no test sits out: whatever comes after it came of a wake. */
const FOREVER_MS = 3_600_000;

interface Watched {
  readonly service: Service;
  /** How often a pass began. */
  passes(): number;
  readonly faults: readonly string[];
}

/** A service whose passes are these, the last one again and again. */
function watch(...work: readonly (() => Promise<number>)[]): Watched {
  let passes = 0;
  const faults: string[] = [];
  const silent = (): void => {};
  const log: Log = {
    debug: silent,
    info: silent,
    warn: silent,
    error: (message) => void faults.push(message),
  };
  const service = createService("clerk", () => {
    const pass = work[Math.min(passes++, work.length - 1)] ?? idle;
    return pass();
  }, log);
  return { service, passes: () => passes, faults };
}

function idle(): Promise<number> {
  return Promise.resolve(FOREVER_MS);
}

function fail(): Promise<number> {
  return Promise.reject(new Error("the database is gone"));
}

function delayIn(message: string): number {
  return Number(/^The clerk could not do its work and tries again in (\d+) ms$/.exec(message)?.[1]);
}

Deno.test("createService() does nothing until it is started, and works at once then", async () => {
  const { service, passes } = watch(idle);

  service.wake();
  strictEqual(passes(), 0);
  service.start();
  strictEqual(passes(), 1);

  await service.stop();
});

Deno.test("createService() has one loop however often it is started", async () => {
  const { service, passes } = watch(idle);

  service.start();
  service.start();
  await Promise.resolve();

  strictEqual(passes(), 1);
  await service.stop();
});

Deno.test("createService() calls again after the delay that a pass answers", async () => {
  const { service, passes } = watch(() => Promise.resolve(0), () => Promise.resolve(-5), idle);

  service.start();
  await until("it waits", () => passes() === 3);

  await service.stop();
});

Deno.test("createService() ends its wait when it is woken", async () => {
  const { service, passes } = watch(idle);
  service.start();

  for (const expected of [2, 3, 4]) {
    // The pass before is over, and it waits.
    await new Promise((resolve) => setTimeout(resolve));
    service.wake();
    await until("it passes again", () => passes() === expected);
  }

  await service.stop();
});

Deno.test("createService() passes once more after any number of wakes during a pass", async () => {
  const running = Promise.withResolvers<number>();
  const { service, passes } = watch(() => running.promise, idle);
  service.start();

  service.wake();
  service.wake();
  strictEqual(passes(), 1);
  running.resolve(FOREVER_MS);
  await until("the second pass", () => passes() === 2);
  await new Promise((resolve) => setTimeout(resolve));

  strictEqual(passes(), 2);
  await service.stop();
});

Deno.test("createService() tells how long ago it last did its work", async () => {
  let nowMs = 0;
  const service = createService("clerk", fail, createTestLog(), () => nowMs);

  service.start();
  nowMs = 5_000;

  strictEqual(service.sinceRoundMs(), 5_000);
  await service.stop();
});

Deno.test("createService() stops while it waits, twice, and stays stopped", async () => {
  const { service, passes } = watch(idle);
  service.start();
  await new Promise((resolve) => setTimeout(resolve));

  await Promise.all([service.stop(), service.stop()]);
  await service.stop();
  service.wake();
  service.start();
  await new Promise((resolve) => setTimeout(resolve));

  strictEqual(passes(), 1);
});

Deno.test("createService() stops without a start, and does not start after that", async () => {
  const { service, passes } = watch(idle);

  await service.stop();
  service.start();
  await service.stop();

  strictEqual(passes(), 0);
});

Deno.test("createService() has ended its pass when it is stopped, and begins no other", async () => {
  const running = Promise.withResolvers<number>();
  const { service, passes } = watch(() => running.promise, idle);
  service.start();
  service.wake();

  let stopped = false;
  const stopping = service.stop().then(() => void (stopped = true));
  await new Promise((resolve) => setTimeout(resolve));
  strictEqual(stopped, false);
  running.resolve(0);
  await stopping;

  strictEqual(passes(), 1);
});

Deno.test("createService() goes on after faults, later each time up to a limit, at once again after a success", async () => {
  const { service, passes, faults } = watch(...Array<typeof fail>(8).fill(fail), idle, fail, idle);
  service.start();

  for (const expected of [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) {
    await new Promise((resolve) => setTimeout(resolve));
    service.wake();
    await until("it passes again", () => passes() === expected);
  }

  deepStrictEqual(faults.map(delayIn), [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 250]);
  await service.stop();
});

Deno.test("createService() tries again by itself after a fault", async () => {
  const { service, passes, faults } = watch(fail, idle);

  service.start();
  await until("it passes again", () => passes() === 2);

  deepStrictEqual(faults.map(delayIn), [250]);
  await service.stop();
});

Deno.test("createService() stops during the wait after a fault", async () => {
  const { service, passes, faults } = watch(fail);
  service.start();
  await until("the fault is told", () => faults.length === 1);

  await service.stop();

  strictEqual(passes(), 1);
});
