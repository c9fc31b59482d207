/** What the system says about processes: who lives, in which group, since when, and with which mark of ours. */
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { isSystemLimit } from "../backoff.ts";
import { listByPs, MACOS_PS } from "./processes_ps.ts";

/**
 * The variable that marks every process of an attempt, those too that left its group. It names the spool beside the
 * attempt, because another server on this machine has an attempt of the same number.
 */
export const MARK_VARIABLE = "ORRERY_MARK";

/** After so many processes the event loop gets its turn. */
const READ_AT_ONCE = 200;
/** Ticks a second in /proc, on every Linux that is in use. */
const TICKS_PER_SECOND = 100;

/** A living process: neither a zombie nor gone. */
export interface ProcessRow {
  readonly pid: number;
  readonly group: number;
  readonly name: string;
  /** When it started, in the system's own words: another start, another process. */
  readonly startedAt: string;
  readonly ageMs: number;
  /** Null when it has none, when it was not asked for, or when it is hidden from us. */
  readonly mark: string | null;
}

export interface Processes {
  /** Another one after each start of the machine. */
  readonly bootId: string;
  list(withMarks: boolean): Promise<readonly ProcessRow[]>;
}

export async function openProcesses(): Promise<Processes> {
  const list = Deno.build.os === "linux"
    ? listByProc
    : (): ReturnType<Processes["list"]> => listByPs(MACOS_PS, MARK_VARIABLE);
  return { bootId: await readBootId(), list };
}

export async function readBootId(): Promise<string> {
  if (Deno.build.os === "linux") return (await Deno.readTextFile("/proc/sys/kernel/random/boot_id")).trim();
  const sysctl = await new Deno.Command("sysctl", { args: ["-n", "kern.bootsessionuuid"] }).output();
  return new TextDecoder().decode(sysctl.stdout).trim();
}

/** False only when the group is empty; a zombie counts as a member. */
export function groupExists(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/**
 * A negative id means the whole group. Answers false when there was nobody, or nobody that we may signal. What the system
 * takes for our own group (0), for all processes (-1) or for init (1) is never an attempt's.
 */
export function sendSignal(id: number, signal: Deno.Signal): boolean {
  if (!Number.isSafeInteger(id) || Math.abs(id) <= 1) return false;
  try {
    Deno.kill(id, signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}

async function listByProc(withMarks: boolean): Promise<readonly ProcessRow[]> {
  const uptimeSeconds = Number.parseFloat(readProc("uptime") ?? "0");
  const rows: ProcessRow[] = [];
  let read = 0;
  for (const pid of listPids()) {
    if (++read % READ_AT_ONCE === 0) await pause(0);
    const row = readProcess(pid, uptimeSeconds, withMarks);
    if (row !== null) rows.push(row);
  }
  return rows;
}

function listPids(): number[] {
  return Array.from(Deno.readDirSync("/proc"), ({ name }) => Number(name)).filter(Number.isInteger);
}

function readProcess(pid: number, uptimeSeconds: number, withMarks: boolean): ProcessRow | null {
  const stat = readProc(`${pid}/stat`);
  if (stat === null) return null;
  // The name is in brackets and may itself hold brackets and spaces.
  const nameEnd = stat.lastIndexOf(")");
  const [state, , group, ...rest] = stat.slice(nameEnd + 2).split(" ");
  const startedAt = rest[16];
  if (group === undefined || startedAt === undefined || state === "Z" || state === "X") return null;
  return {
    pid,
    group: Number(group),
    name: stat.slice(stat.indexOf("(") + 1, nameEnd),
    startedAt,
    ageMs: Math.max(0, uptimeSeconds - Number(startedAt) / TICKS_PER_SECOND) * 1000,
    mark: withMarks ? readMark(pid) : null,
  };
}

function readMark(pid: number): string | null {
  const start = `${MARK_VARIABLE}=`;
  const entry = readProc(`${pid}/environ`)?.split("\0").find((variable) => variable.startsWith(start));
  return entry?.slice(start.length) ?? null;
}

/** Null when the process is gone, or hides this from us. */
function readProc(path: string): string | null {
  try {
    return Deno.readTextFileSync(`/proc/${path}`);
  } catch (error) {
    if (isSystemLimit(error)) throw error;
    // Gone between two looks, or another user's: in both cases there is nothing to be known.
    return null;
  }
}
