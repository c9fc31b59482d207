/**
 * Takes output from agents. The way of a line from a task to the screen:
 *
 *     task -> named pipe -> reader -> file `out` or `err` in the spool          (agent/output/readers.ts)
 *          -> seen by tending, cut into passages, gathered into a batch         (agent/output/tending.ts, output.ts)
 *          -> appendOutput, until the server answers that it stands behind it   (agent/output/delivery.ts)
 *          -> rows of log_chunks and the attempt's offsets, one transaction     (here, store.ts)
 *          -> event "lines" after the commit                                    (events/)
 *          -> taskRunLog, liveLog: stored lines first, then events, by cursor   (domain/watch/)
 *          -> the console, one repaint a frame                                  (client/logs/log_source.ts)
 *
 * A batch is kept exactly once, however often it is sent: the attempt's row says how far its
 * output is stored, and moves in the transaction that stores the lines.
 *
 * Batches that go on where this server has left their attempts are one statement, so that several can be on their way to
 * the database at once, and the next is made ready while it works: whether the rows stand there is for the database to
 * say. For all others the rows are locked and read first.
 */
import type { LinesAppended } from "../../../schema/events.ts";
import type { Database } from "../../db/database.ts";
import type { OutputBatch, OutputVerdict } from "../../agent/port.ts";
import { rejectionReason } from "../../db/constraints.ts";
import { retryConflicts, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import type { DefinitionCache } from "../containers/definitions.ts";
import { storeMoves } from "./moves.ts";
import { createPlaces, type Places } from "./places.ts";
import { storeAccepted } from "./rejected_lines.ts";
import { type AttemptCursor, lockAttempts } from "./attempt_cursors.ts";
import { linesEvents, publishLines, storeLines, type Writing } from "./store.ts";

export type AppendOutput = (
  agentId: number,
  batches: readonly OutputBatch[],
) => Promise<readonly OutputVerdict[]>;

interface LogAppendParts {
  readonly db: Database;
  /** Carries out statements one after the other, so that none comes before the one whose lines it goes on with. */
  readonly ordered: Database;
  readonly bus: Bus;
  readonly definitions: DefinitionCache;
}

export function createLogAppend({ db, ordered, bus, definitions }: LogAppendParts): AppendOutput {
  const appending: Appending = { db, ordered, definitions, places: createPlaces() };
  /** Lines are told in the order in which they were handed over, whichever answer of the database comes first. */
  let told: Promise<unknown> = Promise.resolve();

  async function append(
    agentId: number,
    batches: readonly OutputBatch[],
    before: Promise<unknown>,
  ): Promise<readonly OutputVerdict[]> {
    const { verdicts, events } = await appendBatches(appending, agentId, batches);
    await before;
    publishLines(bus, events);
    return verdicts;
  }

  return (agentId, batches) => {
    const call = append(agentId, batches, told);
    // Who called is told of a failure; those that come after it only wait for its end.
    told = call.catch(() => {});
    return call;
  };
}

interface Appending {
  readonly db: Database;
  readonly ordered: Database;
  readonly definitions: DefinitionCache;
  readonly places: Places;
}

interface Appended {
  /** In the order of the batches. */
  readonly verdicts: readonly OutputVerdict[];
  readonly events: readonly LinesAppended[];
}

async function appendBatches(
  appending: Appending,
  agentId: number,
  batches: readonly OutputBatch[],
): Promise<Appended> {
  if (batches.every(isEmpty)) return { verdicts: batches.map(storedAlready), events: [] };
  const moves = appending.places.move(batches);
  if (moves === null) return await appendLocked(appending, agentId, batches);
  const ids = batches.map(({ attemptId }) => attemptId);
  const stored = await retryConflicts(() => storeMoves(appending.ordered, agentId, moves)).catch((error) => {
    // Whether it is stored is not known.
    appending.places.forget(ids);
    if (rejectionReason(error) === null) throw error;
    return new Set<number>();
  });
  const strayed = batches.filter(({ attemptId }) => !stored.has(attemptId));
  const events = moves.filter(({ batch }) => stored.has(batch.attemptId)).flatMap(linesEvents);
  if (strayed.length === 0) return { verdicts: batches.map(storedAlready), events };
  appending.places.forget(strayed.map(({ attemptId }) => attemptId));
  const locked = await appendLocked(appending, agentId, strayed);
  const verdicts = new Map(locked.verdicts.map((verdict) => [verdict.attemptId, verdict]));
  return {
    verdicts: batches.map((batch) => verdicts.get(batch.attemptId) ?? storedAlready(batch)),
    events: [...events, ...locked.events],
  };
}

async function appendLocked(
  appending: Appending,
  agentId: number,
  batches: readonly OutputBatch[],
): Promise<Appended> {
  try {
    return await lockAndStore(appending, agentId, batches, storeLines);
  } catch (error) {
    if (rejectionReason(error) === null) throw error;
    return await lockAndStore(appending, agentId, batches, storeAccepted);
  }
}

async function lockAndStore(
  { db, definitions, places }: Appending,
  agentId: number,
  batches: readonly OutputBatch[],
  store: typeof storeLines,
): Promise<Appended> {
  return await transaction(db, async (tx, after) => {
    const cursors = await lockAttempts(tx, definitions, agentId, batches.map(({ attemptId }) => attemptId));
    const decided = batches.map((batch) => decide(cursors.get(batch.attemptId), batch));
    const verdicts = decided.map(({ verdict }) => verdict);
    const writings = decided.flatMap(({ writing }) => writing ?? []);
    if (writings.length === 0) return { verdicts, events: [] };
    const touched = [...new Set(writings.map(({ cursor }) => cursor))];
    const times = await places.readTimes(tx, touched);
    const events = await store(tx, writings, times);
    after(() => places.note(touched, times));
    return { verdicts, events };
  });
}

/** Moves the cursor when the batch goes on where it stands. */
function decide(
  cursor: AttemptCursor | undefined,
  batch: OutputBatch,
): { readonly verdict: OutputVerdict; readonly writing?: Writing } {
  const { attemptId } = batch;
  if (cursor === undefined) {
    const { outFrom: outOffset, errFrom: errOffset } = batch;
    return { verdict: { attemptId, accepted: false, outOffset, errOffset } };
  }
  if (isEmpty(batch)) return { verdict: { ...verdictAt(cursor), accepted: !cursor.closed } };
  const follows = cursor.outOffset === batch.outFrom && cursor.errOffset === batch.errFrom;
  if (cursor.closed || !follows) {
    const stored = cursor.outOffset >= batch.outTo && cursor.errOffset >= batch.errTo;
    return { verdict: { ...verdictAt(cursor), accepted: stored || !cursor.closed } };
  }
  const writing = { cursor, firstSeq: cursor.nextSeq, passages: batch.passages };
  cursor.outOffset = batch.outTo;
  cursor.errOffset = batch.errTo;
  cursor.nextSeq += batch.passages.reduce((sum, { count }) => sum + count, 0);
  return { verdict: { ...verdictAt(cursor), accepted: true }, writing };
}

function verdictAt({ attemptId, outOffset, errOffset }: AttemptCursor): Omit<OutputVerdict, "accepted"> {
  return { attemptId, outOffset, errOffset };
}

function isEmpty({ passages, outFrom, outTo, errFrom, errTo }: OutputBatch): boolean {
  return passages.length === 0 && outFrom === outTo && errFrom === errTo;
}

function storedAlready({ attemptId, outTo, errTo }: OutputBatch): OutputVerdict {
  return { attemptId, accepted: true, outOffset: outTo, errOffset: errTo };
}
