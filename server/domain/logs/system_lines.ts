/** What the system has to say about an attempt, among the attempt's own lines. */
import type { AfterCommit, Transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import type { DefinitionCache } from "../containers/definitions.ts";
import { readLastTimes } from "./places.ts";
import { lockAttempts } from "./standings.ts";
import { publishLines, storeLines, type Writing } from "./store.ts";

export interface SystemLine {
  readonly attemptId: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** May have several lines. */
  readonly text: string;
}

export interface SystemLineParts {
  readonly tx: Transaction;
  readonly after: AfterCommit;
  readonly bus: Bus;
  readonly definitions: DefinitionCache;
}

/**
 * Adds them after the lines that are there, also to an attempt that this transaction makes final. Lock runs before this
 * call, never after it: it locks the attempts.
 */
export async function appendSystemLines(
  { tx, after, bus, definitions }: SystemLineParts,
  systemLines: readonly SystemLine[],
): Promise<void> {
  if (systemLines.length === 0) return;
  const ids = systemLines.map(({ attemptId }) => attemptId);
  const standings = await lockAttempts(tx, definitions, null, ids);
  const writings = systemLines.map(({ attemptId, at, text }): Writing => {
    const standing = standings.get(attemptId);
    if (standing === undefined) throw new Error(`Attempt ${attemptId} is not stored`);
    const count = text.split("\n").length;
    const firstSeq = standing.nextSeq;
    standing.nextSeq += count;
    return { standing, firstSeq, passages: [{ at, stream: "SYSTEM", count, text }] };
  });
  const times = await readLastTimes(tx, [...standings.values()]);
  const events = await storeLines(tx, writings, times);
  after(() => publishLines(bus, events));
}
