/** What became of an attempt that a former agent had: read from its folder and from the processes that live now. */
import { setTimeout as pause } from "node:timers/promises";
import { type Attempt, type AttemptStart, createAttempt, type LeaderEnd, monotonicMs } from "../attempt.ts";
import { readExit } from "./endings.ts";
import type { ProcessRow } from "./processes.ts";
import { readOutputNote } from "../output/output_limit.ts";
import { fenceFolder, readRun, type RunRecord } from "../spool/run_record.ts";
import type { Folder } from "../spool/spool.ts";

/** So long is a wrapper given to finish the line that it has begun. */
const CLAIM_MS = 500;
const CLAIM_LOOK_MS = 10;
/** No group has this number, and nobody is signalled by it. */
const NOBODY = 0;

export interface RecoveryPlace {
  readonly bootId: string;
  /** False when the machine was restarted since the folder was made, or may have been. */
  readonly sameBoot: boolean;
  /** With marks, and no older than this recovery. */
  readonly rows: readonly ProcessRow[];
  readonly mark: string;
  readonly now: number;
  /** Where the folder does not tell them. */
  readonly limits: Pick<AttemptStart, "timeoutSeconds" | "killGraceSeconds" | "follows">;
  /** Values that its output must not contain. */
  readonly secrets: readonly string[];
}

export type Recovery =
  /** No process of it ever ran or will: the folder is fenced. */
  | { readonly kind: "unstarted" }
  /** Whether it ran is not known. */
  | { readonly kind: "lost" }
  | { readonly kind: "living"; readonly attempt: Attempt }
  /** Its shell is gone; `groupLives` when others of its group are not. */
  | {
    readonly kind: "ended";
    readonly attempt: Attempt;
    readonly end: LeaderEnd;
    readonly groupLives: boolean;
  };

export async function recoverAttempt(folder: Folder, place: RecoveryPlace): Promise<Recovery> {
  const record = await readSettled(folder, place.sameBoot);
  if (record.kind === "unreadable") return recoverUnread(folder, place, record.fault);
  if (record.kind !== "claimed") return { kind: place.sameBoot ? "unstarted" : "lost" };
  const { pid, note, exitCode, writtenAt } = record;
  // A process of that number is ours only when it carries our mark; after a reboot nobody can be.
  const own = note.bootId === place.bootId ? place.rows.filter(({ mark }) => mark === place.mark) : [];
  const leader = own.find((row) => row.pid === pid);
  const attempt = createAttempt({
    id: folder.attemptId,
    folder,
    pid,
    child: null,
    holds: null,
    startedAt: note.startedAt,
    startedMs: monotonicMs() - (leader?.ageMs ?? Math.max(0, place.now - note.startedAt)),
    timeoutSeconds: note.timeoutSeconds,
    killGraceSeconds: note.killGraceSeconds,
    follows: place.limits.follows,
    secrets: place.secrets,
  });
  attempt.leaderStartedAt = leader?.startedAt ?? null;
  readOutputNote(attempt);
  if (exitCode === null && leader !== undefined) return { kind: "living", attempt };
  const groupLives = own.some(({ group }) => group === pid);
  if (exitCode !== null) {
    return { kind: "ended", attempt, end: readExit(exitCode, writtenAt), groupLives };
  }
  const end = note.bootId === place.bootId ? findVanished(folder, place.now) : lostAt(place.now);
  return { kind: "ended", attempt, end, groupLives };
}

/** The end of a shell that is not there: it may have written how it ended since we looked. */
export function findVanished(folder: Folder, now: number): LeaderEnd {
  const record = readRun(folder);
  const fault = record.kind === "unreadable" ? record.fault : null;
  return readEnd(record) ?? { kind: "vanished", at: now, fault };
}

/** Null as long as the wrapper has not written how it ended. */
export function findExit(folder: Folder): LeaderEnd | null {
  return readEnd(readRun(folder));
}

function readEnd(record: RunRecord): LeaderEnd | null {
  if (record.kind !== "claimed" || record.exitCode === null) return null;
  return readExit(record.exitCode, record.writtenAt);
}

/** It ran, but a task has spoiled what was noted of it: the processes with its mark say the rest. */
function recoverUnread(
  folder: Folder,
  { rows, mark, now, limits: { timeoutSeconds, killGraceSeconds, follows }, secrets }: RecoveryPlace,
  fault: string,
): Recovery {
  const own = rows.filter((row) => row.mark === mark);
  const leader = own.find(({ pid, group }) => pid === group);
  const ageMs = leader?.ageMs ?? 0;
  const attempt = createAttempt({
    id: folder.attemptId,
    folder,
    pid: leader?.pid ?? own[0]?.group ?? NOBODY,
    child: null,
    holds: null,
    startedAt: now - ageMs,
    startedMs: monotonicMs() - ageMs,
    timeoutSeconds,
    killGraceSeconds,
    follows,
    secrets,
  });
  attempt.leaderStartedAt = leader?.startedAt ?? null;
  readOutputNote(attempt);
  if (leader !== undefined) return { kind: "living", attempt };
  return { kind: "ended", attempt, end: { kind: "vanished", at: now, fault }, groupLives: own.length > 0 };
}

function lostAt(at: number): LeaderEnd {
  return { kind: "lost", at };
}

/** Claims the attempt unless its wrapper has; one that is just about to is waited for. */
async function readSettled(folder: Folder, sameBoot: boolean): Promise<RunRecord> {
  let record = readRun(folder);
  if (!sameBoot || record.kind === "claimed") return record;
  if (record.kind === "absent" && fenceFolder(folder)) return { kind: "fenced" };
  const deadline = monotonicMs() + CLAIM_MS;
  while (["absent", "incomplete"].includes(record.kind) && monotonicMs() < deadline) {
    await pause(CLAIM_LOOK_MS);
    record = readRun(folder);
  }
  return record;
}
