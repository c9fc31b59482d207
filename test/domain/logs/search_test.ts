import assert from "node:assert/strict";
import { sql } from "drizzle-orm";
import { InvalidInputError } from "../../../schema/errors.ts";
import type { LogFilter, LogPage, LogRow, PageRequest } from "../../../server/domain/logs/interface.ts";
import type { LogStream } from "../../../schema/states.ts";
import { createLogs } from "../../../server/domain/logs/logs.ts";
import { deleteTask } from "../../../server/domain/containers/tasks.ts";
import { openTestDatabase, type TestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";
import { createRandom, type Random } from "../../support/random.ts";
import { line, lines, NOON, only, openAppend, startRun, type Writer, type WrittenLine } from "./writer.ts";

interface Known extends WrittenLine {
  readonly writer: Writer;
  readonly seq: number;
}

/** Newest first, by time, attempt and seq. */
function naive(known: readonly Known[], filter: LogFilter): readonly Known[] {
  const contains = filter.contains?.toLowerCase() ?? "";
  return known.filter(({ writer, at, stream, text }) =>
    (filter.containerId ?? writer.containerId) === writer.containerId &&
    (filter.taskId ?? writer.taskId) === writer.taskId &&
    (filter.runId ?? writer.runId) === writer.runId &&
    (filter.taskRunId ?? writer.taskRunId) === writer.taskRunId &&
    (filter.attempt ?? writer.attempt) === writer.attempt &&
    (filter.streams?.includes(stream) ?? true) &&
    at >= (filter.from?.getTime() ?? 0) && at < (filter.to?.getTime() ?? Infinity) &&
    text.toLowerCase().includes(contains)
  ).toSorted((a, b) => b.at - a.at || b.writer.attemptId - a.writer.attemptId || b.seq - a.seq);
}

function idOf(row: Pick<LogRow, "attemptId" | "seq">): string {
  return `${row.attemptId}:${row.seq}`;
}

const WORDS = [
  "Disk",
  "ERROR",
  "100%",
  "back\\slash",
  "under_score",
  "Größe",
  "ПРИВЕТ",
  "plain",
  "\u001b[31mred",
];

/** Attempts of several containers that write side by side, some of them much and some seldom. */
async function writeMany(domain: TestDomain, random: Random): Promise<readonly Known[]> {
  const writers = [
    ...await startRun(domain, ["a", "b", "c"]),
    ...await startRun(domain, ["a", "b"]),
    ...await startRun(domain, ["d"]),
  ];
  const known: Known[] = [];
  const append = openAppend(domain);
  const seqs = new Map<Writer, number>();
  for (let round = 0; round < 30; round++) {
    const batches = random.shuffle(writers).slice(0, 1 + random.below(4)).map((writer) => {
      const from = NOON + round * 4000;
      const times = Array.from({ length: 1 + random.below(40) }, () => from + random.below(15) * 300)
        .sort((a, b) => a - b);
      const made = times.map((at) =>
        line(
          `${random.pick(WORDS)} ${random.pick(WORDS)} ${random.below(50)}`,
          at,
          random.pick(["STDOUT", "STDERR"]),
        )
      );
      for (const writtenLine of made) {
        const seq = (seqs.get(writer) ?? 0) + 1;
        const floor = known.findLast((other) => other.writer === writer)?.at ?? 0;
        seqs.set(writer, seq);
        known.push({ ...writtenLine, at: Math.max(floor, writtenLine.at), writer, seq });
      }
      return writer.batch(made);
    });
    await append(domain.agentId, batches);
  }
  return known;
}

function randomFilter(random: Random, known: readonly Known[]): LogFilter {
  const { writer } = random.pick(known);
  const some = <T>(value: T): T | undefined => random.below(5) === 0 ? value : undefined;
  return {
    project: some("default"),
    containerId: some(writer.containerId),
    taskId: some(writer.taskId),
    runId: some(writer.runId),
    taskRunId: some(writer.taskRunId),
    attempt: some(1),
    streams: some<readonly LogStream[]>(
      random.pick([["STDOUT"], ["STDERR"], ["STDOUT", "STDERR"], ["SYSTEM"]]),
    ),
    from: some(new Date(NOON + random.below(100_000))),
    to: some(new Date(NOON + random.below(130_000))),
    contains: random.below(2) === 0
      ? undefined
      : random.pick(["disk", "ErRoR", "0%", "k\\s", "r_s", "größe", "привет", "d 1", "absent"]),
  };
}

/** Reads the list to its end, in pages of random sizes. */
async function readAll(
  random: Random,
  search: (page: PageRequest) => Promise<LogPage>,
  way: "forward" | "backward",
): Promise<readonly LogRow[]> {
  let rows: readonly LogRow[] = [];
  for (;;) {
    const count = random.pick([1, 7, 50, 500]);
    const cursor = way === "forward" ? rows.at(-1)?.cursor : rows[0]?.cursor;
    const page = await search(
      way === "forward"
        ? { first: count, ...(cursor === undefined ? {} : { after: cursor }) }
        : { last: count, ...(cursor === undefined ? {} : { before: cursor }) },
    );
    assert.equal(way === "forward" ? page.hasPreviousPage : page.hasNextPage, rows.length > 0);
    rows = way === "forward" ? [...rows, ...page.rows] : [...page.rows, ...rows];
    const more = way === "forward" ? page.hasNextPage : page.hasPreviousPage;
    if (!more) return rows;
    assert.equal(page.rows.length, count);
  }
}

const test = (name: string, body: (domain: TestDomain, opened: TestDatabase) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db), opened);
  });
};

