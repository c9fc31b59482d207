import assert from "node:assert/strict";
import { eq } from "drizzle-orm";
import type { Event } from "../../../schema/events.ts";
import { attempts } from "../../../schema/tables/attempt.ts";
import { logChunks } from "../../../schema/tables/log.ts";
import type { OutputBatch, OutputVerdict } from "../../../server/agent/port.ts";
import { appendSystemLines } from "../../../server/domain/logs/system_lines.ts";
import { transaction } from "../../../server/db/transaction.ts";
import { openTestDatabase, type TestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";
import { createRandom, type Random } from "../../support/random.ts";
import {
  line,
  lines,
  NOON,
  only,
  openAppend,
  startRun,
  stored,
  texts,
  type Writer,
  type WrittenLine,
} from "./writer.ts";

function linesEvents(events: readonly Event[]): readonly (Event & { kind: "lines" })[] {
  return events.filter((event) => event.kind === "lines");
}

const test = (name: string, body: (domain: TestDomain, opened: TestDatabase) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db), opened);
  });
};

test("appendOutput() stores lines in order, numbered from 1, and tells them once", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  const written = [line("one", NOON), line("two", NOON + 5, "STDERR"), line("", NOON + 7)];

  const [verdict] = await append(domain.agentId, [writer.batch(written)]);

  assert.deepEqual(verdict, { attemptId: writer.attemptId, accepted: true, outOffset: 5, errOffset: 4 });
  const rows = await stored(domain, writer.taskRunId);
  assert.deepEqual(
    rows.map(({ seq, at, stream, text, attempt, attemptId, taskRunId }) => ({
      seq,
      at: at.getTime(),
      stream,
      text,
      attempt,
      attemptId,
      taskRunId,
    })),
    written.map((writtenLine, place) => ({
      seq: place + 1,
      ...writtenLine,
      attempt: 1,
      attemptId: writer.attemptId,
      taskRunId: writer.taskRunId,
    })),
  );
  const event = only(linesEvents(domain.events));
  assert.deepEqual(event.lines, written.map((writtenLine, place) => ({ seq: place + 1, ...writtenLine })));
  assert.equal(event.runId, writer.runId);
  assert.equal(event.containerId, writer.containerId);
});

test("appendOutput() takes a repeated batch as stored and does nothing", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const batch = writer.batch(lines(3));
  const later = writer.batch(lines(2, "later"));
  await openAppend(domain)(domain.agentId, [batch]);
  await openAppend(domain)(domain.agentId, [later]);

  const [verdict] = await openAppend(domain)(domain.agentId, [batch]);

  assert.deepEqual(verdict, {
    attemptId: writer.attemptId,
    accepted: true,
    outOffset: later.outTo,
    errOffset: 0,
  });
  assert.equal((await stored(domain, writer.taskRunId)).length, 5);
  assert.equal(linesEvents(domain.events).length, 2);
});

test("appendOutput() answers where it stands to a batch that leaves a gap", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  await append(domain.agentId, [writer.batch(lines(1))]);
  const stands = writer.out;
  writer.batch(lines(1, "lost"));

  const [verdict] = await append(domain.agentId, [writer.batch(lines(1, "beyond"))]);

  assert.deepEqual(verdict, {
    attemptId: writer.attemptId,
    accepted: true,
    outOffset: stands,
    errOffset: 0,
  });
  assert.deepEqual(texts(await stored(domain, writer.taskRunId)), ["line 1"]);
});

test("appendOutput() refuses what another agent sends, and what comes after the end", async (domain) => {
  const [one, other] = await startRun(domain, ["one", "other"]);
  if (one === undefined || other === undefined) throw new Error("The run has not two attempts");
  const append = openAppend(domain);
  const known = one.batch(lines(1));
  await append(domain.agentId, [known]);
  await domain.end({ one: 0 });

  const late = await append(domain.agentId, [one.batch(lines(1, "late"))]);
  const repeated = await append(domain.agentId, [known]);
  const foreign = await append(domain.agentId + 1, [other.batch(lines(1, "foreign"))]);
  const unknown = await append(domain.agentId, [{ ...known, attemptId: 999_999 }]);

  assert.deepEqual([late, repeated, foreign, unknown].map((verdicts) => only(verdicts).accepted), [
    false,
    true,
    false,
    false,
  ]);
  assert.deepEqual(texts(await stored(domain, one.taskRunId)), ["line 1"]);
  assert.deepEqual(await stored(domain, other.taskRunId), []);
});

test("appendOutput() keeps empty batches away from the database", async (domain, opened) => {
  const writer = only(await startRun(domain, ["a"]));
  opened.statements();

  const none = await openAppend(domain)(domain.agentId, []);
  const [verdict] = await openAppend(domain)(domain.agentId, [writer.batch([])]);

  assert.deepEqual(none, []);
  assert.equal(verdict?.accepted, true);
  assert.deepEqual(opened.statements(), []);
});

