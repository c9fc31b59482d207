import type { AfterCommit, Transaction } from "../db/transaction.ts";
import type { Bus } from "../events/bus.ts";

/** A transaction, with what waits for its commit and where its changes are published then. */
export interface UnitOfWork {
  readonly tx: Transaction;
  readonly after: AfterCommit;
  readonly bus: Bus;
}
