/**
 * Stores what the database rejected once already: in parts, until each part is accepted or is one line. A line of the
 * system stands where others were left out, and everything else is stored as if nothing had happened.
 */
import type { LinesAppended } from "../../../schema/events.ts";
import type { Passage } from "../../agent/port.ts";
import { rejectionReason } from "../../db/constraints.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { AttemptCursor } from "./attempt_cursors.ts";
import { storeLines, type Writing } from "./store.ts";

/** When so many parts were left out, those that follow are no longer split: each split takes two savepoints. */
const MAX_SPLIT_REJECTIONS = 256;
const MAX_REASON_CHARACTERS = 300;

interface Storing {
  readonly tx: Transaction;
  readonly times: Map<number, number>;
  rejections: number;
}

/** As storeLines(), one writing after the other; the lines are numbered anew. */
export async function storeAccepted(
  tx: Transaction,
  writings: readonly Writing[],
  times: Map<number, number>,
): Promise<readonly LinesAppended[]> {
  const storing: Storing = { tx, times, rejections: 0 };
  for (const { cursor, firstSeq } of writings.toReversed()) cursor.nextSeq = firstSeq;
  const events: LinesAppended[] = [];
  for (const { cursor, passages } of writings) {
    events.push(...await storeParts(storing, cursor, passages));
  }
  return events;
}

async function storeParts(
  storing: Storing,
  cursor: AttemptCursor,
  passages: readonly Passage[],
): Promise<readonly LinesAppended[]> {
  const stored = await tryToStore(storing, cursor, passages);
  if (stored.kind === "stored") return stored.events;
  const parts = storing.rejections < MAX_SPLIT_REJECTIONS ? splitPassages(passages) : [];
  if (parts.length === 0) return await storeNotice(storing, cursor, passages, stored.reason);
  const events: LinesAppended[] = [];
  for (const part of parts) events.push(...await storeParts(storing, cursor, part));
  return events;
}

type Tried =
  | { readonly kind: "stored"; readonly events: readonly LinesAppended[] }
  | { readonly kind: "rejected"; readonly reason: string };

async function tryToStore(
  { tx, times }: Storing,
  cursor: AttemptCursor,
  passages: readonly Passage[],
): Promise<Tried> {
  const firstSeq = cursor.nextSeq;
  const moved = new Map(times);
  cursor.nextSeq += countLines(passages);
  try {
    const writing = { cursor, firstSeq, passages };
    const events = await tx.transaction((savepoint) => storeLines(savepoint, [writing], moved));
    for (const [attemptId, at] of moved) times.set(attemptId, at);
    return { kind: "stored", events };
  } catch (error) {
    const reason = rejectionReason(error);
    if (reason === null) throw error;
    cursor.nextSeq = firstSeq;
    return { kind: "rejected", reason };
  }
}

/** The reason may quote what is rejected. Where no line at all is accepted, the attempt still has to go on. */
async function storeNotice(
  storing: Storing,
  cursor: AttemptCursor,
  passages: readonly Passage[],
  reason: string,
): Promise<readonly LinesAppended[]> {
  storing.rejections++;
  const text = describeLost(passages);
  const quoted = reason.replaceAll(/\s+/g, " ").slice(0, MAX_REASON_CHARACTERS);
  for (const notice of [`${text}: ${quoted}`, text]) {
    const at = passages[0]?.at ?? 0;
    const stored = await tryToStore(storing, cursor, [{ at, stream: "SYSTEM", count: 1, text: notice }]);
    if (stored.kind === "stored") return stored.events;
  }
  return await storeLines(
    storing.tx,
    [{ cursor, firstSeq: cursor.nextSeq, passages: [] }],
    storing.times,
  );
}

function describeLost(passages: readonly Passage[]): string {
  const count = countLines(passages);
  const [stream, ...others] = new Set(passages.map((passage) => passage.stream));
  const source = others.length > 0 ? "output" : `standard ${stream === "STDERR" ? "error" : "output"}`;
  return `${count} ${count === 1 ? "line" : "lines"} of ${source} could not be stored, the database rejects ${
    count === 1 ? "it" : "them"
  }`;
}

/** Two halves; none of what is one line. */
function splitPassages(passages: readonly Passage[]): readonly (readonly Passage[])[] {
  const [first, ...others] = passages;
  if (first === undefined || others.length === 0 && first.count === 1) return [];
  const whole = others.length > 0
    ? passages
    : first.text.split("\n").map((text) => ({ ...first, count: 1, text }));
  const middle = Math.ceil(whole.length / 2);
  return [whole.slice(0, middle), whole.slice(middle)];
}

function countLines(passages: readonly Passage[]): number {
  return passages.reduce((sum, { count }) => sum + count, 0);
}
