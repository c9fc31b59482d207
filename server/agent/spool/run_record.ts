/** What an attempt's `run` file says: who runs it, and how it ended. Its wrapper writes it (wrapper.ts). */
import { join } from "node:path";
import { isSystemLimit } from "../backoff.ts";
import type { Folder } from "./spool.ts";
import { readTaskText, statTaskFile } from "./task_file.ts";

/** Stands in `run` when an agent has claimed the attempt: no process of it runs, or ever will. */
const FENCE = "fenced\n";
const RUN_BYTES = 1024;
const CLAIM = /^(\d+) (\S+) (\d+) (\d+) (\d+)$/;
const EXIT = /^\d{0,3}$/;

/** What `run` says. */
export type RunRecord =
  | { readonly kind: "absent" | "incomplete" | "fenced" }
  /** A task has put something else in its place. */
  | { readonly kind: "unreadable"; readonly fault: string }
  | {
    readonly kind: "claimed";
    readonly pid: number;
    readonly note: RunNote;
    /** Null as long as the wrapper has not written it. */
    readonly exitCode: number | null;
    readonly writtenAt: number;
  };

/** What the agent wants to know again after a restart; written by the wrapper behind its process id. */
interface RunNote {
  readonly bootId: string;
  readonly startedAt: number;
  readonly timeoutSeconds: number;
  readonly killGraceSeconds: number;
}

export function readRun(folder: Folder): RunRecord {
  const path = join(folder.path, "run");
  let text: string | null;
  let writtenAt: number;
  try {
    text = readTaskText(path, RUN_BYTES);
    writtenAt = statTaskFile(path)?.changedAt ?? 0;
  } catch (error) {
    if (isSystemLimit(error)) throw error;
    return { kind: "unreadable", fault: error instanceof Error ? error.message : String(error) };
  }
  if (text === null) return { kind: "absent" };
  if (text === FENCE) return { kind: "fenced" };
  const [claim = "", exit, afterExit] = text.split("\n");
  if (exit === undefined) return { kind: "incomplete" };
  const [, pid, bootId = "", startedAt, timeoutSeconds, killGraceSeconds] = CLAIM.exec(claim) ?? [];
  if (pid === undefined || !EXIT.test(exit)) return { kind: "unreadable", fault: "the file was written to" };
  return {
    kind: "claimed",
    pid: Number(pid),
    note: {
      bootId,
      startedAt: Number(startedAt),
      timeoutSeconds: Number(timeoutSeconds),
      killGraceSeconds: Number(killGraceSeconds),
    },
    exitCode: afterExit === undefined ? null : Number(exit),
    writtenAt,
  };
}

/** The line that the wrapper writes behind its process id. */
export function formatNote({ bootId, startedAt, timeoutSeconds, killGraceSeconds }: RunNote): string {
  return `${bootId} ${startedAt} ${timeoutSeconds} ${killGraceSeconds}`;
}

/** Claims the attempt in place of a wrapper that may be about to. False when the wrapper was first. */
export function fenceFolder(folder: Folder): boolean {
  try {
    Deno.writeTextFileSync(join(folder.path, "run"), FENCE, { createNew: true, mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}
