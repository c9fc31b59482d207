/** However many ask at once, each gets what the policy says. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { ConflictError } from "../../../schema/errors.ts";
import type { OverlapPolicy } from "../../../schema/states.ts";
import { runs } from "../../../schema/tables/run.ts";
import { nextDueInMs, promoteRuns } from "../../../server/domain/runs/queue.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, triggerRun } from "../../support/domain.ts";
import { readText } from "../../support/sentences.ts";

const CALLERS = 50;

interface Told {
  readonly made: number;
  readonly refused: number;
  /** State -> how many. */
  readonly runs: Readonly<Record<string, number>>;
}

/** From no run at all. */
const expected: Readonly<Record<OverlapPolicy, Told>> = {
  SKIP: { made: 1, refused: 49, runs: { RUNNING: 1 } },
  ALLOW: { made: 50, refused: 0, runs: { RUNNING: 50 } },
  QUEUE: { made: 2, refused: 48, runs: { RUNNING: 1, QUEUED: 1 } },
  // The first has nothing to stop yet: nobody has claimed its task, so it ends at once.
  REPLACE: { made: 50, refused: 0, runs: { CANCELLED: 49, QUEUED: 1 } },
};

for (const overlap of Object.keys(expected) as OverlapPolicy[]) {
  Deno.test(`overlap ${overlap}: ${CALLERS} callers at once get what it says`, async () => {
    await using opened = await openTestDatabase();
    const domain = await openDomain(opened.db);
    const containerId = await domain.container({ overlap });
    await domain.task(containerId, "only");

    const results = await Promise.allSettled(
      Array.from({ length: CALLERS }, () => triggerRun(domain.ports, domain.viewer, { containerId })),
    );

    const made = results.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
    const refused = results.filter((result) =>
      result.status === "rejected" && result.reason instanceof ConflictError
    );
    const rows = await domain.db.select({ id: runs.id, state: runs.state }).from(runs);
    const states = Object.entries(Object.groupBy(rows, ({ state }) => state))
      .map(([state, group]) => [state, group.length]);
    const told = { made: made.length, refused: refused.length, runs: Object.fromEntries(states) };
    equal(told, expected[overlap]);
    equal(new Set(made).size, made.length);

    // Whoever waits goes when its turn comes, and the last of all is the newest.
    await promoteRuns(domain.ports);
    await domain.finish();
    const ends = await domain.db.select({ id: runs.id, state: runs.state }).from(runs).orderBy(runs.id);
    equal(ends.filter(({ state }) => state === "QUEUED" || state === "RUNNING"), []);
    equal(ends.at(-1)?.state, "SUCCEEDED");
  });
}

Deno.test(`overlap REPLACE: of ${CALLERS} callers at once one run stays behind the one that stops`, async () => {
  await using opened = await openTestDatabase();
  const domain = await openDomain(opened.db);
  const containerId = await domain.container({ overlap: "REPLACE" });
  await domain.task(containerId, "only");
  const first = await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.exchange();

  await Promise.all(
    Array.from({ length: CALLERS }, () => triggerRun(domain.ports, domain.viewer, { containerId })),
  );
  const stopping = await domain.run(first);
  const dueBefore = await nextDueInMs(domain.db);
  await domain.end({ only: { cause: "STOPPED" } });
  const dueAfter = await nextDueInMs(domain.db);
  await promoteRuns(domain.ports);
  await domain.finish();

  equal(stopping.state, "RUNNING");
  // The dispatcher looks for queued runs only when one can start.
  equal([dueBefore, dueAfter], [null, 0]);
  const ends = await domain.db.select({ state: runs.state, reason: runs.reason }).from(runs).orderBy(
    runs.id,
  );
  equal(ends.at(-1)?.state, "SUCCEEDED");
  equal(
    ends.slice(0, -1).every(({ state, reason }) =>
      state === "CANCELLED" && readText(reason) === "Replaced by a newer run of its container"
    ),
    true,
  );
});
