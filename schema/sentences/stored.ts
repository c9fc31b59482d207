/** The sentences that are stored, or made of what is: the console says them in English too, with its own times and words. */
import { containerChanges, messageTexts, slotReasons } from "./notices.ts";
import { attemptReasons, generalReasons, runReasons, startReasons, taskRunReasons } from "./reasons.ts";
import { waitCauses } from "./waits.ts";

export const storedSentences = {
  ...attemptReasons,
  ...containerChanges,
  ...generalReasons,
  ...messageTexts,
  ...runReasons,
  ...slotReasons,
  ...startReasons,
  ...taskRunReasons,
  ...waitCauses,
} as const;
