import assert from "node:assert/strict";
import { eq, sql } from "drizzle-orm";
import { runs } from "../../../schema/tables/run.ts";
import { schedules, slots } from "../../../schema/tables/schedule.ts";
import { updateContainer } from "../../../server/domain/containers/containers.ts";
import { planNextFire } from "../../../server/domain/schedules/planning.ts";
import { promoteRuns } from "../../../server/domain/runs/queue.ts";
import { fireDueSchedules, nextSlotInMs } from "../../../server/domain/schedules/fire_schedules.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, pass, type TestDomain, usualLimits } from "../../support/domain.ts";
import { readText } from "../../support/sentences.ts";

async function scheduled(
  domain: TestDomain,
  input: Parameters<TestDomain["container"]>[0] = {},
): Promise<number> {
  const id = await domain.container({ expression: "@hourly", ...input });
  await domain.task(id, "only");
  return id;
}

/** Moves the next slot into the past, as if nobody had looked since. */
async function overdue(domain: TestDomain, containerId: number, seconds: number): Promise<Date> {
  const [row] = await domain.db.execute<{ at: number }>(sql`
    update schedules set next_fire_at = date_trunc('second', clock_timestamp()) - ${seconds} * interval '1 second'
    where container_id = ${containerId} returning (extract(epoch from next_fire_at) * 1000)::float8 as at`);
  return new Date(row?.at ?? 0);
}

const ledger = (domain: TestDomain, containerId: number): Promise<(typeof slots.$inferSelect)[]> =>
  domain.db.select().from(slots).where(eq(slots.containerId, containerId)).orderBy(slots.at);

const runsOf = (domain: TestDomain, containerId: number): Promise<(typeof runs.$inferSelect)[]> =>
  domain.db.select().from(runs).where(eq(runs.containerId, containerId)).orderBy(runs.id);

const test = (name: string, body: (domain: TestDomain) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db));
  });
};

test("fireDueSchedules() makes slot and run and moves the schedule on", async (domain) => {
  const id = await scheduled(domain);
  const at = await overdue(domain, id, 1);

  const more = await fireDueSchedules(domain.ports);

  const [run] = await runsOf(domain, id);
  assert.deepEqual([run?.cause, run?.scheduledFor, run?.startedBy], ["SCHEDULE", at, null]);
  assert.deepEqual((await ledger(domain, id)).map((slot) => [slot.at, slot.outcome, slot.runId]), [[
    at,
    "FIRED",
    run?.id,
  ]]);
  const [schedule] = await domain.db.select().from(schedules).where(eq(schedules.containerId, id));
  assert.ok(schedule?.nextFireAt !== null && (schedule?.nextFireAt ?? at) > new Date());
  assert.equal(more, false);
});

test("fireDueSchedules() by ten at once fires a slot once", async (domain) => {
  const ids = [];
  for (let index = 0; index < 5; index++) ids.push(await scheduled(domain));
  for (const id of ids) await overdue(domain, id, 1);

  await Promise.all(Array.from({ length: 10 }, () => fireDueSchedules(domain.ports)));

  for (const id of ids) assert.equal((await runsOf(domain, id)).length, 1);
});

test("fireDueSchedules() leaves what is not due, disabled or without expression", async (domain) => {
  const id = await scheduled(domain);
  const off = await scheduled(domain, { enabled: false });
  const manual = await scheduled(domain, { expression: null });

  await fireDueSchedules(domain.ports);

  for (const container of [id, off, manual]) assert.deepEqual(await ledger(domain, container), []);
  const dueInMs = await nextSlotInMs(domain.db);
  assert.ok(dueInMs !== null && dueInMs > 0 && dueInMs <= 3_600_000);
});

test("fireDueSchedules() skips a slot whose container has no enabled task, with a word", async (domain) => {
  const id = await domain.container({ expression: "@hourly" });
  await overdue(domain, id, 1);

  await fireDueSchedules(domain.ports);

  const [slot] = await ledger(domain, id);
  assert.deepEqual([slot?.outcome, slot?.runId], ["SKIPPED", null]);
  assert.match(readText(slot?.reason), /^Empty/);
});

