/** What the system has to say about an attempt, among the attempt's own lines. */
import type { DefinitionCache } from "../containers/definitions.ts";
import type { UnitOfWork } from "../unit_of_work.ts";
import { readLastTimes } from "./places.ts";
import { lockAttempts } from "./attempt_cursors.ts";
import { publishLines, storeLines, type Writing } from "./store.ts";

export interface SystemLine {
  readonly attemptId: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** May have several lines. */
  readonly text: string;
}

/**
 * Adds them after the lines that are there, also to an attempt that this transaction makes final. Lock runs before this
 * call, never after it: it locks the attempts.
 */
export async function appendSystemLines(
  { tx, after, bus, definitions }: UnitOfWork & { readonly definitions: DefinitionCache },
  systemLines: readonly SystemLine[],
): Promise<void> {
  if (systemLines.length === 0) return;
  const ids = systemLines.map(({ attemptId }) => attemptId);
  const cursors = await lockAttempts(tx, definitions, null, ids);
  const writings = systemLines.map(({ attemptId, at, text }): Writing => {
    const cursor = cursors.get(attemptId);
    if (cursor === undefined) throw new Error(`Attempt ${attemptId} is not stored`);
    const count = text.split("\n").length;
    const firstSeq = cursor.nextSeq;
    cursor.nextSeq += count;
    return { cursor, firstSeq, passages: [{ at, stream: "SYSTEM", count, text }] };
  });
  const times = await readLastTimes(tx, [...cursors.values()]);
  const events = await storeLines(tx, writings, times);
  after(() => publishLines(bus, events));
}
