/** Transactions with effects that wait for the commit. */
import type { Database } from "./database.ts";
import { sqlState } from "./constraints.ts";

/** A deadlock or a serialization failure is the database's wish to try again; so often it is granted. */
const RETRIES = 5;
const RETRIED_STATES: ReadonlySet<string> = new Set(["40001", "40P01"]);

export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/** Puts off an effect until the commit succeeded; it never happens when it did not. */
export type AfterCommit = (effect: () => void) => void;

/** Runs `work` in one transaction. Inside, await nothing but SQL of this transaction: it may hold locks of rows. */
export async function transaction<T>(
  db: Database,
  work: (tx: Transaction, after: AfterCommit) => Promise<T>,
): Promise<T> {
  return await retryConflicts(async () => {
    const effects: (() => void)[] = [];
    const result = await db.transaction((tx) => work(tx, (effect) => void effects.push(effect)));
    for (const effect of effects) effect();
    return result;
  });
}

/** Of a transaction, or of a statement that is one by itself: does it again when the database wishes so. */
export async function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt > RETRIES || !RETRIED_STATES.has(sqlState(error) ?? "")) throw error;
    }
  }
}
