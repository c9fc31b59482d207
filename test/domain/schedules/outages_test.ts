/** What becomes of slots when nobody looked for long, when the schedule is changed by then, or when the clock was set. */
import assert from "node:assert/strict";
import { eq, sql } from "drizzle-orm";
import { messages } from "../../../schema/tables/message.ts";
import { runs } from "../../../schema/tables/run.ts";
import { schedules, slotBacklogs, slots } from "../../../schema/tables/schedule.ts";
import { recordBacklog } from "../../../server/domain/schedules/backlog.ts";
import { updateContainer } from "../../../server/domain/containers/containers.ts";
import { fireDueSchedules, nextSlotInMs } from "../../../server/domain/schedules/fire_schedules.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";
import { readText } from "../../support/sentences.ts";

const DAY_SECONDS = 24 * 3600;
const EVERY_SECONDS = 10;
const RETENTION_DAYS = 30;

async function scheduled(
  domain: TestDomain,
  input: Parameters<TestDomain["container"]>[0] = {},
): Promise<number> {
  const id = await domain.container({ expression: `*/${EVERY_SECONDS} * * * * *`, ...input });
  await domain.task(id, "only");
  return id;
}

/** The server was down for so long; answers the first slot that it missed. */
async function down(domain: TestDomain, containerId: number, seconds: number): Promise<Date> {
  const [row] = await domain.db.execute<{ at: number }>(sql`
    update schedules set next_fire_at = date_trunc('minute', clock_timestamp()) - ${seconds} * interval '1 second'
    where container_id = ${containerId} returning (extract(epoch from next_fire_at) * 1000)::float8 as at`);
  return new Date(row?.at ?? 0);
}

async function settle(domain: TestDomain): Promise<void> {
  while (await fireDueSchedules(domain.ports));
  while (await recordBacklog(domain.ports, RETENTION_DAYS));
}

const ledger = (domain: TestDomain, containerId: number): Promise<(typeof slots.$inferSelect)[]> =>
  domain.db.select().from(slots).where(eq(slots.containerId, containerId)).orderBy(slots.at);

const runsOf = (domain: TestDomain, containerId: number): Promise<(typeof runs.$inferSelect)[]> =>
  domain.db.select().from(runs).where(eq(runs.containerId, containerId)).orderBy(runs.id);

const nextOf = async (domain: TestDomain, containerId: number): Promise<Date | null> => {
  const [row] = await domain.db.select().from(schedules).where(eq(schedules.containerId, containerId));
  return row?.nextFireAt ?? null;
};

/** Every instant from the first missed one up to the next one to come, each once and none left out. */
async function checkWhole(domain: TestDomain, containerId: number, first: Date): Promise<void> {
  const next = await nextOf(domain, containerId);
  assert.ok(next !== null);
  const expected = (next.getTime() - first.getTime()) / 1000 / EVERY_SECONDS;
  const found = await ledger(domain, containerId);
  assert.equal(found.length, expected);
  assert.deepEqual(found[0]?.at, first);
  found.forEach(({ at }, index) =>
    assert.equal(at.getTime(), first.getTime() + index * EVERY_SECONDS * 1000)
  );
  assert.equal(await domain.db.$count(slotBacklogs), 0);
}

const test = (name: string, body: (domain: TestDomain) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db));
  });
};

test("a day's outage with ONCE is one run of the newest slot, to which all the others point", async (domain) => {
  const id = await scheduled(domain, { misfire: "ONCE", overlap: "ALLOW" });
  const first = await down(domain, id, DAY_SECONDS);

  await settle(domain);

  await checkWhole(domain, id, first);
  const caughtUp = (await runsOf(domain, id)).filter(({ cause }) => cause === "CATCH_UP");
  const late = (await ledger(domain, id)).filter(({ outcome }) => outcome === "CAUGHT_UP");
  assert.equal(caughtUp.length, 1);
  assert.deepEqual(caughtUp[0]?.scheduledFor, late.at(-1)?.at);
  assert.ok(late.every(({ runId }) => runId === caughtUp[0]?.id));
  // The grace of five minutes is over for all but the newest.
  assert.ok(late[0]?.lateAt && late.at(-200)?.lateAt && late.at(-1)?.lateAt === null);
});

