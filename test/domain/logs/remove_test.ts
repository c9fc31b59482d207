import assert from "node:assert/strict";
import { sql } from "drizzle-orm";
import { ForbiddenError, InvalidInputError } from "../../../schema/errors.ts";
import type { LogFilter } from "../../../server/domain/logs/interface.ts";
import { createLogs } from "../../../server/domain/logs/logs.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";
import {
  line,
  lines,
  NOON,
  only,
  openAppend,
  retryTask,
  startRun,
  stored,
  texts,
  type Writer,
} from "./writer.ts";

/** Two finished attempts and one that runs, an hour apart, in one container. */
async function writeHours(domain: TestDomain): Promise<readonly [Writer, Writer, Writer]> {
  const [a, b, c] = await startRun(domain, ["a", "b", "c"]);
  if (a === undefined || b === undefined || c === undefined) {
    throw new Error("The run has not three attempts");
  }
  const append = openAppend(domain);
  for (const [hour, writer] of [a, b, c].entries()) {
    const at = NOON + hour * 3600_000;
    await append(domain.agentId, [writer.batch([line("first", at), line("last", at + 1800_000)])]);
  }
  await domain.end({ a: 0, b: 1 });
  return [a, b, c];
}

async function left(domain: TestDomain, writers: readonly Writer[]): Promise<readonly number[]> {
  return await Promise.all(writers.map(async ({ taskRunId }) => (await stored(domain, taskRunId)).length));
}

const test = (name: string, body: (domain: TestDomain) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db));
  });
};

test("remove() takes finished attempts of the filter, leaves those that run, and counts lines", async (domain) => {
  const writers = await writeHours(domain);
  const [elsewhere] = await writeHours(domain);
  const remove = (filter: LogFilter): Promise<number> => createLogs(domain).remove(domain.viewer, { filter });

  const removed = await remove({ containerId: writers[0].containerId });
  const again = await remove({ containerId: writers[0].containerId });

  assert.equal(removed, 4);
  assert.equal(again, 0);
  assert.deepEqual(await left(domain, [...writers, elsewhere]), [0, 0, 2, 2]);
});

test("remove() takes only attempts that lie wholly within the times", async (domain) => {
  const writers = await writeHours(domain);
  const remove = (filter: LogFilter): Promise<number> => createLogs(domain).remove(domain.viewer, { filter });

  const cut = await remove({ from: new Date(NOON + 1000), to: new Date(NOON + 3600_000 + 1800_000) });
  assert.equal(cut, 0);
  assert.deepEqual(await left(domain, writers), [2, 2, 2]);
  const second = await remove({ from: new Date(NOON + 3600_000) });
  assert.equal(second, 2);
  assert.deepEqual(await left(domain, writers), [2, 0, 2]);
  const first = await remove({ to: new Date(NOON + 3600_000) });
  assert.equal(first, 2);
  assert.deepEqual(await left(domain, writers), [0, 0, 2]);
});

test("remove() takes one attempt of several, and what was stored of attempts that are forgotten", async (domain) => {
  const first = only(await startRun(domain, ["a"], { maxRetries: 1 }));
  const append = openAppend(domain);
  await append(domain.agentId, [first.batch(lines(3, "first"))]);
  const second = await retryTask(domain, "a", first.runId);
  await append(domain.agentId, [second.batch(lines(2, "second"))]);
  await domain.end({ a: 0 });
  const remove = (filter: LogFilter): Promise<number> => createLogs(domain).remove(domain.viewer, { filter });

  const one = await remove({ taskRunId: first.taskRunId, attempt: 1 });
  const rest = texts(await stored(domain, first.taskRunId));
  await domain.db.execute(sql`delete from runs`);
  const forgotten = await remove({ project: "default" });

  assert.equal(one, 3);
  assert.deepEqual(rest, ["second 1", "second 2"]);
  assert.equal(forgotten, 2);
});

test("remove() takes the whole of an attempt that has more chunks than are read at once", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(1))]);
  await domain.end({ a: 0 });
  await domain.db.execute(sql`
    insert into log_chunks (day, attempt_id, first_seq, line_count, attempt, task_run_id, run_id, task_id,
      container_id, project_id, first_at, last_at, streams, delays, body)
    select day, attempt_id, 1 + n, 1, attempt, task_run_id, run_id, task_id, container_id, project_id,
      first_at, last_at, 'O', '{0}', 'x' from log_chunks, generate_series(1, 1299) n`);

  const removed = await createLogs(domain).remove(domain.viewer, { filter: { runId: writer.runId } });

  assert.equal(removed, 1300);
  assert.deepEqual(await stored(domain, writer.taskRunId), []);
});

test("remove() refuses who may only look, parts of attempts, and an empty filter", async (domain) => {
  const writers = await writeHours(domain);
  const logs = createLogs(domain);
  const refusals: readonly [LogFilter, readonly string[]][] = [
    [{}, ["filter"]],
    [{ project: null, contains: "", containerId: undefined }, ["filter"]],
    [{ containerId: writers[0].containerId, contains: "first" }, ["filter", "contains"]],
    [{ containerId: writers[0].containerId, streams: ["STDERR"] }, ["filter", "streams"]],
  ];

  await assert.rejects(logs.remove(domain.reader, { filter: { project: "default" } }), ForbiddenError);
  for (const [filter, path] of refusals) {
    await assert.rejects(logs.remove(domain.viewer, { filter }), (error) => {
      assert.ok(error instanceof InvalidInputError, `${error}`);
      assert.deepEqual(error.path, path);
      return true;
    });
  }
  assert.deepEqual(await left(domain, writers), [2, 2, 2]);
  assert.equal(await logs.remove(domain.viewer, { filter: { project: "unknown" } }), 0);
});
