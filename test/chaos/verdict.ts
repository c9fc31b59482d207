/** What must hold whatever was struck, read from the database and from the marks that the tasks left. */
import { join } from "node:path";
import type { Sentence } from "../../schema/sentences.ts";
import type { OpenDatabase } from "../../server/db/open.ts";
import type { ClockName } from "./world.ts";
import { decodeId } from "../../schema/ids.ts";
import { readText } from "../support/sentences.ts";

type Sql = OpenDatabase["sql"];

export interface Evidence {
  readonly dataDir: string;
  readonly marksPath: string;
  readonly clock: ClockName;
  /** Ids of runs that the server said to have made. */
  readonly acknowledged: ReadonlySet<string>;
}

/** What is wrong, in sentences; empty when nothing is. */
export async function findFaults({ sql }: OpenDatabase, evidence: Evidence): Promise<readonly string[]> {
  const marks = await readMarks(evidence.marksPath);
  return [
    ...await askFaults(sql, {
      ...QUESTIONS,
      ...(evidence.clock === "true" ? QUESTIONS_OF_TIME : QUESTIONS_OF_MADNESS),
    }),
    ...await findLostCalls(sql, evidence.acknowledged),
    ...await findMarkFaults(sql, marks),
    ...await findLineFaults(sql),
    ...await findProcesses(evidence.dataDir),
  ];
}

/** Each selects what must not be there. */
const QUESTIONS: Readonly<Record<string, string>> = {
  "run is not final": "select id from runs where state in ('QUEUED', 'RUNNING')",
  "task run is not final": "select id from task_runs where state in ('PENDING', 'READY', 'RUNNING')",
  "attempt is not final": "select id from attempts where state in ('STARTING', 'RUNNING')",
  "final task run has no reason":
    "select id from task_runs where reason is null and state in ('FAILED', 'TIMED_OUT', 'CANCELLED', 'SKIPPED')",
  "final run has no reason": "select id from runs where reason is null and state in ('FAILED', 'CANCELLED')",
  "task run has another number of attempts than it says": `select t.id from task_runs t
    left join attempts a on a.task_run_id = t.id group by t.id having count(a.id) <> t.attempt or max(a.number) <> t.attempt`,
  "task run has an attempt after its success": `select a.id from attempts a join attempts b
    on b.task_run_id = a.task_run_id and b.number > a.number where a.state = 'SUCCEEDED'`,
  "slot was fired without a run":
    "select at from slots where outcome = 'FIRED' and not exists (select 1 from runs where runs.id = slots.run_id)",
  "run of a schedule has no slot": `select id from runs where cause in ('SCHEDULE', 'CATCH_UP')
    and not exists (select 1 from slots where slots.run_id = runs.id)`,
  "something ended before it began": `select 'run' as what, id from runs where finished_at < started_at
    union all select 'task run', id from task_runs where finished_at < started_at
    union all select 'attempt', id from attempts where finished_at < started_at`,
};

/** The same, where the clock that is compared was never set. */
const QUESTIONS_OF_TIME: Readonly<Record<string, string>> = {
  "slot of an interval is left out": `select container_id, at from (
      select container_id, at, at - lag(at) over (partition by container_id order by at) as gap from slots
    ) gaps join schedules using (container_id)
    where gap <> substring(expression from '[0-9]+')::integer * interval '1 second'`,
  "run began while another one of its container ran":
    `select b.id from runs a join runs b using (container_id)
    join schedules using (container_id)
    where overlap <> 'ALLOW' and a.id < b.id and a.started_at is not null
      and b.started_at between a.started_at and a.finished_at`,
};

const QUESTIONS_OF_MADNESS: Readonly<Record<string, string>> = {
  "clock was not set":
    "select count(*) from attempts having max(started_at) - min(started_at) < interval '30 minutes'",
  "database's clock was not set":
    "select count(*) from task_runs having max(ready_at) - min(ready_at) < interval '30 minutes'",
};

