/** Pauses, and starts at a later time. */
import type { Refused } from "./actions.ts";

export const pauseSentences = {
  SLOT_PAUSED: ({ reason }: { readonly reason: string }) => `paused: ${reason}`,
  NOT_PAUSED: ({ action }: Refused) => `Cannot ${action}: it is not paused`,
  PAUSE_REASON: ({ action, most }: Refused & { readonly most: number }) =>
    `Cannot ${action}: say why, in 1 to ${most} characters; people read it on every page`,
  START_FAR: ({ action, days }: Refused & { readonly days: number }) =>
    `Cannot ${action}: the time is more than ${days} days ahead`,
  RERUN_STRANGE: ({ action }: Refused) =>
    `Cannot ${action}: a task run that was named is not one of this run`,
} as const;
