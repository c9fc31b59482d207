/** Waiting between two tries of a call to the server. */
import { backoff } from "../lib/backoff.ts";

const FIRST_DELAY_MS = 100;
const DELAY_LIMIT_MS = 5_000;

/** `faults` calls failed one after another. */
export function retryDelayMs(faults: number): number {
  return backoff(faults, FIRST_DELAY_MS, DELAY_LIMIT_MS);
}

const SYSTEM_LIMITS: readonly unknown[] = ["EMFILE", "ENFILE", "EAGAIN", "ENOMEM"];

/** The system had no descriptor, process or memory to give just then: nobody's fault, and worth another try. */
export function isSystemLimit(error: unknown): boolean {
  return error instanceof Error && "code" in error && SYSTEM_LIMITS.includes(error.code);
}
