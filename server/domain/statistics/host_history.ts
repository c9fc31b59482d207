/** How busy this machine was within the last hour, in memory: a duty measures, dashboards ask. */
import { InvalidInputError } from "../../../schema/errors.ts";
import type { HostStats } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";

const HISTORY_MINUTES = 60;
/** From one measurement to the next. */
export const SAMPLE_MS = 15_000;
const SAMPLES_KEPT = HISTORY_MINUTES * 60_000 / SAMPLE_MS;

export interface HostHistory {
  add(sample: HostStats): void;
  /** Oldest first. */
  since(at: Date): readonly HostStats[];
}

export function createHostHistory(): HostHistory {
  const samples: HostStats[] = [];
  return {
    add(sample): void {
      samples.push(sample);
      if (samples.length > SAMPLES_KEPT) samples.shift();
    },
    since: (at) => samples.filter((sample) => sample.at >= at),
  };
}

/** Refuses a span that is not kept. */
export function refuseMinutes(minutes: number): void {
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= HISTORY_MINUTES) return;
  throw new InvalidInputError(
    say("HOST_MINUTES", { minutes, most: HISTORY_MINUTES }),
    ["minutes"],
  );
}