for (const misfire of ["ONCE", "SKIP", "ALL"] as const) {
  test(`an outage of decades with ${misfire} has as many slots in the ledger as the retention leaves`, async (domain) => {
    const id = await scheduled(domain, { expression: "@hourly", misfire, maxCatchUp: 3 });
    await down(domain, id, 56 * 365 * DAY_SECONDS);

    await settle(domain);

    const runCount = { ONCE: 1, SKIP: 0, ALL: 3 }[misfire];
    assert.equal((await runsOf(domain, id)).filter(({ cause }) => cause === "CATCH_UP").length, runCount);
    const found = (await ledger(domain, id)).length;
    assert.ok(found >= RETENTION_DAYS * 24 && found <= RETENTION_DAYS * 24 + 5, `${found} slots`);
  });
}

test("an outage of more slots than the ledger takes is recorded by its newest ones", async (domain) => {
  const id = await scheduled(domain, { expression: "* * * * * *", overlap: "ALLOW" });
  await down(domain, id, RETENTION_DAYS * DAY_SECONDS);

  await settle(domain);

  const [row] = await domain.db.select({
    count: sql<number>`count(*)::integer`,
    newest: sql<number>`(count(*) filter (where at > clock_timestamp() - interval '13 hours'))::integer`,
  }).from(slots);
  assert.ok(row && row.newest > 12 * 3600 && row.count < 60_000, JSON.stringify(row));
  assert.equal(await domain.db.$count(slotBacklogs), 0);
});

test("a schedule that stops after decades has as many skipped slots as the retention leaves", async (domain) => {
  const id = await scheduled(domain, { expression: "@hourly" });
  await down(domain, id, 56 * 365 * DAY_SECONDS);

  await updateContainer(domain.ports, domain.viewer, { id, enabled: false });
  await settle(domain);

  assert.ok((await ledger(domain, id)).length <= RETENTION_DAYS * 24 + 5);
});

test("a day's outage with SKIP is all missed, told by one message", async (domain) => {
  const id = await scheduled(domain, { misfire: "SKIP", overlap: "ALLOW" });
  const first = await down(domain, id, DAY_SECONDS);

  await settle(domain);

  await checkWhole(domain, id, first);
  const outcomes = (await ledger(domain, id)).map(({ outcome }) => outcome);
  assert.deepEqual([outcomes[0], outcomes[4000]], ["MISSED", "MISSED"]);
  const told = await domain.db.select().from(messages).where(eq(messages.kind, "SLOT_MISSED"));
  assert.equal(told.length, 1);
  assert.ok(readText(told[0]?.text).startsWith(`All slots from ${first.toISOString()} to `));
});

test("a day's outage with ALL is as many runs as the container allows, and the rest is missed", async (domain) => {
  const id = await scheduled(domain, { misfire: "ALL", maxCatchUp: 3, overlap: "ALLOW" });
  const first = await down(domain, id, DAY_SECONDS);

  await settle(domain);

  await checkWhole(domain, id, first);
  const outcomes = (await ledger(domain, id)).map(({ outcome }) => outcome);
  assert.deepEqual(outcomes.slice(0, 4), ["CAUGHT_UP", "CAUGHT_UP", "CAUGHT_UP", "MISSED"]);
  assert.equal(outcomes.filter((outcome) => outcome === "CAUGHT_UP").length, 3);
  assert.match(readText((await ledger(domain, id))[4000]?.reason), /more than 3 slots/);
});

test("a day's outage of a container without tasks is all skipped", async (domain) => {
  const id = await domain.container({ expression: `*/${EVERY_SECONDS} * * * * *` });
  const first = await down(domain, id, DAY_SECONDS);

  await settle(domain);

  await checkWhole(domain, id, first);
  assert.ok((await ledger(domain, id)).every(({ outcome }) => outcome === "SKIPPED"));
});

