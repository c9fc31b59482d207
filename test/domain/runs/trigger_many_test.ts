/** Many ask for runs at once: each gets what it would have got alone, in a few statements. */
import assert from "node:assert/strict";
import { eq } from "drizzle-orm";
import { ConflictError, NotFoundError } from "../../../schema/errors.ts";
import type { OverlapPolicy } from "../../../schema/states.ts";
import { runs } from "../../../schema/tables/run.ts";
import { createTrigger } from "../../../server/domain/runs/trigger.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";

const CALLERS = 50;
const expected: Readonly<Record<OverlapPolicy, Readonly<Record<string, number>>>> = {
  ALLOW: { RUNNING: CALLERS },
  SKIP: { RUNNING: 1 },
  QUEUE: { RUNNING: 1, QUEUED: 1 },
  // The first one is told to stop, and the newest waits for its end.
  REPLACE: { RUNNING: 1, QUEUED: 1, CANCELLED: CALLERS - 2 },
};

const test = (name: string, run: (domain: TestDomain) => Promise<void>): void =>
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await run(await openDomain(opened.db));
  });

for (const overlap of ["ALLOW", "SKIP", "QUEUE", "REPLACE"] as const) {
  test(`createTrigger() gives ${CALLERS} callers at once what overlap ${overlap} says`, async (domain) => {
    const trigger = createTrigger(domain.ports);
    const containerId = await containerOf(domain, overlap);
    // The first call's run is the one that all others meet.
    const first = await trigger(domain.viewer, { containerId });
    await domain.exchange();

    const others = await Promise.allSettled(
      Array.from({ length: CALLERS - 1 }, () => trigger(domain.viewer, { containerId })),
    );

    const rows = await domain.db.select().from(runs).where(eq(runs.containerId, containerId));
    const states = Object.fromEntries(
      [...Map.groupBy(rows, ({ state }) => state)].map(([state, { length }]) => [state, length]),
    );
    const made = others.flatMap((other) => other.status === "fulfilled" ? [other.value] : []);
    assert.deepEqual(states, expected[overlap]);
    assert.deepEqual(new Set([first, ...made]), new Set(rows.map(({ id }) => id)));
    for (const other of others) {
      assert.ok(other.status === "fulfilled" || other.reason instanceof ConflictError);
    }
  });
}

test("createTrigger() refuses one of many callers without harm to the others", async (domain) => {
  const trigger = createTrigger(domain.ports);
  const one = await containerOf(domain, "SKIP");
  const other = await containerOf(domain, "SKIP");
  const calls = [one, 999_999, other].map((containerId) => trigger(domain.viewer, { containerId }));

  const [first, unknown, last] = await Promise.allSettled(calls);

  assert.deepEqual([first?.status, last?.status], ["fulfilled", "fulfilled"]);
  assert.ok(unknown?.status === "rejected" && unknown.reason instanceof NotFoundError);
});

test("createTrigger() fails the calls that the database does not take, and no others", async (domain) => {
  const trigger = createTrigger(domain.ports);
  const containerId = await containerOf(domain, "ALLOW");
  const bad = (index: number): boolean => index % 11 === 5;

  const calls = await Promise.allSettled(
    Array.from(
      { length: 33 },
      (_, index) =>
        trigger(domain.viewer, { containerId, environment: { A: bad(index) ? "cut \ud83d" : "whole" } }),
    ),
  );

  assert.deepEqual(
    calls.map(({ status }) => status),
    calls.map((_, index) => bad(index) ? "rejected" : "fulfilled"),
  );
});

test("createTrigger() makes one run for a key that many callers bring at once", async (domain) => {
  const trigger = createTrigger(domain.ports);
  const containerId = await containerOf(domain, "ALLOW");
  const call = (environment = {}): Promise<number> =>
    trigger(domain.viewer, { containerId, environment, idempotencyKey: "night" });

  const [ids, [different]] = await Promise.all([
    Promise.all(Array.from({ length: 10 }, () => call())),
    Promise.allSettled([call({ A: "1" })]),
  ]);

  assert.equal(new Set(ids).size, 1);
  assert.ok(different?.status === "rejected" && different.reason instanceof ConflictError);
});

async function containerOf(domain: TestDomain, overlap: OverlapPolicy): Promise<number> {
  const containerId = await domain.container({ overlap });
  await domain.task(containerId, "only");
  return containerId;
}
