/**
 * Processor time and memory of processes, from /proc; null on a system without it (macOS).
 *
 * The time of a process includes that of the children that it waited for. The sum over a program and all of its living
 * descendants therefore misses nothing, as long as each process waits for its own: the server does for the tasks'
 * wrappers, a wrapper for its shell, and PostgreSQL for its backends.
 */

/** The unit of time in /proc, on every Linux. */
const TICKS_PER_SECOND = 100;
const KIB = 1024;
/** A process may end between the opening of its file and the reading: the system answers that there is none (ESRCH). */
const NO_SUCH_PROCESS = /os error 3\)/;

/** In /proc/PID/smaps: device and inode of a mapping, its resident and its proportional set size. */
const MAPPING = /^[\da-f]+-[\da-f]+ \S+ \S+ (\S+ \d+)(?:.*\n)+?Rss: +(\d+) kB\nPss: +(\d+) kB$/gm;

interface Mapped {
  readonly resident: number;
  readonly proportional: number;
}
const NOTHING_MAPPED: Mapped = { resident: 0, proportional: 0 };

interface ProcessStat {
  readonly parent: number;
  /** Its own and that of the children that it waited for, in user and system mode. */
  readonly ticks: number;
}

/** The processes and all below them. */
export function withDescendants(roots: readonly number[]): readonly number[] {
  const parents = new Map(listProcesses().map((pid) => [pid, readStat(pid)?.parent]));
  const found = new Set(roots);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (parent !== undefined && found.has(parent)) found.add(pid);
  }
  return [...found];
}

export function parentOf(pid: number): number | null {
  return readStat(pid)?.parent ?? null;
}

/** Answers, whenever it is called, the milliseconds of processor time that the processes took since then. */
export function startProcessorTimer(list: () => readonly number[]): () => number | null {
  const before = readProcessorMs(list());
  return () => {
    const now = readProcessorMs(list());
    return before === null || now === null ? null : now - before;
  };
}

/**
 * Memory of them all in bytes, a page that several of them share counted once. That is the sum of their proportional set
 * sizes if nobody else has the same programs open; since the tests run on the same Deno, a file that is mapped counts
 * with at least what one of them has of it.
 */
export function readMemory(pids: readonly number[]): number | null {
  const sizes = new Map<string, Mapped>();
  for (const pid of pids) {
    for (const [file, { resident, proportional }] of readMapped(pid)) {
      const { resident: most, proportional: sum } = sizes.get(file) ?? NOTHING_MAPPED;
      sizes.set(file, { resident: Math.max(most, resident), proportional: sum + proportional });
    }
  }
  return sumOf(
    [...sizes.values()].map(({ resident, proportional }) => Math.max(resident, proportional)),
    KIB,
  );
}

/** Resident memory of one process in bytes: quicker to read than the proportional set size. */
export function readResidentMemory(pid: number): number | null {
  return sumOf([readKib(`/proc/${pid}/status`, "VmRSS")], KIB);
}

/** Since they started. */
function readProcessorMs(pids: readonly number[]): number | null {
  return sumOf(pids.map((pid) => readStat(pid)?.ticks), 1000 / TICKS_PER_SECOND);
}

/** What a process has in memory of each file, in KiB; what belongs to no file, by the process. */
function readMapped(pid: number): ReadonlyMap<string, Mapped> {
  const files = new Map<string, Mapped>();
  for (const [, inode, rss, pss] of (readIfThere(`/proc/${pid}/smaps`) ?? "").matchAll(MAPPING)) {
    const file = inode?.endsWith(" 0") ? `process ${pid}` : inode ?? "";
    const { resident, proportional } = files.get(file) ?? NOTHING_MAPPED;
    files.set(file, { resident: resident + Number(rss), proportional: proportional + Number(pss) });
  }
  return files;
}

/** One that has ended meanwhile counts in its parent; null when there is nothing to read at all. */
function sumOf(values: readonly (number | undefined)[], factor: number): number | null {
  const found = values.filter((value) => value !== undefined);
  return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0) * factor;
}

function listProcesses(): readonly number[] {
  try {
    return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter(Number.isInteger);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function readStat(pid: number): ProcessStat | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name before the closing bracket may hold spaces: fields are counted from behind it, from the state on.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ").map(Number);
  return { parent: fields[1] ?? 0, ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
}

function readKib(path: string, name: string): number | undefined {
  const value = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readIfThere(path) ?? "")?.[1];
  return value === undefined ? undefined : Number(value);
}

function readIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Error && NO_SUCH_PROCESS.test(error.message)) return undefined;
    throw error;
  }
}