test("what is due now does not wait for the ledger of an outage", async (domain) => {
  const ids = [];
  for (let count = 0; count < 5; count++) ids.push(await scheduled(domain, { misfire: "SKIP" }));
  for (const id of ids) await down(domain, id, DAY_SECONDS);
  const punctual = await scheduled(domain, { expression: "@yearly" });
  await domain.db.execute(sql`
    update schedules set next_fire_at = clock_timestamp() - interval '1 second' where container_id = ${punctual}`);

  while (await fireDueSchedules(domain.ports));

  assert.equal((await runsOf(domain, punctual)).length, 1);
  assert.equal(await domain.db.$count(slotBacklogs), 5);
  // The scheduler goes on at once while some of the ledger is left.
  assert.equal(await nextSlotInMs(domain.db), 0);
});

test("many schedules with many slots each are taken by several transactions", async (domain) => {
  const ids = [];
  for (let count = 0; count < 4; count++) ids.push(await scheduled(domain, { misfire: "SKIP" }));
  for (const id of ids) await down(domain, id, 900 * EVERY_SECONDS);

  const more = await fireDueSchedules(domain.ports);
  await settle(domain);

  assert.equal(more, true);
  for (const id of ids) assert.ok((await ledger(domain, id)).length >= 900);
});

test("an expression that is edited before an outage is settled fires what it had due by its own rules", async (domain) => {
  const id = await scheduled(domain, { misfire: "ALL", maxCatchUp: 1000, overlap: "ALLOW" });
  const first = await down(domain, id, 300);

  await updateContainer(domain.ports, domain.viewer, { id, expression: "* * * * * *", misfire: "ONCE" });

  const own = await ledger(domain, id);
  assert.deepEqual(own[0]?.at, first);
  own.forEach(({ at }, index) => assert.equal(at.getTime(), first.getTime() + index * EVERY_SECONDS * 1000));
  assert.ok(own.length >= 30);
  const [run] = await runsOf(domain, id);
  // Before the edit, which is the third.
  assert.equal(run?.containerVersion, 2);
  const next = await nextOf(domain, id);
  assert.ok(next !== null && next.getTime() - Date.now() <= 1000);
});

test("a container that is disabled before an outage is settled has its slots skipped", async (domain) => {
  const id = await scheduled(domain, { misfire: "ALL", overlap: "ALLOW" });
  const first = await down(domain, id, 300);

  await updateContainer(domain.ports, domain.viewer, { id, enabled: false });
  await settle(domain);

  const own = await ledger(domain, id);
  assert.deepEqual(own[0]?.at, first);
  assert.ok(own.length >= 30 && own.every(({ outcome }) => outcome === "SKIPPED"));
  assert.deepEqual(await runsOf(domain, id), []);
});

test("a container that is enabled again owes nothing for the time that it was not", async (domain) => {
  const id = await scheduled(domain, { misfire: "ALL" });
  await updateContainer(domain.ports, domain.viewer, { id, enabled: false });
  await domain.db.execute(sql`update containers set updated_at = updated_at - interval '1 day'`);

  await updateContainer(domain.ports, domain.viewer, { id, enabled: true });
  await settle(domain);

  assert.ok((await ledger(domain, id)).every(({ at }) => at > new Date(Date.now() - 60_000)));
  assert.ok(await nextOf(domain, id));
});

test("a clock that was set back fires no slot again, and holds up nobody", async (domain) => {
  const id = await scheduled(domain, { misfire: "ALL", overlap: "ALLOW" });
  const other = await scheduled(domain, { expression: "@yearly" });
  const first = await down(domain, id, 60);
  await settle(domain);
  const before = await ledger(domain, id);
  // As if the clock had stood here again when the schedule was edited.
  await domain.db.update(schedules).set({ nextFireAt: first }).where(eq(schedules.containerId, id));
  await domain.db.execute(sql`
    update schedules set next_fire_at = clock_timestamp() - interval '1 second' where container_id = ${other}`);

  await settle(domain);

  const after = await ledger(domain, id);
  assert.deepEqual(after.slice(0, before.length).map(({ at, runId }) => [at, runId]), [
    ...before.map(({ at, runId }) => [at, runId]),
  ]);
  assert.equal((await runsOf(domain, id)).length, after.length);
  assert.equal((await runsOf(domain, other)).length, 1);
  await checkWhole(domain, id, first);
});