for (const seed of [1, 2]) {
  test(`search() finds what a filter and a sort would, both ways, seed ${seed}`, async (domain) => {
    const random = createRandom(seed);
    const known = await writeMany(domain, random);
    const logs = createLogs(domain);

    for (let round = 0; round < 40; round++) {
      const filter = round === 0 ? {} : randomFilter(random, known);
      const expected = naive(known, filter).map(({ writer, seq }) => `${writer.attemptId}:${seq}`);
      const way = random.pick(["forward", "backward"] as const);

      const found = await readAll(random, (page) => logs.search("all", filter, page), way);

      assert.deepEqual(found.map(idOf), expected, `${way} ${Deno.inspect(filter)}`);
    }
  });
}

test("search() finds in large chunks what reading every line would, with their trigrams or without", async (domain) => {
  const random = createRandom(3);
  const [first, second] = await startRun(domain, ["a", "b"]);
  assert.ok(first !== undefined && second !== undefined);
  const append = openAppend(domain);
  const known: Known[] = [];
  const seqs = new Map<Writer, number>();
  for (let round = 0; round < 12; round++) {
    const writer = random.pick([first, second]);
    const written = Array.from({ length: 120 }, (_, place) => {
      const word = random.below(40) === 0 ? random.pick([...WORDS, "İstanbul", "ΑΣ", "🪐 orbit"]) : "hay";
      return line(
        `${word} ${random.below(1000)} some words that each line has`,
        NOON + round * 20_000 + place,
      );
    });
    for (const each of written) {
      const seq = (seqs.get(writer) ?? 0) + 1;
      seqs.set(writer, seq);
      known.push({ ...each, writer, seq });
    }
    await append(domain.agentId, [writer.batch(written)]);
  }
  const [{ count } = { count: 0 }] = await domain.db.execute<{ count: number }>(sql`
    select count(trigrams)::integer as count from log_chunks`);
  assert.equal(count, 12);
  // As they were stored before there were any.
  await domain.db.execute(sql`update log_chunks set trigrams = null where first_seq % 240 = 1`);
  const logs = createLogs(domain);

  for (
    const contains of [
      "error",
      "GRÖSSE",
      "größe",
      "Привет",
      "istanbul",
      "İST",
      "ας",
      "🪐",
      "ab",
      "k\\s",
      "absent",
      "hay 99",
    ]
  ) {
    const expected = naive(known, { contains }).map(({ writer, seq }) => `${writer.attemptId}:${seq}`);
    const found = await readAll(random, (page) => logs.search("all", { contains }, page), "forward");
    assert.deepEqual(found.map(idOf), expected, contains);
  }
});

for (const [name, filler] of [["small", 0], ["large", 60]] as const) {
  test(`search() folds letters alike wherever they stand, in ${name} chunks`, async (domain) => {
    // U+212A and U+0130 have ASCII letters in lower case, and a sigma is another letter at the end of a word.
    const texts = ["5 \u212ag", "xyz\u0130", "ΟΔΟΣΑ", "λόγος"];
    const hay = Array.from({ length: filler }, (_, n) => `${n} words that none of them has`);
    const writer = only(await startRun(domain, ["a"]));
    const written = [...texts, ...hay].map((text) => line(text, NOON));
    await openAppend(domain)(domain.agentId, [writer.batch(written)]);
    const logs = createLogs(domain);
    const needles = {
      "5 kg": 1,
      "5 KG": 1,
      "yzi": 2,
      "YZ\u0130": 2,
      "ΟΔΟΣ": 3,
      "οδος": 3,
      "οδοσα": 3,
      "ΛΌΓΟΣ": 4,
      "λόγος": 4,
      "όγοσ": 4,
    };

    for (const [contains, seq] of Object.entries(needles)) {
      const found = await logs.search("all", { contains }, { first: 10 });
      assert.deepEqual(found.rows.map((row) => row.seq), [seq], contains);
    }
  });
}