test("fireDueSchedules() skips a slot while a run is active, with a word", async (domain) => {
  const id = await scheduled(domain);
  await overdue(domain, id, 1);
  await fireDueSchedules(domain.ports);
  await overdue(domain, id, 0);

  await fireDueSchedules(domain.ports);

  const outcomes = (await ledger(domain, id)).map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ["FIRED", "SKIPPED"]);
  assert.equal((await runsOf(domain, id)).length, 1);
});

test("misfire ONCE: one CATCH_UP run for the newest slot, and every slot points to it", async (domain) => {
  const id = await scheduled(domain, { expression: "*/10 * * * * *", misfire: "ONCE" });
  await overdue(domain, id, 120);

  await fireDueSchedules(domain.ports);

  const late = (await ledger(domain, id)).filter(({ outcome }) => outcome === "CAUGHT_UP");
  const caughtUp = (await runsOf(domain, id)).filter(({ cause }) => cause === "CATCH_UP");
  assert.equal(caughtUp.length, 1);
  assert.ok(late.length >= 11, `${late.length} slots`);
  assert.ok(late.every(({ runId }) => runId === caughtUp[0]?.id));
  assert.deepEqual(caughtUp[0]?.scheduledFor, late.at(-1)?.at);
});

test("misfire SKIP: every missed slot is in the ledger and none runs", async (domain) => {
  const id = await scheduled(domain, { expression: "*/10 * * * * *", misfire: "SKIP" });
  await overdue(domain, id, 120);

  await fireDueSchedules(domain.ports);

  const missed = (await ledger(domain, id)).filter(({ outcome }) => outcome === "MISSED");
  assert.ok(missed.length >= 11);
  assert.equal((await runsOf(domain, id)).filter(({ cause }) => cause === "CATCH_UP").length, 0);
});

test("misfire ALL: a CATCH_UP run for each, one after another, oldest first", async (domain) => {
  const id = await scheduled(domain, { expression: "0 * * * * *", misfire: "ALL" });
  await overdue(domain, id, 190);
  await fireDueSchedules(domain.ports);
  const states = (await runsOf(domain, id)).filter(({ cause }) => cause === "CATCH_UP").map(({ state }) =>
    state
  );

  await domain.finish();
  await promoteRuns(domain.ports);
  await domain.finish();

  assert.equal(states[0], "RUNNING");
  assert.ok(states.length >= 3 && states.slice(1).every((state) => state === "QUEUED"));
  const after = (await runsOf(domain, id)).filter(({ cause }) => cause === "CATCH_UP");
  assert.ok(after.every(({ state }) => state === "SUCCEEDED"));
  const starts = after.map(({ startedAt }) => startedAt?.getTime() ?? 0);
  assert.deepEqual(starts, [...starts].sort((left, right) => left - right));
});

test("misfire ALL: as many as the container allows, the oldest first, and the rest is missed", async (domain) => {
  const id = await scheduled(domain, { expression: "*/10 * * * * *", misfire: "ALL", maxCatchUp: 2 });
  await overdue(domain, id, 120);

  await fireDueSchedules(domain.ports);

  const outcomes = (await ledger(domain, id)).map(({ outcome }) => outcome);
  assert.deepEqual(outcomes.slice(0, 3), ["CAUGHT_UP", "CAUGHT_UP", "MISSED"]);
  assert.equal(outcomes.filter((outcome) => outcome === "CAUGHT_UP").length, 2);
  assert.match(readText((await ledger(domain, id))[2]?.reason), /more than 2 slots/);
});

test("a slot within the misfire grace of the server is fired as if in time", async (domain) => {
  const id = await scheduled(domain);
  await overdue(domain, id, 30);

  await fireDueSchedules({ ...domain.ports, limits: { ...usualLimits, missedAfterSeconds: 60 } });

  const [run] = await runsOf(domain, id);
  assert.equal(run?.cause, "SCHEDULE");
});

test("fireDueSchedules() goes by the container's rule for clock changes", async (domain) => {
  const id = await scheduled(domain, {
    expression: "30 2 * * *",
    timezone: "Europe/Berlin",
    dst: { missing: "SKIP" },
  });
  const next = async (): Promise<Date | null | undefined> =>
    (await domain.db.select().from(schedules).where(eq(schedules.containerId, id)))[0]?.nextFireAt;
  const planned = (missingTime: "SKIP" | "SHIFT"): Date | null =>
    planNextFire({
      containerId: id,
      expression: "30 2 29 3 *",
      timezone: "Europe/Berlin",
      missingTime,
      repeatedTime: "FIRST",
      anchorAt: new Date(0),
    }, new Date());
  await updateContainer(domain.ports, domain.viewer, { id, expression: "30 2 29 3 *" });
  const skipping = await next();
  await updateContainer(domain.ports, domain.viewer, { id, dst: { missing: "SHIFT" } });

  assert.deepEqual([skipping, await next()], [planned("SKIP"), planned("SHIFT")]);
});

