/**
 * One attempt as the agent holds it, from its start until the server has taken its end.
 *
 *     running --shell ends, group empty-----------------------------> emptying
 *     running --shell ends, group lives--> lingering --group empty--> emptying
 *     running, lingering --told to, or time over--> stopping --all gone, or 30 s after SIGKILL--> emptying
 *     emptying --its pipes were read to the end--> draining --all output taken--> ended
 */
import { createRedactor, type Redactor } from "./output/redactor.ts";
import type { Holds } from "./output/pipes.ts";
import type { ProcessRow } from "./end/processes.ts";
import type { Folder } from "./spool/spool.ts";
import type { TaskFileStat } from "./spool/task_file.ts";

/** How the wrapper ended, or what is known instead. */
export type LeaderEnd =
  | { readonly kind: "exited"; readonly code: number; readonly signal: string | null; readonly at: number }
  | { readonly kind: "killed"; readonly signal: string; readonly at: number }
  | { readonly kind: "lost"; readonly at: number }
  /** `fault` is why what it noted of its end cannot be read; null when it noted nothing. */
  | { readonly kind: "vanished"; readonly at: number; readonly fault: string | null };

/** One of the two streams, in a file that only its reader writes (readers.ts). */
export interface OutputFile {
  readonly path: string;
  /** Its pipe; null once a reader has it, or when a former agent started the attempt. */
  hold: number | null;
  /** Which one it was; null as long as it is held, or when nobody knows. */
  pipe: number | null;
  /** A reader has the pipe, or had it until it was empty. */
  read: boolean;
  /** The file, as it was last looked at; null before it was there. */
  seen: TaskFileStat | null;
  /** Why it cannot be read any more; null as long as it can. */
  fault: string | null;
  /** The disk had no room for some of it. */
  lost: boolean;
  /** A mark was written behind the attempt's output, since others go on writing. */
  marked: boolean;
  /** Of the file, where there may be such a mark: up to here there is none. */
  readable: number | null;
  /** Bytes that are there to be read, or were. */
  size: number;
  /** Bytes that the server has. */
  sent: number;
  /** Bytes that are handed over, the answer under way: the next batch begins here. Never before `sent`. */
  taken: number;
  /** The server may have bytes up to here: they were handed over, and its answer may be under way. */
  offered: number;
  /** Null as long as all of it is kept. */
  cut: Cut | null;
  /** When the file was seen to have grown to `size`, the oldest first; those that are read are dropped. */
  readonly growth: Growth[];
}

interface Growth {
  size: number;
  at: number;
}

/** What is kept of a file once its attempt has written more than is kept. */
export interface Cut {
  readonly limitBytes: number;
  /** It was not the attempt that had written too much, but all of them together. */
  readonly spoolFull: boolean;
  /** Its start is kept up to here. */
  readonly head: number;
  /** So many bytes of its end are kept; 0 where nothing can be taken out of a file but its end. */
  tail: number;
  /** Up to here the middle was taken out. */
  freed: number;
  /** Bytes that were cut off behind the head. */
  dropped: number;
}

export interface Attempt {
  readonly id: number;
  readonly folder: Folder;
  /** The wrapper, which leads the attempt's group and session. */
  readonly pid: number;
  /** Null when a former agent started it: then nobody tells us how it ended but the file. */
  readonly child: Deno.ChildProcess | null;
  readonly startedAt: number;
  /** On the clock that is never set. */
  readonly startedMs: number;
  readonly timeoutMs: number;
  readonly killGraceMs: number;
  phase: "running" | "lingering" | "stopping" | "emptying" | "draining" | "ended";
  /** Who began to stop it; the first one stays. */
  stopCause: "STOPPED" | "TIMED_OUT" | null;
  /** The server has given it up: its end is not reported. */
  unwanted: boolean;
  /** Nor does the server take its output. */
  outputRefused: boolean;
  /** The attempt of this agent that it was started after; null when it was started by itself. */
  readonly follows: number | null;
  /** What follows it was started, or is about to be. */
  followed: boolean;
  /** Its end was given to the exchange, or nothing will be. */
  told: boolean;
  /** Reports of what follows it: the server has to learn first how this one ended. */
  readonly held: (() => void)[];
  leader: LeaderEnd | null;
  /** As the system says it, once it was looked at; null before. */
  leaderStartedAt: string | null;
  /** On the clock that is never set: when the next step of lingering or stopping is due. */
  dueMs: number;
  /** How far stopping has come. */
  step: "term" | "kill" | "verify";
  /** Processes that had to be stopped although the shell had ended, that had left the group, or that live on. */
  readonly outlived: Set<string>;
  readonly strayed: Set<string>;
  readonly survived: Set<string>;
  finishedAt: number;
  readonly out: OutputFile;
  readonly err: OutputFile;
  /** Of the lines that were handed over: times of lines never go back. */
  lastLineAt: number;
  /** Of those that the server has. */
  sentLineAt: number;
  /** On the clock that is never set: readers are not asked for again before. */
  askAgainMs: number;
  /** Null when it has no secrets. */
  readonly redactor: Redactor | null;
  /** How often a secret was replaced in the output that the server has. */
  redactedCount: number;
}

export interface AttemptStart {
  readonly id: number;
  readonly folder: Folder;
  readonly pid: number;
  readonly child: Deno.ChildProcess | null;
  readonly holds: Holds | null;
  readonly startedAt: number;
  readonly startedMs: number;
  readonly timeoutSeconds: number;
  readonly killGraceSeconds: number;
  readonly follows: number | null;
  /** Values that its output must not contain. */
  readonly secrets: readonly string[];
}

export function createAttempt(start: AttemptStart): Attempt {
  const { timeoutSeconds, killGraceSeconds, holds, secrets, ...rest } = start;
  return {
    ...rest,
    timeoutMs: timeoutSeconds * 1000,
    killGraceMs: killGraceSeconds * 1000,
    phase: "running",
    stopCause: null,
    unwanted: false,
    outputRefused: false,
    followed: false,
    told: false,
    held: [],
    leader: null,
    leaderStartedAt: null,
    dueMs: 0,
    step: "term",
    outlived: new Set(),
    strayed: new Set(),
    survived: new Set(),
    finishedAt: 0,
    out: createOutputFile(`${start.folder.path}/out`, holds?.out ?? null),
    err: createOutputFile(`${start.folder.path}/err`, holds?.err ?? null),
    lastLineAt: start.startedAt,
    sentLineAt: start.startedAt,
    askAgainMs: 0,
    redactor: createRedactor(secrets),
    redactedCount: 0,
  };
}

/** As the server will see it too: it ended by itself, and well. */
export function hasSucceeded({ leader, stopCause }: Attempt): boolean {
  return leader?.kind === "exited" && leader.code === 0 && stopCause === null;
}

/** As a person reads it. */
export function nameProcess({ name, pid }: ProcessRow): string {
  return `${name} (${pid})`;
}

/** Milliseconds on a clock that is never set: for durations only. */
export function monotonicMs(): number {
  return performance.now();
}

function createOutputFile(path: string, hold: number | null): OutputFile {
  return {
    path,
    hold,
    pipe: null,
    read: false,
    seen: null,
    fault: null,
    lost: false,
    marked: false,
    readable: null,
    size: 0,
    sent: 0,
    taken: 0,
    offered: 0,
    cut: null,
    growth: [],
  };
}
