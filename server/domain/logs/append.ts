/**
 * Takes output from agents. A batch is kept exactly once, however often it is sent: the attempt's row says how far its
 * output is stored, and moves in the transaction that stores the lines.
 */
import type { Database } from "../../../schema/graphql/context.ts";
import { finalAttempt } from "../../../schema/states.ts";
import type { OutputBatch, OutputVerdict } from "../../agent/port.ts";
import { type AfterCommit, type Transaction, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import type { DefinitionCache } from "../definitions.ts";
import { createLastTimes, type LastTimes } from "./last_times.ts";
import { lockAttempts, type Standing } from "./standings.ts";
import { publishLines, storeLines, type Writing } from "./store.ts";

/** A transaction is closed at this many characters, so that on the embedded database others get their turn. */
const TRANSACTION_CHARACTERS = 1024 * 1024;

export type AppendOutput = (
  agentId: number,
  batches: readonly OutputBatch[],
) => Promise<readonly OutputVerdict[]>;

export interface LogAppendParts {
  readonly db: Database;
  readonly bus: Bus;
  readonly definitions: DefinitionCache;
}

export function createLogAppend({ db, bus, definitions }: LogAppendParts): AppendOutput {
  const lastTimes = createLastTimes();

  return async (agentId, batches) => {
    const verdicts: OutputVerdict[] = [];
    for (const group of groupBatches(batches)) {
      if (group.every(isEmpty)) verdicts.push(...group.map(storedAlready));
      else {
        verdicts.push(
          ...await transaction(
            db,
            (tx, after) => appendGroup({ tx, after, bus, definitions, lastTimes }, agentId, group),
          ),
        );
      }
    }
    return verdicts;
  };
}

interface Appending {
  readonly tx: Transaction;
  readonly after: AfterCommit;
  readonly bus: Bus;
  readonly definitions: DefinitionCache;
  readonly lastTimes: LastTimes;
}

async function appendGroup(
  { tx, after, bus, definitions, lastTimes }: Appending,
  agentId: number,
  batches: readonly OutputBatch[],
): Promise<readonly OutputVerdict[]> {
  const standings = await lockAttempts(tx, definitions, agentId, batches.map(({ attemptId }) => attemptId));
  const decided = batches.map((batch) => decide(standings.get(batch.attemptId), batch));
  const writings = decided.flatMap(({ writing }) => writing ?? []);
  if (writings.length > 0) {
    const touched = [...new Set(writings.map(({ standing }) => standing))];
    const times = await lastTimes.read(tx, touched);
    const events = await storeLines(tx, writings, times);
    after(() => {
      lastTimes.note(touched, times);
      publishLines(bus, events);
    });
  }
  return decided.map(({ verdict }) => verdict);
}

/** Moves the standing when the batch goes on where it stands. */
function decide(
  standing: Standing | undefined,
  batch: OutputBatch,
): { readonly verdict: OutputVerdict; readonly writing?: Writing } {
  const { attemptId } = batch;
  if (standing === undefined) {
    const { outFrom: outOffset, errFrom: errOffset } = batch;
    return { verdict: { attemptId, accepted: false, outOffset, errOffset } };
  }
  if (isEmpty(batch)) return { verdict: { ...verdictAt(standing), accepted: !finalAttempt(standing.state) } };
  const follows = standing.outOffset === batch.outFrom && standing.errOffset === batch.errFrom;
  if (finalAttempt(standing.state) || !follows) {
    const stored = standing.outOffset >= batch.outTo && standing.errOffset >= batch.errTo;
    return { verdict: { ...verdictAt(standing), accepted: stored || !finalAttempt(standing.state) } };
  }
  const writing = { standing, firstSeq: standing.nextSeq, lines: batch.lines };
  standing.outOffset = batch.outTo;
  standing.errOffset = batch.errTo;
  standing.nextSeq += batch.lines.length;
  return { verdict: { ...verdictAt(standing), accepted: true }, writing };
}

function verdictAt({ attemptId, outOffset, errOffset }: Standing): Omit<OutputVerdict, "accepted"> {
  return { attemptId, outOffset, errOffset };
}

function isEmpty({ lines, outFrom, outTo, errFrom, errTo }: OutputBatch): boolean {
  return lines.length === 0 && outFrom === outTo && errFrom === errTo;
}

function storedAlready({ attemptId, outTo, errTo }: OutputBatch): OutputVerdict {
  return { attemptId, accepted: true, outOffset: outTo, errOffset: errTo };
}

function groupBatches(batches: readonly OutputBatch[]): readonly (readonly OutputBatch[])[] {
  const groups: OutputBatch[][] = [];
  let characters = Infinity;
  for (const batch of batches) {
    const size = batch.lines.reduce((sum, { text }) => sum + text.length, 0);
    if (characters + size > TRANSACTION_CHARACTERS) {
      groups.push([]);
      characters = 0;
    }
    groups.at(-1)?.push(batch);
    characters += size;
  }
  return groups;
}