test("a stored expression that cannot be planned stops only itself, with a word", async (domain) => {
  const broken = await scheduled(domain, { name: "broken" });
  const sound = await scheduled(domain);
  await domain.db.update(schedules).set({ expression: "61 * * * *" }).where(
    eq(schedules.containerId, broken),
  );
  const at = await overdue(domain, broken, 1);
  await overdue(domain, sound, 1);

  const more = await fireDueSchedules(domain.ports);
  await fireDueSchedules(domain.ports);

  assert.equal(more, false);
  assert.equal((await runsOf(domain, sound)).length, 1);
  const slotsOfBroken = await ledger(domain, broken);
  assert.deepEqual(slotsOfBroken.map((slot) => [slot.at, slot.outcome, slot.runId]), [[
    at,
    "SKIPPED",
    null,
  ]]);
  assert.match(readText(slotsOfBroken[0]?.reason), /cannot be planned: Cannot read "61"/);
  const [row] = await domain.db.select().from(schedules).where(eq(schedules.containerId, broken));
  assert.equal(row?.nextFireAt, null);
  assert.match(readText(row?.fault), /Cannot read "61"/);
  const told = domain.events.filter(({ kind }) => kind === "schedule-fault");
  assert.equal(told.length, 1);
  assert.partialDeepStrictEqual(told[0], { containerId: broken, containerName: "broken" });
});

test("a schedule that could not be planned goes on when it is changed", async (domain) => {
  const id = await scheduled(domain);
  await domain.db.update(schedules).set({ expression: "61 * * * *" }).where(eq(schedules.containerId, id));
  await overdue(domain, id, 1);
  await fireDueSchedules(domain.ports);

  await updateContainer(domain.ports, domain.viewer, { id, expression: "@daily" });

  const [row] = await domain.db.select().from(schedules).where(eq(schedules.containerId, id));
  assert.equal(row?.fault, null);
  assert.ok(row?.nextFireAt);
});

test("an expression that never fires is stored and asks for nothing", async (domain) => {
  const id = await scheduled(domain, { expression: "0 0 31 2 *" });

  assert.equal(await fireDueSchedules(domain.ports), false);
  const [row] = await domain.db.select().from(schedules).where(eq(schedules.containerId, id));
  assert.equal(row?.nextFireAt, null);
});

test("a slot that is due when the container is disabled is in the ledger as skipped", async (domain) => {
  const id = await scheduled(domain);
  const at = await overdue(domain, id, 1);

  await updateContainer(domain.ports, domain.viewer, { id, enabled: false });
  await fireDueSchedules(domain.ports);

  assert.deepEqual((await ledger(domain, id)).map((slot) => [slot.at, slot.outcome]), [[at, "SKIPPED"]]);
});

test("a slot that is due when the expression is edited still fires", async (domain) => {
  const id = await scheduled(domain);
  const at = await overdue(domain, id, 1);

  await updateContainer(domain.ports, domain.viewer, { id, expression: "0 0 1 1 *" });
  await fireDueSchedules(domain.ports);

  assert.deepEqual((await ledger(domain, id)).map((slot) => [slot.at, slot.outcome]), [[at, "FIRED"]]);
});

test("1,000 schedules due at once are fired, each once", async (domain) => {
  const first = await scheduled(domain);
  await domain.db.execute(sql`
    with made as (
      insert into containers (project_id, name)
      select project_id, 'many ' || n from containers, generate_series(1, 999) n where id = ${first} returning id
    ), planned as (insert into schedules (container_id, expression) select id, '@hourly' from made)
    insert into tasks (container_id, name, command) select id, 'only', ':' from made`);
  await domain.db.execute(sql`update schedules set next_fire_at = clock_timestamp()`);
  await pass(domain.db, 1);

  while (await fireDueSchedules(domain.ports));

  assert.equal(await domain.db.$count(runs), 1_000);
  assert.equal(await domain.db.$count(slots), 1_000);
});
