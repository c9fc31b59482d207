import assert from "node:assert/strict";
import type { AgentAbsences } from "../../server/domain/agents/agents.ts";
import type { Operations } from "../../server/domain/mod.ts";
import { createReaper } from "../../server/engine/duties.ts";
import { createTestLog } from "../support/database.ts";
import { until } from "../support/until.ts";

Deno.test("createReaper() hands each look what the one before it has answered, and counts no more than a beat for it", async () => {
  const looks: (readonly [AgentAbsences, number])[] = [];
  const answers = Array.from(
    { length: 3 },
    (_, n): AgentAbsences => new Map([[n, { seenAt: "", absentMs: 0 }]]),
  );
  let touches = 0;
  const operations = {
    // The database is away at the second beat.
    touchServer: () => touches++ === 1 ? Promise.reject(new Error("away")) : Promise.resolve(),
    giveUpAgents: (absences: AgentAbsences, passedMs: number) => {
      looks.push([absences, passedMs]);
      return Promise.resolve(answers[looks.length - 1] ?? new Map());
    },
  };
  let nowMs = 0;
  // The reaper calls nothing else. Each beat comes an hour late.
  const reaper = createReaper(
    operations as unknown as Operations,
    1,
    createTestLog(),
    () => nowMs += 3_600_000,
  );
  reaper.start();
  await until("it has looked three times", () => {
    reaper.wake();
    return looks.length >= 3;
  });
  await reaper.stop();

  assert.deepEqual(looks.slice(0, 3).map(([absences]) => absences), [new Map(), answers[0], answers[1]]);
  assert.ok(looks.every(([, passedMs]) => passedMs === 5_000));
});
