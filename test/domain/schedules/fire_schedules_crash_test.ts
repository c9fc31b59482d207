/** A tick that is killed between any two of its statements: no slot twice, none without a row. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { type OpenDatabase, openDatabase } from "../../../server/db/open.ts";
import { createTestDatabase, createTestLog } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";

const PROGRAM = fileURLToPath(new URL("../../programs/dying_tick.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const MAX_STATEMENTS = 100;

/** In time, caught up with, missed and without a task: every kind of slot. */
const KINDS = ["FIRED", "CAUGHT_UP", "MISSED", "SKIPPED"] as const;

interface Found {
  readonly slots: number;
  readonly runs: number;
  readonly taskRuns: number;
  readonly due: number;
}

function open(url: string): Promise<OpenDatabase> {
  return openDatabase({ url, dataDir: "", log: createTestLog() });
}

/** Answers what the process found before its tick, and whether it outlived it. */
async function runTick(
  url: string,
  point: string,
): Promise<{ readonly found: Found; readonly outlived: boolean }> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", PROGRAM, url, point],
    cwd: ROOT,
    stdin: "null",
  }).output();
  const [first = "", second] = new TextDecoder().decode(stdout).split("\n");
  assert.match(first, /^\{/, new TextDecoder().decode(stderr));
  return { found: JSON.parse(first), outlived: second === "done" };
}

async function schedule(domain: TestDomain): Promise<void> {
  for (const kind of KINDS) {
    const id = await domain.container({
      name: kind,
      expression: "@yearly",
      misfire: kind === "MISSED" ? "SKIP" : "ONCE",
    });
    if (kind !== "SKIPPED") await domain.task(id, "only");
    // One that is in time stays so however long the other ticks take.
    const due = kind === "FIRED" ? sql`clock_timestamp() + interval '1 hour'` : sql`'2026-01-01T00:00:00Z'`;
    await domain.db.execute(sql`update schedules set next_fire_at = ${due} where container_id = ${id}`);
  }
}

/** The last one is made due when all else is done: it must not be found late by then. */
async function makeDue({ db }: OpenDatabase): Promise<void> {
  await db.execute(sql`
    update schedules set next_fire_at = date_trunc('second', clock_timestamp())
    where container_id = (select id from containers where name = 'FIRED') and next_fire_at > clock_timestamp()
      and next_fire_at < clock_timestamp() + interval '2 hours'`);
}

Deno.test("fireDueSchedules() killed between any two statements leaves all as it was", async () => {
  const url = await createTestDatabase(true);
  const opened = await open(url);
  await schedule(await openDomain(opened.db));
  await opened.close();
  const untouched = { slots: 0, runs: 0, taskRuns: 0, due: KINDS.length - 1 };

  assert.deepEqual(await runTick(url, "commit"), { found: untouched, outlived: false });
  let statements = 1;
  for (; statements < MAX_STATEMENTS; statements++) {
    const { found, outlived } = await runTick(url, String(statements));
    assert.deepEqual(found, untouched, `before statement ${statements}`);
    if (outlived) break;
  }
  assert.ok(statements > 10, `it outlived after ${statements}`);
  const again = await open(url);
  await makeDue(again);
  await again.close();
  const told = await runTick(url, "told");

  assert.deepEqual(told.outlived, false);
  assert.deepEqual(told.found, { slots: 3, runs: 1, taskRuns: 1, due: 1 });
  const after = await runTick(url, "never");
  assert.deepEqual(after, { found: { slots: 4, runs: 2, taskRuns: 2, due: 0 }, outlived: true });
  await checkLedger(url);
});

async function checkLedger(url: string): Promise<void> {
  const opened = await open(url);
  try {
    const rows = await opened.db.execute(sql`
      select c.name, s.outcome, (select count(*)::int from runs r where r.container_id = c.id) as runs,
        (select count(*)::int from runs r where r.id = s.run_id and r.scheduled_for = s.at) as own
      from containers c join slots s on s.container_id = c.id order by c.id`);
    assert.deepEqual([...rows].map((row) => ({ ...row })), [
      { name: "FIRED", outcome: "FIRED", runs: 1, own: 1 },
      { name: "CAUGHT_UP", outcome: "CAUGHT_UP", runs: 1, own: 1 },
      { name: "MISSED", outcome: "MISSED", runs: 0, own: 0 },
      { name: "SKIPPED", outcome: "SKIPPED", runs: 0, own: 0 },
    ]);
  } finally {
    await opened.close();
  }
}
