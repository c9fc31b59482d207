/** What is to be told to the server, until it was told. */
import type { Ended, Started } from "../port.ts";

/** More wait for the next exchange. */
const REPORTS_AT_ONCE = 2_000;

export interface Told {
  readonly started: readonly Started[];
  readonly ended: readonly Ended[];
}

export interface Reports {
  addStarted(started: Started): void;
  addEnded(ended: Ended): void;
  /** What the next exchange tells; it stays until it is settled. */
  next(): Told;
  settle(told: Told): void;
  readonly endsWaiting: () => boolean;
  readonly startsWaiting: () => boolean;
}

export function createReports(): Reports {
  const started = new Map<number, Started>();
  const ended: Ended[] = [];
  return {
    addStarted: (report) => void started.set(report.attemptId, report),
    addEnded(report): void {
      // The end tells the start too.
      started.delete(report.attemptId);
      ended.push(report);
    },
    next: () => ({
      // What started may have followed an end that has to wait.
      started: ended.length > REPORTS_AT_ONCE ? [] : [...started.values()].slice(0, REPORTS_AT_ONCE),
      ended: ended.slice(0, REPORTS_AT_ONCE),
    }),
    settle(told): void {
      for (const report of told.started) {
        // It may have been told anew meanwhile.
        if (started.get(report.attemptId) === report) started.delete(report.attemptId);
      }
      ended.splice(0, told.ended.length);
    },
    endsWaiting: () => ended.length > 0,
    startsWaiting: () => started.size > 0,
  };
}