test("appendOutput() needs no more statements for fifty attempts than for one", async (domain, opened) => {
  const writers = await startRun(domain, Array.from({ length: 50 }, (_, place) => `task ${place}`));
  const [first] = writers;
  if (first === undefined) throw new Error("The run has no attempt");
  await openAppend(domain)(domain.agentId, writers.map((writer) => writer.batch(lines(2))));
  const counts = async (appending: readonly Writer[]): Promise<readonly number[]> => {
    const append = openAppend(domain);
    const sent: number[] = [];
    for (let round = 0; round < 2; round++) {
      opened.statements();
      const verdicts = await append(domain.agentId, appending.map((writer) => writer.batch(lines(2))));
      sent.push(opened.statements().length);
      assert.ok(verdicts.every(({ accepted }) => accepted));
    }
    return sent;
  };

  const forOne = await counts([first]);
  const forFifty = await counts(writers);

  assert.deepEqual(forFifty, forOne);
  // Where the server has left them itself.
  assert.equal(forOne[1], 1);
});

test("appendOutput() stores one after the other what is handed over at once", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  await append(domain.agentId, [writer.batch(lines(1))]);
  const batches = Array.from({ length: 8 }, (_, place) => writer.batch(lines(1 + place, `batch ${place}`)));

  const verdicts = await Promise.all(batches.map((batch) => append(domain.agentId, [batch])));
  // On a server with many connections one may come before the one that it follows.
  const again: OutputVerdict[] = [];
  for (const batch of batches) again.push(only(await append(domain.agentId, [batch])));

  assert.ok([...verdicts.flat(), ...again].every(({ accepted }) => accepted));
  assert.equal(again.at(-1)?.outOffset, writer.out);
  const rows = await stored(domain, writer.taskRunId);
  assert.deepEqual(rows.map(({ seq }) => seq), Array.from({ length: 37 }, (_, place) => place + 1));
  assert.deepEqual(texts(rows).slice(1), batches.flatMap(({ passages }) => texts(passages)));
  assert.deepEqual(linesEvents(domain.events).flatMap((event) => texts(event.lines)), texts(rows));
});

test("appendOutput() goes on where somebody else has moved the attempt", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  await append(domain.agentId, [writer.batch([line("one", NOON)])]);
  await openAppend(domain)(domain.agentId, [writer.batch([line("two", NOON + 20)])]);
  const repeated = writer.batch([line("three", NOON + 10)]);

  const verdicts = [
    ...await append(domain.agentId, [repeated]),
    ...await append(domain.agentId, [repeated]),
    ...await append(domain.agentId, [writer.batch([line("four", NOON + 15)])]),
  ];

  assert.ok(verdicts.every(({ accepted }) => accepted));
  const rows = await stored(domain, writer.taskRunId);
  assert.deepEqual(rows.map(({ seq, text, at }) => [seq, text, at.getTime() - NOON]), [
    [1, "one", 0],
    [2, "two", 20],
    [3, "three", 20],
    [4, "four", 20],
  ]);
});

test("appendOutput() moves on but stores nothing for a task that keeps no logs", async (domain) => {
  const writer = only(await startRun(domain, ["a"], { keepLogs: false }));
  const append = openAppend(domain);

  await append(domain.agentId, [writer.batch(lines(2))]);
  await append(domain.agentId, [writer.batch(lines(2))]);

  assert.deepEqual(await stored(domain, writer.taskRunId), []);
  assert.deepEqual(linesEvents(domain.events).flatMap((event) => event.lines.map(({ seq }) => seq)), [
    1,
    2,
    3,
    4,
  ]);
  const [attempt] = await domain.db.select().from(attempts).where(eq(attempts.id, writer.attemptId));
  assert.equal(attempt?.outOffset, writer.out);
});

test("appendOutput() splits long and slow output in chunks and keeps odd characters", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const odd = ['"quoted" \\ back', "{brace},", "NULL", "tab\tand \u001b[31mred", "héllo 🎉", "trailing \\"];
  const written = [
    ...odd.map((text) => line(text)),
    line("x".repeat(200_000)),
    ...Array.from({ length: 3000 }, (_, place) => line(`${place} ${"y".repeat(90)}`, NOON + place * 20)),
  ];

  await openAppend(domain)(domain.agentId, [writer.batch(written)]);

  assert.deepEqual(texts(await stored(domain, writer.taskRunId)), texts(written));
  const chunks = await domain.db.select().from(logChunks);
  assert.ok(chunks.length > 5);
  for (const { body, lineCount, firstAt, lastAt } of chunks) {
    assert.ok(body.length <= 64 * 1024 || lineCount === 1);
    assert.ok(lastAt.getTime() - firstAt.getTime() <= 10_000);
  }
});

