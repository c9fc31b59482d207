/** One exchange: many endings for the price of one, told after the commit, and claims in the right order. */
import { deepStrictEqual as equal, rejects } from "node:assert/strict";
import { sql } from "drizzle-orm";
import { cancelRun } from "../../../server/domain/runs/stop.ts";
import { endedAs, inDomain, taskOf, triggerRun } from "../../support/domain.ts";

function test(name: string, body: Parameters<typeof inDomain>[0]): void {
  Deno.test(name, inDomain(body));
}

const MANY = 50;

test(
  `exchangeWithAgent() takes ${MANY} endings of ${MANY} runs with the statements of one`,
  async (domain, opened) => {
    const containerId = await domain.container({ overlap: "ALLOW" });
    const first = await domain.task(containerId, "first");
    // Two that follow: none of them travels with it.
    await domain.relation(first, await domain.task(containerId, "second"));
    await domain.relation(first, await domain.task(containerId, "third"));
    for (let count = 0; count < MANY + 2; count++) {
      await triggerRun(domain.ports, domain.viewer, { containerId });
    }
    const attempts = (await domain.exchange()).work.map(({ attemptId }) => attemptId);
    const countStatements = async (ids: readonly number[]): Promise<number> => {
      opened.statements();
      await domain.exchange({ ended: ids.map((id) => endedAs(id, 0)), freeSlots: 0 });
      return opened.statements().length;
    };
    // The definition is read once, whoever needs it first.
    await countStatements(attempts.slice(0, 1));

    const one = await countStatements(attempts.slice(1, 2));
    const many = await countStatements(attempts.slice(2));

    equal([attempts.length, many], [MANY + 2, one]);
  },
);

test("exchangeWithAgent() says once, in the output, what a command was not written for", async (domain) => {
  const containerId = await domain.container();
  await domain.task(containerId, "python", { command: "#!/usr/bin/env python3\nimport sys\n" });
  await domain.task(containerId, "windows", { command: "exit 0\r\n" });
  await domain.task(containerId, "other shell", { command: "#!/bin/sh\necho fine\n" });
  await domain.task(containerId, "itself", { command: "#!/usr/bin/python3\n", shell: "/usr/bin/python3" });
  await triggerRun(domain.ports, domain.viewer, { containerId });
  const { work } = await domain.exchange();
  const startedAt = 1_767_225_600_000;
  const started = work.map(({ attemptId }) => ({ attemptId, startedAt }));

  // One is heard of at its start and again, the others at their end alone.
  await domain.exchange({ started: started.filter(({ attemptId }) => attemptId === work[0]?.attemptId) });
  await domain.exchange({ started: started.filter(({ attemptId }) => attemptId === work[0]?.attemptId) });
  await domain.exchange({ ended: work.map(({ attemptId }) => endedAs(attemptId, 0)) });

  const rows = await domain.db.execute<{ name: string; body: string }>(
    sql`select t.name, l.body
      from log_chunks l join task_runs t on t.id = l.task_run_id order by t.name`,
  );
  equal(rows.map(({ name, body }) => [name, /names python3|Windows line ends/.exec(body)?.[0]]), [
    ["python", "names python3"],
    ["windows", "Windows line ends"],
  ]);
});

test("exchangeWithAgent() hands out the urgent first, and among equals what waits longest", async (domain) => {
  for (const [name, priority] of [["old", 0], ["middle", 3], ["young", 0], ["urgent", 5]] as const) {
    const containerId = await domain.container({ name, priority });
    await domain.task(containerId, name);
    await triggerRun(domain.ports, domain.viewer, { containerId });
  }

  const order: (string | undefined)[] = [];
  for (let count = 0; count < 4; count++) {
    const { work } = await domain.exchange({ freeSlots: 1 });
    order.push(work[0]?.environment.ORRERY_TASK);
  }

  equal(order, ["urgent", "middle", "old", "young"]);
});

test("exchangeWithAgent() names what is to be stopped beside reports, and not what they end", async (domain) => {
  const containerId = await domain.container();
  for (const name of ["ends", "goes on", "starts"]) await domain.task(containerId, name);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  const { work } = await domain.exchange();
  const idOf = (name: string): number => work.find((one) => taskOf(one) === name)?.attemptId ?? 0;
  const started = [{ attemptId: idOf("starts"), startedAt: 1_767_225_600_000 }];
  await cancelRun(domain.ports, domain.viewer, { id: runId });

  const alone = await domain.exchange();
  const beside = await domain.exchange({ ended: [endedAs(idOf("ends"), 0)], started });
  const again = await domain.exchange({ ended: [endedAs(idOf("ends"), 0)] });

  const stopped = ({ stops }: typeof alone): number[] => [...stops].sort();
  equal(stopped(alone), work.map(({ attemptId }) => attemptId).sort());
  equal(stopped(beside), [idOf("goes on"), idOf("starts")].sort());
  equal(stopped(again), stopped(beside));
  equal([beside.refused, again.refused], [[], []]);
});

test("exchangeWithAgent() that cannot be written changes nothing and tells nobody", async (domain) => {
  const containerId = await domain.container();
  await domain.task(containerId, "only");
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  const { work: [work] } = await domain.exchange();
  const ended = [endedAs(work?.attemptId ?? 0, 0)];
  // The run's own row is the last that is written.
  await domain.db.execute(sql`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`);
  await domain.db.execute(sql`
    create trigger refuse before update on runs for each row when (new.state <> 'RUNNING') execute function refuse()`);
  domain.events.length = 0;

  await rejects(domain.exchange({ ended, freeSlots: 0 }));
  const told = [...domain.events];
  const between = await domain.states(runId);
  await domain.db.execute(sql`drop trigger refuse on runs`);
  await domain.exchange({ ended, freeSlots: 0 });

  equal([told, between], [[], { only: "RUNNING" }]);
  equal(await domain.states(runId), { only: "SUCCEEDED" });
});
