/** Refused runs, cancellations and readings of output. */
import type { RunState, TaskRunState } from "../states.ts";
import type { Refused } from "./actions.ts";
import type { Format, Sentence } from "../sentences.ts";

/** Clauses: they stand inside OVERLAP, and in the reason of a slot that was skipped. */
export const overlapReasons = {
  OVERLAP_RUNS: () => "a run of this container is active and its overlap policy is SKIP",
  OVERLAP_WAITS: () => "a run of this container is already waiting behind the active one",
} as const;

export const runSentences = {
  NO_RUN: ({ action }: Refused) => `Cannot ${action}: there is no such run`,
  NO_TASK_RUN: ({ action }: Refused) => `Cannot ${action}: there is no such task run`,
  ENDED_ALREADY: ({ action, state }: Refused & { readonly state: RunState | TaskRunState }) =>
    `Cannot ${action}: it has ended, ${state.toLowerCase()}`,
  RUN_ACTIVE: ({ action, state }: Refused & { readonly state: RunState }) =>
    `Cannot ${action}: the run is ${state.toLowerCase()}; cancel it or wait for its end`,
  NOTHING_FAILED: ({ action }: Refused) =>
    `Cannot ${action}: nothing in this run failed, so there is nothing to run again; run all of it again instead`,
  OVERLAP: (
    { action, name, why }: Refused & { readonly name: string; readonly why: Sentence },
    format: Format,
  ) => `Cannot ${action} of container "${name}": ${format(why)}`,
  KEY_USED: ({ action, key, hours }: Refused & { readonly key: string; readonly hours: number }) =>
    `Cannot ${action}: idempotency key "${key}" was used with other values in the last ${hours} hours`,
  NOTHING_ENABLED: ({ action, name }: Refused & { readonly name: string }) =>
    `Cannot ${action}: container "${name}" has no enabled task; add one or enable one first`,
} as const;

export const logSentences = {
  LOG_PLACE: ({ field, value }: { readonly field: "attempt" | "seq"; readonly value: number }) =>
    `Cannot point at a log line: ${field} ${value} is out of range`,
  LOG_CURSOR: ({ cursor }: { readonly cursor: string }) =>
    `Cannot read log lines: "${cursor}" is not a cursor of this list`,
  LOG_PARTS_DELETED: ({ field }: { readonly field: "contains" | "streams" }) =>
    `Cannot delete logs: whole attempts go, so "${field}" cannot restrict them`,
  LOG_ALL_DELETED: () => "Cannot delete logs: the filter is empty, and everything would go",
  LOG_NEEDLE_LONG: ({ most }: { readonly most: number }) =>
    `Cannot search log lines: the text to find has more than ${most} characters`,
  DOWNLOAD_STRANGER: () => "Cannot download output: sign in first",
  DOWNLOAD_FORMAT: ({ format }: { readonly format: string }) =>
    `Cannot download output: format "${format}" is not text or ndjson`,
  DOWNLOAD_UNKNOWN: () => "Cannot download output: there is no such output",
} as const;
