/** What an attempt's `run` file says: who runs it, and how it ended. Its wrapper writes it (wrapper.ts). */
import { join } from "node:path";
import type { Folder } from "./spool.ts";

/** Stands in `run` when an agent has claimed the attempt: no process of it runs, or ever will. */
const FENCE = "fenced\n";

/** What `run` says. */
export type RunRecord =
  | { readonly kind: "absent" | "incomplete" | "fenced" }
  | {
    readonly kind: "claimed";
    readonly pid: number;
    readonly note: RunNote;
    /** Null as long as the wrapper has not written it. */
    readonly exitCode: number | null;
    readonly writtenAt: number;
  };

/** What the agent wants to know again after a restart; written by the wrapper behind its process id. */
export interface RunNote {
  readonly bootId: string;
  readonly startedAt: number;
  readonly timeoutSeconds: number;
  readonly killGraceSeconds: number;
}

export function readRun(folder: Folder): RunRecord {
  const path = join(folder.path, "run");
  let text: string;
  let writtenAt: number;
  try {
    text = Deno.readTextFileSync(path);
    writtenAt = Deno.statSync(path).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "absent" };
    throw error;
  }
  if (text === FENCE) return { kind: "fenced" };
  const [claim, exit, afterExit] = text.split("\n");
  const [pid, bootId, startedAt, timeoutSeconds, killGraceSeconds] = claim?.split(" ") ?? [];
  if (exit === undefined || bootId === undefined) return { kind: "incomplete" };
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
    Deno.writeTextFileSync(join(folder.path, "run"), FENCE, { createNew: true });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}
