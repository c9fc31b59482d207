/** What happens when a run is asked for while another of the same container is active. */
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { OverlapPolicy, RunCause } from "../../../schema/states.ts";

export interface ActiveRuns {
  readonly running: number;
  readonly queued: number;
}

type OverlapDecision =
  | { readonly kind: "start" }
  /** Make it QUEUED. */
  | { readonly kind: "queue" }
  /** Make it QUEUED, cancel what runs, and cancel what waits. */
  | { readonly kind: "replace" }
  | { readonly kind: "refuse"; readonly reason: Sentence };

/** A run of one task by itself takes no part: it is neither asked about nor counted. */
export function decideOverlap(policy: OverlapPolicy, cause: RunCause, active: ActiveRuns): OverlapDecision {
  if (active.running + active.queued === 0) return { kind: "start" };
  // Slots that are caught up with come one after another, whatever the policy.
  if (cause === "CATCH_UP") return { kind: "queue" };
  switch (policy) {
    case "SKIP":
      return { kind: "refuse", reason: say("OVERLAP_RUNS") };
    case "ALLOW":
      return { kind: "start" };
    case "QUEUE":
      return active.queued === 0 ? { kind: "queue" } : { kind: "refuse", reason: say("OVERLAP_WAITS") };
    case "REPLACE":
      return { kind: "replace" };
    default:
      throw new Error(`Unknown overlap policy ${policy satisfies never}`);
  }
}
