/**
 * Takes apart what crontab lines put around a command to get what a container has by itself: a lock, a time limit, a
 * directory, a random delay. Only what is wholly understood is taken apart; everything else stays as it is written.
 */
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { OverlapPolicy } from "../../../schema/states.ts";

export interface Unwrapped {
  readonly command: string;
  readonly directory: string | null;
  readonly timeoutSeconds: number;
  readonly killGraceSeconds: number | null;
  readonly overlap: OverlapPolicy;
  readonly jitterSeconds: number;
  readonly notes: readonly Sentence[];
}

interface Options {
  /** Locks that other lines of the file take too: a container of its own would not keep them apart. */
  readonly sharedLocks: ReadonlySet<string>;
  /** Whether a container can delay its runs by itself. */
  readonly delays: boolean;
}

/** A word without quotes, variables or patterns, or one in quotes that holds none either. */
const WORD = String.raw`(?:[\w@%+=:,./-]+|'[^'\n]*'|"[^"$\x60\\\n]*")`;
const DURATION = String.raw`(\d+)([smhd]?)`;
const secondsOf: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 };

const flockShape = new RegExp(String.raw`^(?:/usr)?(?:/bin/)?flock\s+(.+)$`, "s");
const timeoutShape = new RegExp(
  String.raw`^(?:(?:/usr)?/bin/)?timeout\s+(?:(?:-k\s*|--kill-after=)${DURATION}\s+)?${DURATION}\s+(.+)$`,
  "s",
);
const directoryShape = new RegExp(String.raw`^cd\s+(${WORD})\s*&&\s*(.+)$`, "s");
const sleepShape = /^sleep\s+\$\(\(\s*\$?\{?RANDOM\}?\s*%\s*(\d{1,6})\s*\)\)\s*(?:;|&&)\s*(.+)$/s;
const MAX_JITTER_SECONDS = 86_400;
/** A container that has more wrappers than this is written by somebody who tests us. */
const MAX_WRAPPERS = 10;

export function unwrap(command: string, options: Options): Unwrapped {
  let unwrapped: Unwrapped = {
    command,
    directory: null,
    timeoutSeconds: 0,
    killGraceSeconds: null,
    overlap: "ALLOW",
    jitterSeconds: 0,
    notes: [],
  };
  for (let count = 0; count < MAX_WRAPPERS; count++) {
    const next = takeDelay(unwrapped, options) ?? takeDirectory(unwrapped) ?? takeLock(unwrapped, options) ??
      takeTimeout(unwrapped);
    if (next === null) break;
    unwrapped = next;
  }
  return unwrapped;
}

/** The lock that a command takes by flock; null when it takes none that is understood. */
export function lockOf(command: string): string | null {
  const found = /(?:^|[\s;&|(/])flock\s+([^;&|\n]+)/.exec(command)?.[1];
  return found === undefined ? null : found.split(/\s+/).find((word) => word.includes("/")) ?? null;
}

function takeDelay(given: Unwrapped, { delays }: Options): Unwrapped | null {
  const [, most, command] = sleepShape.exec(given.command) ?? [];
  if (!delays || command === undefined || given.jitterSeconds > 0 || given.directory !== null) return null;
  const jitterSeconds = Number(most);
  if (jitterSeconds < 1 || jitterSeconds > MAX_JITTER_SECONDS || !isAndList(command)) return null;
  const note = say("CRONTAB_DELAY", { seconds: jitterSeconds });
  return { ...given, command, jitterSeconds, notes: [...given.notes, note] };
}

/** The rest must not go on without the directory, as behind a `;`. */
function takeDirectory(given: Unwrapped): Unwrapped | null {
  const [, word = "", command] = directoryShape.exec(given.command) ?? [];
  if (command === undefined || given.directory !== null || !isAndList(command)) return null;
  const directory = unquote(word);
  // A relative one would begin at the home of the user.
  if (!directory.startsWith("/")) return null;
  return { ...given, command, directory, notes: [...given.notes, say("CRONTAB_DIRECTORY", { directory })] };
}

function takeLock(given: Unwrapped, { sharedLocks }: Options): Unwrapped | null {
  const rest = flockShape.exec(given.command)?.[1];
  if (rest === undefined || given.overlap !== "ALLOW" || !isSimple(rest)) return null;
  const shape = new RegExp(
    String.raw`^(?:(-n|--nonblock|--nb|-x|-e|--exclusive)\s+|(-w\s*|--wait[= ])(\d+)\s+)*(${WORD})\s+(.+)$`,
    "s",
  );
  const [, , waits, seconds, lock = "", command] = shape.exec(rest) ?? [];
  if (command === undefined || command.startsWith("-") || lock.startsWith("-")) return null;
  const path = unquote(lock);
  // A lock that is shared with another line would be gone, and a number is an open file of the shell.
  if (sharedLocks.has(path) || !path.includes("/")) return null;
  const flags = rest.slice(0, rest.length - command.length).split(/\s+/);
  const skips = flags.some((flag) => ["-n", "--nonblock", "--nb"].includes(flag));
  if (skips && waits !== undefined) return null;
  const overlap = skips ? "SKIP" : "QUEUE";
  const note = say("CRONTAB_LOCK", {
    lock: path,
    overlap,
    seconds: seconds === undefined ? null : Number(seconds),
  });
  return { ...given, command, overlap, notes: [...given.notes, note] };
}

function takeTimeout(given: Unwrapped): Unwrapped | null {
  const [, kill, killUnit = "", amount = "", unit = "", command] = timeoutShape.exec(given.command) ?? [];
  if (command === undefined || command.startsWith("-") || given.timeoutSeconds > 0 || !isSimple(command)) {
    return null;
  }
  const timeoutSeconds = Number(amount) * (secondsOf[unit] ?? 1);
  const killGraceSeconds = kill === undefined ? null : Number(kill) * (secondsOf[killUnit] ?? 1);
  const longest = 31_622_400;
  if (timeoutSeconds < 1 || timeoutSeconds > longest || (killGraceSeconds ?? 0) > 86_400) return null;
  const note = say("CRONTAB_TIMEOUT", { seconds: timeoutSeconds });
  return { ...given, command, timeoutSeconds, killGraceSeconds, notes: [...given.notes, note] };
}

/** One program with its arguments and redirections: what stands in front of it is about all of it. */
function isSimple(command: string): boolean {
  const bare = bareText(command);
  return bare !== null && !/[;|\n(){}!#]|(?<![<>\d])&(?!>|\d)|&&/.test(bare);
}

/** Programs joined by `&&` or `|`: none of them runs when what stands in front fails. */
function isAndList(command: string): boolean {
  const bare = bareText(command);
  return bare !== null && !/[;\n(){}#]|\|\||(?<![&<>\d])&(?![&>\d])/.test(bare.replaceAll("&&", " "));
}

/** Without what stands in quotes; null where what is quoted cannot be told without running it. */
function bareText(command: string): string | null {
  const bare = command.replace(/\\./gs, "_").replace(/'[^']*'|"[^"$`]*"/g, "_").replace(
    /"(?:[^"$`]|\$(?:\w+|\{\w+\}))*"/g,
    "_",
  ).replace(/\$\{\w+\}/g, "_");
  return /['"`]/.test(bare) ? null : bare;
}

function unquote(word: string): string {
  return /^(['"]).*\1$/s.test(word) ? word.slice(1, -1) : word;
}