test("appendOutput() replaces what a chunk cannot hold", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));

  await openAppend(domain)(domain.agentId, [writer.batch([line("a\0b\nc"), line("d")])]);

  assert.deepEqual(texts(await stored(domain, writer.taskRunId)), ["a\uFFFDb\uFFFDc", "d"]);
});

test("appendOutput() keeps an attempt's times from going back, also after a restart", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);

  await append(domain.agentId, [writer.batch([line("a", NOON + 50), line("b", NOON)])]);
  await append(domain.agentId, [writer.batch([line("c", NOON + 20)])]);
  await openAppend(domain)(domain.agentId, [writer.batch([line("d", NOON + 30), line("e", NOON + 60)])]);

  const rows = await stored(domain, writer.taskRunId);
  assert.deepEqual(rows.map(({ at }) => at.getTime() - NOON), [50, 50, 50, 50, 60]);
});

test("appendSystemLines() adds to the attempt's lines within its transaction", async (domain) => {
  const { db } = domain;
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  await append(domain.agentId, [writer.batch([line("own", NOON + 10)])]);
  const add = { attemptId: writer.attemptId, at: NOON, text: "first reason\nsecond reason" };

  await assert.rejects(transaction(db, async (tx, after) => {
    await appendSystemLines({ ...domain.ports, tx, after }, [add]);
    throw new Error("given up");
  }));
  await transaction(db, (tx, after) => appendSystemLines({ ...domain.ports, tx, after }, [add]));
  await append(domain.agentId, [writer.batch([line("own again", NOON + 20)])]);

  const rows = await stored(domain, writer.taskRunId);
  assert.deepEqual(rows.map(({ seq, stream, text, at }) => [seq, stream, text, at.getTime() - NOON]), [
    [1, "STDOUT", "own", 10],
    [2, "SYSTEM", "first reason", 10],
    [3, "SYSTEM", "second reason", 10],
    [4, "STDOUT", "own again", 20],
  ]);
  assert.deepEqual(linesEvents(domain.events).map((event) => event.lines.length), [1, 2, 1]);
});

for (const seed of [1, 2, 3, 4]) {
  test(`appendOutput() keeps every line once and in order whatever is repeated, seed ${seed}`, async (domain) => {
    const random = createRandom(seed);
    const writers = await startRun(domain, ["a", "b", "c"]);
    const written = new Map<Writer, WrittenLine[]>(writers.map((writer) => [writer, []]));

    await writeAtRandom(domain, random, written);

    for (const [writer, expected] of written) {
      const rows = await stored(domain, writer.taskRunId);
      assert.deepEqual(texts(rows), texts(expected));
      assert.deepEqual(rows.map(({ stream }) => stream), expected.map(({ stream }) => stream));
      assert.deepEqual(rows.map(({ seq }) => seq), expected.map((_, place) => place + 1));
      const told = linesEvents(domain.events).filter(({ attemptId }) => attemptId === writer.attemptId);
      assert.deepEqual(
        told.flatMap((event) => event.lines.map(({ seq }) => seq)),
        rows.map(({ seq }) => seq),
      );
    }
  });
}

/**
 * Sends batches, some of them again, some to a server that has just started, some twice at once, and some before those
 * that they follow are answered.
 */
async function writeAtRandom(
  domain: TestDomain,
  random: Random,
  written: Map<Writer, WrittenLine[]>,
): Promise<void> {
  const sent: OutputBatch[] = [];
  let append = openAppend(domain);
  for (let round = 0; round < 40; round++) {
    if (random.below(5) === 0) append = openAppend(domain);
    const batches = random.shuffle([...written]).slice(0, 1 + random.below(3)).map(([writer, expected]) => {
      const made = randomLines(random, round);
      expected.push(...made);
      return writer.batch(made);
    });
    const again = random.below(3) === 0 && sent.length > 0 ? [random.pick(sent)] : [];
    sent.push(...batches);
    const way = random.below(4);
    if (way === 0) {
      await Promise.all([append(domain.agentId, batches), append(domain.agentId, batches)]);
    } else if (way === 1) {
      const following = batches.map(({ attemptId }) => {
        const [writer, expected] = [...written].find(([one]) => one.attemptId === attemptId) ?? assert.fail();
        const made = randomLines(random, round);
        expected.push(...made);
        return writer.batch(made);
      });
      sent.push(...following);
      await Promise.all([append(domain.agentId, batches), append(domain.agentId, following)]);
      await append(domain.agentId, batches);
      await append(domain.agentId, following);
    } else await append(domain.agentId, random.shuffle([...batches, ...again]));
  }
}

function randomLines(random: Random, round: number): WrittenLine[] {
  return Array.from({ length: random.below(30) }, (_, place) => {
    const text = `${round}.${place} ${"z".repeat(random.below(20) === 0 ? 40_000 : random.below(60))}`;
    return line(text, NOON + round * 1000 + random.below(3000), random.pick(["STDOUT", "STDERR"]));
  });
}