async function askFaults(
  sql: Sql,
  questions: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [what, question] of Object.entries(questions)) {
    const rows = await sql.unsafe(question);
    faults.push(...rows.map((row) => `${what}: ${JSON.stringify(row)}`));
  }
  return faults;
}

async function findLostCalls(sql: Sql, acknowledged: ReadonlySet<string>): Promise<readonly string[]> {
  const there = new Set((await sql<{ id: number }[]>`select id from runs`).map(({ id }) => id));
  return [...acknowledged].filter((id) => !there.has(decodeId("Run", id)))
    .map((id) => `acknowledged run is not there: ${decodeId("Run", id)}`);
}

type Marks = ReadonlyMap<number, readonly string[]>;

/** Attempt -> what it wrote, in order. */
async function readMarks(path: string): Promise<Marks> {
  const text = await Deno.readTextFile(path);
  const lines = text.split("\n").filter((line) => line !== "").map((line) => line.split(" "));
  const grouped = Map.groupBy(lines, ([id = ""]) => decodeId("Attempt", id));
  return new Map([...grouped].map(([id, words]) => [id, words.map(([, word = ""]) => word)]));
}

async function findMarkFaults(sql: Sql, marks: Marks): Promise<readonly string[]> {
  const rows = await sql<{ id: number; state: string; reason: Sentence | null }[]>`
    select id, state, reason from attempts`;
  const known = new Map(rows.map((row) => [row.id, row]));
  const faults: string[] = [];
  for (const [id, words] of marks) {
    if (words.filter((word) => word === "start").length > 1) faults.push(`attempt ${id} was started twice`);
    if (!known.has(id)) faults.push(`attempt ${id} ran and is not in the database`);
  }
  for (const { id, state, reason } of rows) {
    const told = (marks.get(id) ?? []).join(" ");
    if (state === "SUCCEEDED" && told !== "start end") {
      faults.push(`attempt ${id} succeeded, its marks: "${told}"`);
    }
    if (state === "LOST") faults.push(`attempt ${id} was lost: ${readText(reason)}`);
  }
  return faults;
}

/** Every attempt that came to its end printed `line 1`, `line 2` and so on, and its last line is its last. */
async function findLineFaults(sql: Sql): Promise<readonly string[]> {
  const rows = await sql<{ id: number; command: string; body: string | null; seqs: boolean }[]>`
    select a.id, v.definition->'tasks'->t.task_index->>'command' as command,
      string_agg(c.body, E'\n' order by c.first_seq) as body,
      coalesce(sum(c.line_count), 0) = a.next_seq - 1 as seqs
    from attempts a join task_runs t on t.id = a.task_run_id join runs r on r.id = t.run_id
      join container_versions v on v.id = r.version_id left join log_chunks c on c.attempt_id = a.id
    where a.state = 'SUCCEEDED' group by a.id, v.id, t.id`;
  return rows.flatMap(({ id, command, body, seqs }) => {
    const lines = (body ?? "").split("\n").filter((line) => line.startsWith("line "));
    const expected = Array.from({ length: countLines(command) }, (_, index) => `line ${index + 1}`);
    const good = seqs && lines.join() === expected.join();
    return good ? [] : [`attempt ${id} has the lines ${lines.join()} in place of ${expected.length}`];
  });
}

function countLines(command: string): number {
  const said = Number(/^(?:.*; )?say (\d+)/m.exec(command)?.[1] ?? 0);
  const looped = Number(/seq 1 (\d+)\); do echo line/.exec(command)?.[1] ?? 0);
  return said + looped + (command.includes("echo line 3") ? 1 : 0);
}

/** Whatever carries a mark of this data directory's agent. */
async function findProcesses(dataDir: string): Promise<readonly string[]> {
  const [spoolId = ""] = (await Deno.readTextFile(join(dataDir, "spool", "identity"))).split(" ");
  const faults: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const environment = await Deno.readTextFile(`/proc/${name}/environ`).catch(() => "");
    if (environment.includes(`ORRERY_MARK=${spoolId}.`)) faults.push(`process ${name} is left over`);
  }
  return faults;
}
