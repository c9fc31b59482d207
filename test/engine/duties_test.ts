import assert from "node:assert/strict";
import { type Heartbeat, MAX_MISSED_HEARTBEATS } from "../../server/domain/agents.ts";
import type { Operations } from "../../server/domain/mod.ts";
import { createReaper } from "../../server/engine/duties.ts";
import { createTestLog } from "../support/database.ts";
import { until } from "../support/until.ts";

/** In which pass the reaper first gave up each agent, when it saw these heartbeats; an error is a database that is away. */
async function passes(seen: readonly (readonly Heartbeat[] | Error)[]): Promise<Record<number, number>> {
  const givenUp: Record<number, number> = {};
  let pass = 0;
  const operations = {
    touchAgent: () => Promise.resolve(),
    listHeartbeats: () => {
      const found = seen[pass++] ?? [];
      return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
    },
    giveUpAgent: ({ agentId }: Heartbeat) => {
      givenUp[agentId] ??= pass;
      return Promise.resolve(false);
    },
  };
  // The reaper calls nothing else.
  const reaper = createReaper(operations as unknown as Operations, 1, createTestLog());
  reaper.start();
  await until("it has done all", () => {
    reaper.wake();
    return pass >= seen.length;
  });
  await reaper.stop();
  return givenUp;
}

const living = (agentId: number, pass: number): Heartbeat => ({ agentId, seenAt: `pass ${pass}` });
const silent = (agentId: number): Heartbeat => ({ agentId, seenAt: "once" });

Deno.test("createReaper() gives up an agent that missed its heartbeats, and no other", async () => {
  const seen = Array.from({ length: MAX_MISSED_HEARTBEATS + 3 }, (_, pass) => [living(1, pass), silent(2)]);

  assert.deepEqual(await passes(seen), { 2: MAX_MISSED_HEARTBEATS + 1 });
});

Deno.test("createReaper() counts no heartbeat as missed while the database is away", async () => {
  const away = Array.from({ length: MAX_MISSED_HEARTBEATS }, () => new Error("The database is away"));

  assert.deepEqual(await passes([[silent(2)], ...away, [silent(2)], [living(2, 1)]]), {});
});

Deno.test("createReaper() goes by no clock: a heartbeat that is days away from the one before is a heartbeat", async () => {
  const times = [
    "2026-01-01",
    "2027-01-01",
    "2025-01-01",
    "2026-01-01",
    "1970-01-01",
    "2026-01-01",
    "2027-01-01",
  ];

  assert.deepEqual(await passes([...times, ...times].map((seenAt) => [{ agentId: 2, seenAt }])), {});
});
