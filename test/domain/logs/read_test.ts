import assert from "node:assert/strict";
import { InvalidInputError } from "../../../schema/errors.ts";
import type { LogPage, LogRow, PageRequest } from "../../../server/domain/logs/interface.ts";
import { createLogs } from "../../../server/domain/logs/logs.ts";
import { openTestDatabase, type TestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";
import { createRandom } from "../../support/random.ts";
import { line, lines, NOON, only, openAppend, retryTask, startRun, stored, type Writer } from "./writer.ts";

/** The page that a list in memory would give. */
function pageOf(rows: readonly LogRow[], { first, last, after, before }: PageRequest): LogPage {
  const start = after === undefined ? 0 : rows.findIndex(({ cursor }) => cursor === after) + 1;
  const end = before === undefined ? rows.length : rows.findIndex(({ cursor }) => cursor === before);
  const inside = rows.slice(start, Math.max(start, end));
  const chosen = first === undefined
    ? inside.slice(Math.max(0, inside.length - (last ?? 0)))
    : inside.slice(0, first);
  const short = chosen.length < inside.length;
  return {
    rows: chosen,
    hasNextPage: end < rows.length || first !== undefined && short,
    hasPreviousPage: start > 0 || last !== undefined && short,
  };
}

/** A task run of three attempts, each of many chunks, beside another that is not asked for. */
async function writeThree(domain: TestDomain): Promise<Writer> {
  const [first, other] = await startRun(domain, ["a", "b"], { maxRetries: 2 });
  if (first === undefined || other === undefined) throw new Error("The run has not two attempts");
  const append = openAppend(domain);
  let writer = first;
  for (const attempt of [1, 2, 3]) {
    if (attempt > 1) writer = await retryTask(domain, "a", first.runId);
    for (let batch = 0; batch < 12; batch++) {
      const written = Array.from({ length: 1 + batch }, (_, place) => line(`${attempt}.${batch}.${place}`));
      await append(domain.agentId, [writer.batch(written), other.batch(lines(2, "other"))]);
    }
  }
  return first;
}

const test = (name: string, body: (domain: TestDomain, opened: TestDatabase) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db), opened);
  });
};

test("ofTaskRun() pages both ways as a list in memory would", async (domain) => {
  const { taskRunId } = await writeThree(domain);
  const logs = createLogs(domain);
  const all = await stored(domain, taskRunId);
  assert.equal(all.length, 3 * 78);
  assert.deepEqual(
    all.map(({ attempt, seq }) => [attempt, seq]),
    [1, 2, 3].flatMap((attempt) => Array.from({ length: 78 }, (_, place) => [attempt, place + 1])),
  );
  const random = createRandom(7);

  for (let round = 0; round < 150; round++) {
    const attempt = random.below(3) === 0 ? 1 + random.below(3) : null;
    const listed = all.filter((row) => attempt === null || row.attempt === attempt);
    const [one, two] = [random.below(listed.length), random.below(listed.length)].sort((a, b) => a - b);
    const count = random.pick([0, 1, 2, 10, 77, 78, 79, 1000]);
    const page: PageRequest = {
      ...(random.below(2) === 0 ? { first: count } : { last: count }),
      ...(random.below(2) === 0 ? {} : { after: listed[one ?? 0]?.cursor ?? "" }),
      ...(random.below(2) === 0 ? {} : { before: listed[two ?? 0]?.cursor ?? "" }),
    };

    const found = await logs.ofTaskRun("all", taskRunId, attempt, page);

    assert.deepEqual(found, pageOf(listed, page), `attempt ${attempt}, ${JSON.stringify(page)}`);
  }
});

test("ofTaskRun() answers nothing for an unknown task run or attempt", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(3))]);
  const nothing = { rows: [], hasNextPage: false, hasPreviousPage: false };

  assert.deepEqual(
    await createLogs(domain).ofTaskRun("all", writer.taskRunId + 1, null, { first: 10 }),
    nothing,
  );
  assert.deepEqual(await createLogs(domain).ofTaskRun("all", writer.taskRunId, 2, { last: 10 }), nothing);
});

test("cursorOf() names a line's place, so that a page can begin or end at it", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(9))]);
  const logs = createLogs(domain);

  const behind = await logs.ofTaskRun("all", writer.taskRunId, null, {
    first: 2,
    after: logs.cursorOf({ attempt: 1, seq: 4 }),
  });
  const before = await logs.ofTaskRun("all", writer.taskRunId, null, {
    last: 2,
    before: logs.cursorOf({ attempt: 1, seq: 4 }),
  });
  const whole = await logs.ofTaskRun("all", writer.taskRunId, null, {
    first: 99,
    after: logs.cursorOf({ attempt: 1, seq: 0 }),
  });

  assert.deepEqual(behind.rows.map(({ seq }) => seq), [5, 6]);
  assert.deepEqual(before.rows.map(({ seq }) => seq), [2, 3]);
  assert.equal(whole.rows.length, 9);
  for (const place of [{ attempt: 0, seq: 1 }, { attempt: 1, seq: -1 }]) {
    assert.throws(() => logs.cursorOf(place), InvalidInputError);
  }
});

test("ofTaskRun() refuses cursors that are not its own, each at its argument", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(3))]);
  const logs = createLogs(domain);
  const { rows: [found] } = await logs.search("all", {}, { first: 1 });
  const foreign = [
    "",
    "garbage",
    "bDoxOjE=",
    btoa("l:1:99999999999").replaceAll("=", ""),
    found?.cursor ?? "",
  ];

  for (const cursor of foreign) {
    for (const field of ["after", "before"] as const) {
      await assert.rejects(
        logs.ofTaskRun("all", writer.taskRunId, null, { first: 1, [field]: cursor }),
        (error) => {
          assert.ok(error instanceof InvalidInputError, `${error}`);
          assert.deepEqual(error.path, [field]);
          return true;
        },
      );
    }
  }
});

test("ofTaskRun() gives short pages of very long lines, and all of them in the end", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  const long = "x".repeat(3_000_000);
  for (let place = 0; place < 8; place++) {
    await append(domain.agentId, [writer.batch([line(`${place} ${long}`, NOON + place)])]);
  }
  const logs = createLogs(domain);

  const page = await logs.ofTaskRun("all", writer.taskRunId, null, { first: 100 });
  const back = await logs.ofTaskRun("all", writer.taskRunId, null, { last: 100 });
  const all = await stored(domain, writer.taskRunId);

  assert.ok(page.rows.length < 8 && page.hasNextPage);
  assert.ok(back.rows.length < 8 && back.hasPreviousPage && !back.hasNextPage);
  assert.equal(back.rows.at(-1)?.seq, 8);
  assert.deepEqual(all.map(({ text }) => Number(text.split(" ")[0])), [0, 1, 2, 3, 4, 5, 6, 7]);
});

test(
  "ofTaskRun() needs no more statements for a long page than for a short one",
  async (domain, opened) => {
    const { taskRunId } = await writeThree(domain);
    const logs = createLogs(domain);
    const after = (await stored(domain, taskRunId))[3]?.cursor ?? "";
    opened.statements();

    await logs.ofTaskRun("all", taskRunId, null, { first: 1, after });
    const short = opened.statements().length;
    await logs.ofTaskRun("all", taskRunId, null, { first: 1000, after });
    const long = opened.statements().length;

    assert.equal(short, 2);
    assert.equal(long, 2);
  },
);
