/** `crontab compare`: what cron ran by the system's log, beside the slots that were recorded here. */
import { StartError } from "../../start_error.ts";
import type { Connection } from "./connection.ts";
import type { Job } from "./crontab.ts";
import type { CrontabFile } from "./crontab_file.ts";
import { print, readText } from "./words.ts";

const MINUTE_MS = 60_000;
const unitsMs: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS };
const SLOTS_AT_ONCE = 500;

export interface CronRun {
  readonly at: Date;
  readonly user: string;
  readonly command: string;
}

interface Options {
  readonly project: string;
  readonly since: string;
  readonly log: string | null;
}

/** Exit code 0 when both had the same fires. */
export async function compareCrontab(
  connection: Connection,
  file: CrontabFile,
  jobs: readonly Job[],
  { project, since, log }: Options,
): Promise<number> {
  const now = new Date();
  const from = new Date(now.getTime() - readSpan(since));
  const text = log === null ? await readJournal(from) : await readText(log);
  const runs = readCronLog(text, now).filter(({ at }) => at >= from);
  let different = 0;
  for (const job of jobs.filter(({ fault }) => fault === null)) {
    const slots = await readSlots(connection, project, job.containerName, from);
    if (slots === null) {
      print(`line ${job.line}: not imported yet`);
      different += 1;
      continue;
    }
    // What was before the import is no difference.
    const begin = slots.createdAt > from ? slots.createdAt : from;
    const ran = runs.filter((run) => run.at >= begin && isRunOf(run, job, file)).map(({ at }) => at);
    const { both, cronOnly, orreryOnly } = compareFires(ran, slots.fires);
    different += cronOnly.length + orreryOnly.length;
    print(
      `line ${job.line}: ${both} in both, ${cronOnly.length} only by cron, ${orreryOnly.length} only by Orrery`,
    );
    for (const at of cronOnly) print(`    only cron    ${at.toISOString()}`);
    for (const at of orreryOnly) print(`    only Orrery  ${at.toISOString()}`);
  }
  return different === 0 ? 0 : 1;
}

/** By the minute, which is all that cron goes by. */
export function compareFires(
  cron: readonly Date[],
  orrery: readonly Date[],
): { readonly both: number; readonly cronOnly: readonly Date[]; readonly orreryOnly: readonly Date[] } {
  const minute = (at: Date): number => Math.floor(at.getTime() / MINUTE_MS);
  const [here, there] = [new Set(orrery.map(minute)), new Set(cron.map(minute))];
  return {
    both: [...there].filter((at) => here.has(at)).length,
    cronOnly: cron.filter((at) => !here.has(minute(at))),
    orreryOnly: orrery.filter((at) => !there.has(minute(at))),
  };
}

/** Lines of syslog, with the date of either format, and of the journal: `... CRON[1]: (root) CMD (run)`. */
export function readCronLog(text: string, now: Date): readonly CronRun[] {
  return text.split("\n").flatMap((line) => {
    const [, stamp = "", user = "", command = ""] =
      /^(\S+T\S+|\w{3}\s+\d+ [\d:]+) .*?(?:CRON|cron|crond)(?:\[\d+\])?: \((.+?)\) CMD \((.*)\)\s*$/.exec(
        line,
      ) ?? [];
    const at = readStamp(stamp, now);
    return at === null ? [] : [{ at, user, command: command.trim() }];
  });
}

/** The old format has no year: it is the newest that is not in the future. */
function readStamp(stamp: string, now: Date): Date | null {
  if (stamp === "") return null;
  if (stamp.includes("T")) {
    const at = new Date(stamp.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
    return Number.isNaN(at.getTime()) ? null : at;
  }
  const at = new Date(`${stamp} ${now.getFullYear()}`);
  if (Number.isNaN(at.getTime())) return null;
  if (at.getTime() > now.getTime() + 24 * 60 * MINUTE_MS) at.setFullYear(now.getFullYear() - 1);
  return at;
}

/** Cron logs the command as the line has it, escapes and all. */
function isRunOf({ user, command }: CronRun, job: Job, { text }: CrontabFile): boolean {
  const line = (text.split("\n")[job.line - 1] ?? "").trim();
  return command !== "" && line.endsWith(command) && (job.user === null || job.user === user);
}

async function readSlots(
  connection: Connection,
  project: string,
  name: string,
  from: Date,
): Promise<{ readonly createdAt: Date; readonly fires: readonly Date[] } | null> {
  const fires: Date[] = [];
  let to: string | null = null;
  for (;;) {
    const { container } = await connection.ask(
      `query ($name: String!, $project: String, $from: DateTime, $to: DateTime) {
        container(name: $name, project: $project) {
          createdAt slots(from: $from, to: $to, first: ${SLOTS_AT_ONCE}) { at }
        }
      }`,
      { name, project, from: from.toISOString(), to },
    );
    if (container === null) return null;
    const slots: readonly { readonly at: string }[] = container.slots;
    fires.push(...slots.map(({ at }) => new Date(at)));
    to = slots.at(-1)?.at ?? null;
    if (slots.length < SLOTS_AT_ONCE) {
      return { createdAt: new Date(container.createdAt), fires: fires.reverse() };
    }
  }
}

function readSpan(text: string): number {
  const [, amount, unit = ""] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new StartError(`Cannot read --since "${text}": it is such as 90m, 12h or 7d`);
  }
  return Number(amount) * (unitsMs[unit] ?? 0);
}

/** The journal where there is one, otherwise syslog's file. */
async function readJournal(from: Date): Promise<string> {
  try {
    const { code, stdout } = await new Deno.Command("journalctl", {
      args: [
        "-t",
        "CRON",
        "-t",
        "cron",
        "-t",
        "crond",
        "-o",
        "short-iso",
        "--no-pager",
        "--since",
        `@${Math.floor(from.getTime() / 1000)}`,
      ],
      stderr: "null",
    }).output();
    const text = new TextDecoder().decode(stdout);
    if (code === 0 && text.includes("CMD")) return text;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  for (const path of ["/var/log/syslog", "/var/log/cron.log", "/var/log/cron"]) {
    try {
      return await Deno.readTextFile(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        throw new StartError(`Cannot read ${path}: ${error instanceof Error ? error.message : error}`, error);
      }
    }
  }
  throw new StartError(
    "There is neither a journal nor /var/log/syslog: name the log of cron with --log FILE",
  );
}
