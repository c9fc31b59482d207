import assert from "node:assert/strict";
import { eq, sql } from "drizzle-orm";
import { messages } from "../../../schema/tables/message.ts";
import { runs } from "../../../schema/tables/run.ts";
import { slots } from "../../../schema/tables/schedule.ts";
import { markLateSlots } from "../../../server/domain/schedules/lateness.ts";
import { promoteRuns } from "../../../server/domain/runs/queue.ts";
import { cancelRun } from "../../../server/domain/runs/stop.ts";
import { fireDueSchedules } from "../../../server/domain/schedules/fire_schedules.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";
import { readText } from "../../support/sentences.ts";

const GRACE = 60;

/** A container with a run that its schedule has just made. */
async function fired(
  domain: TestDomain,
  input: Parameters<TestDomain["container"]>[0] = {},
): Promise<number> {
  const id = await domain.container({ expression: "@yearly", lateAfterSeconds: GRACE, ...input });
  await domain.task(id, "only");
  await fire(domain, id, 1);
  return id;
}

async function fire(domain: TestDomain, id: number, seconds: number): Promise<void> {
  await domain.db.execute(sql`
    update schedules set next_fire_at = date_trunc('second', clock_timestamp()) - ${seconds} * interval '1 second'
    where container_id = ${id}`);
  await fireDueSchedules(domain.ports);
}

/** Moves the slots and what stands for them into the past, as if so many seconds had gone by. */
async function age(domain: TestDomain, seconds: number): Promise<void> {
  const by = sql`${seconds} * interval '1 second'`;
  await domain.db.execute(sql`update slots set at = at - ${by}`);
  await domain.db.execute(sql`
    update runs set scheduled_for = scheduled_for - ${by}, created_at = created_at - ${by}, started_at = started_at - ${by}`);
  await domain.db.execute(sql`update task_runs set started_at = started_at - ${by}`);
}

const lateOf = async (domain: TestDomain, id: number): Promise<boolean[]> =>
  (await domain.db.select().from(slots).where(eq(slots.containerId, id)).orderBy(slots.at)).map((
    { lateAt },
  ) => lateAt !== null);

const test = (name: string, body: (domain: TestDomain) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db));
  });
};

test("markLateSlots() marks a slot whose run has no task started in time, once", async (domain) => {
  const id = await fired(domain);
  await age(domain, GRACE + 5);

  assert.equal(await markLateSlots(domain.ports), false);
  await markLateSlots(domain.ports);

  assert.deepEqual(await lateOf(domain, id), [true]);
  const told = domain.events.filter((event) => event.kind === "late");
  assert.deepEqual(told.map((event) => event.slots.map(({ containerId }) => containerId)), [[id]]);
  const [message, ...others] = await domain.db.select().from(messages).where(eq(messages.kind, "RUN_LATE"));
  assert.match(readText(message?.text), /had no task started after 60 s$/);
  assert.equal(others.length, 0);
});

test("markLateSlots() leaves a slot within its grace and one whose task has started", async (domain) => {
  const young = await fired(domain);
  await age(domain, GRACE - 20);
  const old = await fired(domain);
  await domain.exchange();
  await age(domain, GRACE - 20);
  // The first is over its grace by now, but both had started by then.
  await markLateSlots(domain.ports);

  assert.deepEqual([await lateOf(domain, young), await lateOf(domain, old)], [[false], [false]]);
});

test("markLateSlots() finds a task that started too late, also when the run is over", async (domain) => {
  const id = await fired(domain);
  await age(domain, GRACE + 5);
  await domain.finish();
  // The agent of the test reports its own times.
  await domain.db.execute(sql`update task_runs set started_at = clock_timestamp()`);

  await markLateSlots(domain.ports);

  assert.deepEqual(await lateOf(domain, id), [true]);
});

test("markLateSlots() leaves a run that was cancelled in time", async (domain) => {
  const id = await fired(domain);
  const [run] = await domain.db.select().from(runs).where(eq(runs.containerId, id));
  await cancelRun(domain.ports, domain.viewer, { id: run?.id ?? 0 });
  await age(domain, GRACE + 5);
  await domain.db.execute(sql`update runs set finished_at = finished_at - interval '10 seconds'`);

  await markLateSlots(domain.ports);

  assert.deepEqual(await lateOf(domain, id), [false]);
});

test("markLateSlots() marks what waits behind another run", async (domain) => {
  const id = await fired(domain, { overlap: "QUEUE" });
  await domain.exchange();
  await fire(domain, id, 0);
  await age(domain, GRACE + 5);

  await markLateSlots(domain.ports);
  await domain.finish();
  await promoteRuns(domain.ports);

  assert.deepEqual(await lateOf(domain, id), [false, true]);
});

test("fireDueSchedules() marks what it catches up with beyond the grace, and tells each run once", async (domain) => {
  const id = await domain.container({ expression: "*/10 * * * * *", lateAfterSeconds: GRACE });
  await domain.task(id, "only");
  await fire(domain, id, 2 * GRACE);

  const late = await lateOf(domain, id);
  assert.equal(late[0], true);
  assert.equal(late.at(-1), false);
  assert.equal(await domain.db.$count(messages, eq(messages.kind, "RUN_LATE")), 1);
});

test("markLateSlots() by several at once marks each slot once", async (domain) => {
  for (let count = 0; count < 20; count++) await fired(domain);
  await age(domain, GRACE + 5);

  await Promise.all(Array.from({ length: 5 }, () => markLateSlots(domain.ports)));

  const told = domain.events.flatMap((event) => event.kind === "late" ? event.slots : []);
  assert.equal(told.length, 20);
  assert.equal(new Set(told.map(({ containerId }) => containerId)).size, 20);
});