test("search() does not read chunks that cannot have the text", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(400, "plain words of a line"))]);
  // Whoever reads the text now finds what its trigrams do not have.
  await domain.db.execute(sql`update log_chunks set body = replace(body, 'plain', 'zebra')`);
  const logs = createLogs(domain);

  const told = await logs.search("all", { contains: "zebra" }, { first: 10 });
  const short = await logs.search("all", { contains: "ze" }, { first: 10 });

  assert.equal(told.rows.length, 0);
  assert.equal(short.rows.length, 10);
});

test("search() finds nothing for an unknown project, id, stream or text of two lines", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(3))]);
  const logs = createLogs(domain);
  const filters: readonly LogFilter[] = [
    { project: "unknown" },
    { containerId: 0 },
    { taskId: 0 },
    { runId: writer.runId + 1 },
    { taskRunId: writer.taskRunId + 1 },
    { attempt: 2 },
    { streams: ["SYSTEM"] },
    { contains: "line 1\nline 2" },
    { from: new Date(NOON + 3) },
    { to: new Date(NOON) },
  ];

  for (const filter of filters) {
    assert.deepEqual(await logs.search("all", filter, { first: 10 }), {
      rows: [],
      hasNextPage: false,
      hasPreviousPage: false,
    });
  }
  assert.equal((await logs.search("all", { project: "default" }, { first: 10 })).rows.length, 3);
});

test("search() finds the lines of a task that is gone", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(3))]);
  await deleteTask(domain.ports, domain.viewer, { id: writer.taskId });

  const found = await createLogs(domain).search("all", { taskId: writer.taskId }, { first: 10 });

  assert.equal(found.rows.length, 3);
});

test("search() refuses cursors that are not its own and texts that are too long", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(3))]);
  const logs = createLogs(domain);
  const { rows: [foreign] } = await logs.ofTaskRun("all", writer.taskRunId, null, { first: 1 });
  const calls: readonly [readonly string[], () => Promise<LogPage>][] = [
    [["after"], () => logs.search("all", {}, { first: 1, after: "garbage" })],
    [["before"], () => logs.search("all", {}, { last: 1, before: foreign?.cursor ?? "" })],
    [["filter", "contains"], () => logs.search("all", { contains: "x".repeat(1001) }, { first: 1 })],
  ];

  for (const [path, call] of calls) {
    await assert.rejects(call(), (error) => {
      assert.ok(error instanceof InvalidInputError, `${error}`);
      assert.deepEqual(error.path, path);
      return true;
    });
  }
});

test("search() goes through a long log in slices", async (domain, opened) => {
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch([line("needle", NOON - 1000)])]);
  await copyChunks(domain, 2500);
  opened.statements();

  const found = await createLogs(domain).search("all", { contains: "NEEDLE" }, { first: 10 });
  const searched = opened.statements().length;
  const first = await createLogs(domain).search("all", {}, { first: 10 });
  const paged = opened.statements().length;

  assert.deepEqual(found.rows.map(({ text, at }) => [text, at.getTime()]), [["needle", NOON - 1000]]);
  assert.ok(searched >= 5, `${searched} statements`);
  assert.equal(first.rows.length, 10);
  assert.equal(paged, 1);
});

/** Many chunks beside the one that is there, without writing each. */
async function copyChunks(domain: TestDomain, count: number): Promise<void> {
  await domain.db.execute(sql`
    insert into log_chunks (day, attempt_id, first_seq, line_count, attempt, task_run_id, run_id, task_id, container_id,
      project_id, first_at, last_at, streams, delays, body)
    select day, attempt_id + n, 1, 2, attempt, task_run_id + n, run_id + n, task_id, container_id, project_id,
      first_at + n * interval '1 second', last_at + n * interval '1 second', 'OO', '{0,0}', E'hay\nhay ' || n
    from log_chunks, generate_series(1, ${count}::integer) n`);
}
