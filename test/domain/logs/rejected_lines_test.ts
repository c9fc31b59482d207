/** What the database rejects for good is left out and named; everything else is stored, also of others. */
import assert from "node:assert/strict";
import type { OutputBatch } from "../../../server/agent/port.ts";
import { openTestDatabase, type TestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";
import { line, NOON, only, openAppend, startRun, stored, texts, type Writer } from "./writer.ts";

const test = (name: string, body: (domain: TestDomain, opened: TestDatabase) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db), opened);
  });
};

/** A trigger that rejects chunks in which a line is "bad". */
async function rejectBad({ sql }: TestDatabase): Promise<void> {
  await sql.unsafe(`
    create function reject_bad() returns trigger language plpgsql as $$
    begin
      if new.body ~ '(?n)^bad' then raise exception E'no bad\\nlines'; end if;
      return new;
    end $$;
    create trigger reject_bad before insert on log_chunks for each row execute function reject_bad()`);
}

async function rowsOf(domain: TestDomain, { taskRunId }: Writer): Promise<readonly string[]> {
  const rows = await stored(domain, taskRunId);
  assert.deepEqual(rows.map(({ seq }) => seq), rows.map((_row, place) => place + 1));
  return rows.map(({ stream, text }) => stream === "STDOUT" ? text : `${stream} ${text}`);
}

const LOST = "SYSTEM 1 line of standard output could not be stored, the database rejects it: no bad lines";

test(
  "appendOutput() leaves out only the lines that a trigger rejects, and names them",
  async (domain, opened) => {
    await rejectBad(opened);
    const [one, other, third] = await startRun(domain, ["one", "other", "third"]);
    if (one === undefined || other === undefined || third === undefined) {
      throw new Error(
        "The run has not three attempts",
      );
    }
    const append = openAppend(domain);

    for (const round of [1, 2]) {
      const batches: readonly OutputBatch[] = [
        other.batch([line(`before ${round}`)]),
        one.batch(["a", "b", "bad 1", "c"].map((text, place) => line(text, NOON + place))),
        third.batch([line(`behind ${round}`)]),
      ];
      const verdicts = await append(domain.agentId, batches);
      assert.deepEqual(
        verdicts.map(({ accepted, outOffset, errOffset }) => [accepted, outOffset, errOffset]),
        batches.map(({ outTo, errTo }) => [true, outTo, errTo]),
      );
      // The answer was lost.
      assert.deepEqual(await append(domain.agentId, batches), verdicts);
    }

    assert.deepEqual(await rowsOf(domain, one), ["a", "b", LOST, "c", "a", "b", LOST, "c"]);
    assert.deepEqual(await rowsOf(domain, other), ["before 1", "before 2"]);
    assert.deepEqual(await rowsOf(domain, third), ["behind 1", "behind 2"]);
    const told = domain.events.flatMap((event) =>
      event.kind === "lines" && event.attemptId === one.attemptId ? event.lines : []
    );
    assert.deepEqual(texts(told), texts(await stored(domain, one.taskRunId)));
    await domain.end({ one: 0, other: 0, third: 0 });
    assert.deepEqual(Object.values(await domain.states(one.runId)), ["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
  },
);

test(
  "appendOutput() splits lines that came as one text, and names those that it no longer splits together",
  async (domain, opened) => {
    await rejectBad(opened);
    const writer = only(await startRun(domain, ["a"]));
    const text = ["good", ...Array.from({ length: 2000 }, (_, place) => `bad ${place}`), "good"].join("\n");
    const length = text.length + 1;

    await openAppend(domain)(domain.agentId, [{
      attemptId: writer.attemptId,
      outFrom: 0,
      outTo: length,
      errFrom: 0,
      errTo: 0,
      passages: [{ at: NOON, stream: "STDOUT", count: 2002, text }],
    }]);

    const rows = await rowsOf(domain, writer);
    assert.equal(rows[0], "good");
    assert.ok(rows.length < 400, `${rows.length}`);
    const lost = rows.map((row) => Number(/^SYSTEM (\d+) lines? of/.exec(row)?.[1] ?? 0));
    assert.ok(lost.reduce((sum, count) => sum + count, 0) >= 2000);
  },
);

test(
  "appendOutput() does not quote a reason that the database rejects too, and goes on without any line",
  async (domain, opened) => {
    await opened.sql.unsafe(
      `alter table log_chunks add constraint no_poison check (body !~ 'poison') not valid`,
    );
    const [one, other] = await startRun(domain, ["one", "other"]);
    if (one === undefined || other === undefined) throw new Error("The run has not two attempts");
    const append = openAppend(domain);

    await append(domain.agentId, [one.batch([line("poison", NOON, "STDERR"), line("food")])]);
    await opened.sql.unsafe(
      `alter table log_chunks add constraint mute check (attempt_id <> ${one.attemptId}) not valid`,
    );
    const [verdict] = await append(domain.agentId, [one.batch([line("more")]), other.batch([line("fine")])]);

    assert.deepEqual(await rowsOf(domain, one), [
      "SYSTEM 1 line of standard error could not be stored, the database rejects it",
      "food",
    ]);
    assert.deepEqual(await rowsOf(domain, other), ["fine"]);
    assert.equal(verdict?.outOffset, one.out);
  },
);

test("appendOutput() waits where a partition is missing: that is nobody's line", async (domain, opened) => {
  const writer = only(await startRun(domain, ["a"]));
  await opened.sql.unsafe(`
    do $$ declare part regclass; begin
      for part in select inhrelid from pg_inherits where inhparent = 'log_chunks'::regclass loop
        execute format('drop table %s', part);
      end loop;
    end $$`);

  await assert.rejects(openAppend(domain)(domain.agentId, [writer.batch([line("one")])]));

  const [row] = await opened.sql`select out_offset, next_seq from attempts where id = ${writer.attemptId}`;
  assert.deepEqual([Number(row?.out_offset), row?.next_seq], [0, 1]);
});
