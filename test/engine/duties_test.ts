import assert from "node:assert/strict";
import type { Operations } from "../../server/domain/mod.ts";
import { createReaper } from "../../server/engine/duties.ts";
import { createTestLog } from "../support/database.ts";
import { until } from "../support/until.ts";

/** How often the reaper gave up agents in so many beats, when its own agent was unseen for these seconds before each. */
async function beat(unseenSeconds: readonly number[]): Promise<number[]> {
  const givenUp: number[] = [];
  let beats = 0;
  const operations = {
    touchAgent: () => Promise.resolve(unseenSeconds[beats++] ?? 0),
    giveUpAgents: () => {
      givenUp.push(beats);
      return Promise.resolve(false);
    },
  };
  // The reaper calls nothing else.
  const reaper = createReaper(operations as unknown as Operations, 1, createTestLog());
  reaper.start();
  await until("it has done all", () => {
    reaper.wake();
    return beats >= unseenSeconds.length;
  });
  await reaper.stop();
  return givenUp;
}

Deno.test("createReaper() gives up agents at each beat", async () => {
  const givenUp = await beat([0, 10, 10]);

  assert.deepEqual(givenUp.slice(0, 3), [1, 2, 3]);
});

Deno.test("createReaper() waits for the others when its own agent could not be seen, or the clock was set", async () => {
  const givenUp = await beat([0, 3_600, 10, 10, 10, 10]);

  assert.deepEqual(givenUp.slice(0, 3), [1, 5, 6]);
});
