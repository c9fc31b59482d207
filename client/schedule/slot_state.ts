/** How a slot is told: by its colour, by its shape and by its words. */
import type { RunState, SlotOutcome } from "../../schema/states.ts";
import { stateLooks, type Tone } from "../lib/states.ts";

/** In the order of the legend. */
const legend: readonly SlotOutcome[] = ["FIRED", "CAUGHT_UP", "SKIPPED", "MISSED"];

export interface SlotLike {
  readonly outcome: SlotOutcome;
  readonly late: boolean;
  readonly run: { readonly id: string; readonly state: RunState } | null;
}

/** full: it ran. notch: it ran later, to catch up. low: skipped. hollow: missed. */
export type SlotShape = "full" | "notch" | "low" | "hollow";

export interface SlotLook {
  readonly tone: Tone;
  readonly shape: SlotShape;
}

const shapes: { readonly [O in SlotOutcome]: SlotShape } = {
  FIRED: "full",
  CAUGHT_UP: "notch",
  SKIPPED: "low",
  MISSED: "hollow",
};

export function lookOfSlot({ outcome, run }: SlotLike): SlotLook {
  return { tone: toneOfSlot(outcome, run?.state ?? null), shape: shapes[outcome] };
}

/** How many ended in which way, in the order of the legend, without those that did not happen. */
export function countOutcomes(
  slots: readonly SlotLike[],
): readonly { readonly outcome: SlotOutcome; readonly count: number }[] {
  return legend.map((outcome) => ({
    outcome,
    count: slots.filter((slot) => slot.outcome === outcome).length,
  })).filter(({ count }) => count > 0);
}

function toneOfSlot(outcome: SlotOutcome, state: RunState | null): Tone {
  if (outcome === "MISSED") return "failed";
  if (outcome === "SKIPPED") return "skipped";
  // Runs are kept for a time, slots may be older: it ran, and how it ended is no longer known.
  return state === null ? "pending" : stateLooks[state].tone;
}
