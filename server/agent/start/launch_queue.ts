/**
 * Work that is about to be started, as soon as there is a slot. A process takes a millisecond to start, in which nothing
 * else is done: after each one the event loop gets its turn, so that ends are seen, and told, and new work is asked for
 * meanwhile. Its folder is made before its turn comes: the file system may take longer than the process. One that comes
 * alone has its turn now.
 */
import { setImmediate } from "node:timers";
import { quoteError, say, type Sentence } from "../../../schema/sentences.ts";
import { monotonicMs } from "../attempt.ts";
import type { Work } from "../port.ts";
import type { Folder, Spool } from "../spool/spool.ts";

/** Before the next try when the system had no room for another process. */
const POSTPONED_MS = 500;

/** Where an attempt's files will be, or why they cannot be. */
export type Prepared =
  | { readonly kind: "prepared"; readonly folder: Folder }
  | { readonly kind: "unprepared"; readonly reason: Sentence };

export interface LaunchQueue {
  /** `generation` counts the starts of this attempt, of which all but the last were given up before anything ran. */
  add(work: Work, generation: number): void;
  has(attemptId: number): boolean;
  /** Takes one out that was not started yet. */
  remove(attemptId: number): boolean;
  /** Takes out all that have waited for so long, and names them. */
  removeOlder(ageMs: number): readonly number[];
  size(): number;
  /** The system had no room for the last one, and is given time. */
  postponed(): boolean;
  /** Of those that wait; null when there are none. */
  highestPriority(): number | null;
  /** A slot is free. */
  poke(): void;
  /** Starts none any more; ends when no folder is being made. */
  stop(): Promise<void>;
}

interface Waiting {
  readonly work: Work;
  readonly sinceMs: number;
  /** Null while it is under way. */
  prepared: Prepared | null;
}

/** `launch` answers whether anything came of it: if not, the same is tried again a moment later. */
export function createLaunchQueue(
  spool: Spool,
  launch: (work: Work, prepared: Prepared) => boolean,
  slotFree: () => boolean,
): LaunchQueue {
  const waiting = new Map<number, Waiting>();
  const underWay = new Set<Promise<void>>();
  let scheduled = false;
  let postponed: ReturnType<typeof setTimeout> | null = null;

  function launchNext(): void {
    scheduled = false;
    if (!slotFree()) return;
    const next = findNext();
    // What is not prepared yet is not overtaken: it rings when it is.
    if (next === null || next.prepared === null) return;
    if (launch(next.work, next.prepared)) waiting.delete(next.work.attemptId);
    else postponed = setTimeout(goOn, POSTPONED_MS);
    schedule();
  }

  function goOn(): void {
    postponed = null;
    schedule();
  }

  /** Answers whether that was possible. */
  function prepareAtOnce(entry: Waiting, generation: number): boolean {
    const folder = spool.createFolderAtOnce(entry.work.attemptId, generation);
    if (folder === null) return false;
    entry.prepared = { kind: "prepared", folder };
    schedule();
    return true;
  }

  async function prepare(entry: Waiting, generation: number): Promise<void> {
    const wanted = (): boolean => waiting.get(entry.work.attemptId) === entry;
    const prepared = await prepareFolder(spool, entry.work, generation, wanted);
    entry.prepared = prepared;
    if (wanted()) return schedule();
    // It was stopped meanwhile.
    discard(spool, prepared);
  }

  /** The highest priority, and among equals the one that came first. */
  function findNext(): Waiting | null {
    let next: Waiting | null = null;
    for (const candidate of waiting.values()) {
      if (next === null || candidate.work.priority > next.work.priority) next = candidate;
    }
    return next;
  }

  function remove(attemptId: number): boolean {
    discard(spool, waiting.get(attemptId)?.prepared ?? null);
    return waiting.delete(attemptId);
  }

  function schedule(): void {
    if (scheduled || postponed !== null || waiting.size === 0 || !slotFree()) return;
    scheduled = true;
    setImmediate(launchNext);
  }

  return {
    add(work, generation): void {
      const entry: Waiting = { work, sinceMs: monotonicMs(), prepared: null };
      const alone = waiting.size === 0 && slotFree();
      waiting.set(work.attemptId, entry);
      if (alone && prepareAtOnce(entry, generation)) return;
      const preparing = prepare(entry, generation).finally(() => underWay.delete(preparing));
      underWay.add(preparing);
    },
    has: (attemptId) => waiting.has(attemptId),
    remove,
    removeOlder(ageMs): readonly number[] {
      const limitMs = monotonicMs() - ageMs;
      const old = [...waiting.values()].filter(({ sinceMs }) => sinceMs <= limitMs);
      return old.map(({ work }) => work.attemptId).filter(remove);
    },
    size: () => waiting.size,
    postponed: () => postponed !== null,
    highestPriority: () => findNext()?.work.priority ?? null,
    poke: schedule,
    async stop(): Promise<void> {
      waiting.clear();
      clearTimeout(postponed ?? undefined);
      await Promise.all(underWay);
    },
  };
}

async function prepareFolder(
  spool: Spool,
  { attemptId }: Work,
  generation: number,
  wanted: () => boolean,
): Promise<Prepared | null> {
  try {
    const folder = await spool.createFolder(attemptId, generation, wanted);
    return folder === null ? null : { kind: "prepared", folder };
  } catch (error) {
    return { kind: "unprepared", reason: say("START_FAILED", { why: quoteError(error) }) };
  }
}

function discard(spool: Spool, prepared: Prepared | null): void {
  if (prepared?.kind === "prepared") spool.remove(prepared.folder);
}
