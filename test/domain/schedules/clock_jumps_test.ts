import assert from "node:assert/strict";
import { eq, sql } from "drizzle-orm";
import { runs } from "../../../schema/tables/run.ts";
import { type Schedule, schedules, slots } from "../../../schema/tables/schedule.ts";
import { recordBacklog } from "../../../server/domain/schedules/backlog.ts";
import { replanSchedules } from "../../../server/domain/schedules/clock_jumps.ts";
import { createSchedules } from "../../../server/domain/schedules/schedules.ts";
import { updateContainer } from "../../../server/domain/containers/containers.ts";
import { databaseNow } from "../../../server/domain/schedules/schedule_rows.ts";
import { fireDueSchedules, nextSlotInMs } from "../../../server/domain/schedules/fire_schedules.ts";
import { openDomain, type TestDomain, usualLimits } from "../../support/domain.ts";
import { openClockDatabase } from "../../support/set_clock.ts";

const DAY = 86_400;

interface World {
  readonly domain: TestDomain;
  set(seconds: number): Promise<void>;
  /** What the scheduler does in one pass. */
  pass(): Promise<void>;
  schedule(id: number): Promise<Schedule>;
  /** Sets the clock to the next fire of the container, and fires it; answers the instant. */
  fireNext(id: number): Promise<Date>;
}

const test = (name: string, body: (world: World) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openClockDatabase();
    const domain = await openDomain(opened.db);
    const { ports, db } = domain;
    const world: World = {
      domain,
      set: opened.set,
      async pass(): Promise<void> {
        while (await replanSchedules(ports));
        while (await fireDueSchedules(ports));
        await recordBacklog(ports, 180);
      },
      async schedule(id): Promise<Schedule> {
        const [schedule] = await db.select().from(schedules).where(eq(schedules.containerId, id));
        assert.ok(schedule);
        return schedule;
      },
      async fireNext(id): Promise<Date> {
        const { nextFireAt } = await world.schedule(id);
        assert.ok(nextFireAt);
        await opened.set((nextFireAt.getTime() - Date.now()) / 1000 + 0.5);
        await world.pass();
        return nextFireAt;
      },
    };
    await body(world);
  });
};

async function scheduled({ domain }: World, expression: string, enabled = true): Promise<number> {
  const id = await domain.container({ expression, enabled, overlap: "ALLOW" });
  await domain.task(id, "only");
  return id;
}

async function dueInSeconds(world: World, id: number): Promise<number> {
  const [{ nextFireAt }, now] = await Promise.all([world.schedule(id), databaseNow(world.domain.db)]);
  assert.ok(nextFireAt);
  return (nextFireAt.getTime() - now.getTime()) / 1000;
}

for (
  const [expression, within] of [
    ["*/5 * * * * *", 5],
    ["@every 5s", 5],
    ["0 * * * *", 3600],
    ["0 */6 * * *", DAY / 4],
    ["H/10 * * * * *", 10],
    ["@every 5s | 0 0 1 1 *", 5],
  ] as const
) {
  for (const days of [1, 3 * 365]) {
    test(`replanSchedules() lets "${expression}" go on after a clock that was ${days} days ahead`, async (world) => {
      const { domain } = world;
      const id = await scheduled(world, expression);
      await world.set(days * DAY);
      await world.pass();
      await world.fireNext(id);
      const ahead = await domain.db.select().from(runs).where(eq(runs.containerId, id));
      await world.set(0);

      // The scheduler is not to sleep until the slot of a clock that was wrong.
      assert.equal(await nextSlotInMs(domain.db), 0);
      await world.pass();

      assert.ok(await dueInSeconds(world, id) <= within);
      const fired = [await world.fireNext(id), await world.fireNext(id), await world.fireNext(id)];
      const later = await domain.db.select().from(runs).where(eq(runs.containerId, id)).orderBy(runs.id);
      assert.deepEqual(later.slice(ahead.length).map((run) => run.scheduledFor), fired);
    });
  }
}

test("replanSchedules() leaves what fired ahead of the clock in the ledger and fires none of it again", async (world) => {
  const { domain } = world;
  const id = await scheduled(world, "*/5 * * * * *");
  await world.set(30);
  await world.pass();
  for (let count = 0; count < 4; count++) await world.fireNext(id);
  const recorded = await domain.db.select().from(slots).where(eq(slots.outcome, "FIRED")).orderBy(slots.at);
  await world.set(0);

  await world.pass();
  const first = await world.fireNext(id);

  const { nextFires, upcoming } = createSchedules({
    db: domain.db,
    clock: { now: () => 0 },
    limits: usualLimits,
  });
  const schedule = await world.schedule(id);
  const coming = await upcoming("all", { project: null, hours: 1, first: 3 });
  assert.deepEqual(nextFires(schedule, 3), coming.map(({ at }) => at));
  assert.ok(!recorded.some(({ at }) => at.getTime() === first.getTime()));
  for (let count = 0; count < 12; count++) await world.fireNext(id);
  const instants = (await domain.db.select().from(runs)).map(({ scheduledFor }) => scheduledFor?.getTime());
  assert.equal(new Set(instants).size, instants.length);
  const now = await domain.db.select().from(slots).where(eq(slots.outcome, "FIRED")).orderBy(slots.at);
  for (const slot of recorded) {
    assert.deepEqual(now.find(({ at }) => at.getTime() === slot.at.getTime()), slot);
  }
});

test("replanSchedules() plans a schedule that was made or edited while the clock was ahead", async (world) => {
  const { domain } = world;
  const edited = await scheduled(world, "0 0 1 1 *");
  await world.set(400 * DAY);
  const made = await scheduled(world, "@every 1h");
  await updateContainer(domain.ports, domain.viewer, { id: edited, expression: "@hourly" });
  await domain.db.execute(sql`update schedules set anchor_at = clock_timestamp()`);
  await world.set(0);

  await world.pass();

  assert.ok(await dueInSeconds(world, made) <= 3600);
  assert.ok(await dueInSeconds(world, edited) <= 3600);
});

test("replanSchedules() plans no disabled container, and forgets what was skipped for it ahead of the clock", async (world) => {
  const { domain } = world;
  const id = await scheduled(world, "*/5 * * * * *");
  await world.set(DAY);
  await updateContainer(domain.ports, domain.viewer, { id, enabled: false });
  await world.pass();
  await world.set(0);

  await world.pass();

  assert.equal((await world.schedule(id)).nextFireAt, null);
  await updateContainer(domain.ports, domain.viewer, { id, enabled: true });
  await world.fireNext(id);
  assert.equal((await domain.db.select().from(runs)).length, 1);
});

test("replanSchedules() leaves schedules alone that were planned by a clock that was right", async (world) => {
  const id = await scheduled(world, "@yearly");
  const before = await world.schedule(id);

  await world.set(1.5);
  assert.equal(await replanSchedules(world.domain.ports), false);
  await world.set(0);
  assert.equal(await replanSchedules(world.domain.ports), false);

  assert.deepEqual(await world.schedule(id), before);
});
