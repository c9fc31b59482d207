/** What can be asked about schedules: next instants, previews, the ledger of slots. */
import type { ClockChange, GivenClockChange } from "../../../schema/definition/field.ts";
import type { Visible } from "../accounts/interface.ts";
import type { Sentence } from "../../../schema/sentences.ts";
import type {
  ClockChangeKind,
  MisfirePolicy,
  MissedKind,
  MissingTime,
  OverlapPolicy,
  RepeatedTime,
  SlotOutcome,
} from "../../../schema/states.ts";

/** A fire on the clock of its zone. */
export interface FireTime {
  readonly at: Date;
  readonly local: string;
  readonly offset: string;
  readonly clockChange: ClockChangeKind | null;
}

export interface CronPreview {
  readonly description: string;
  readonly fires: readonly Date[];
  readonly times: readonly FireTime[];
  readonly minimumGapSeconds: number | null;
  readonly warning: string | null;
}

export interface PreviewInput {
  readonly expression: string;
  readonly timezone: string;
  readonly dst: ClockChange | null;
  readonly from: Date | null;
  readonly count: number;
  readonly language: string;
}

/** From the first instant to the second, which is not included; null: unbounded. */
export interface SlotRange {
  readonly from: Date | null;
  readonly to: Date | null;
  readonly first: number;
}

export interface SlotRow {
  readonly at: Date;
  readonly outcome: SlotOutcome;
  readonly reason: Sentence | null;
  readonly runId: number | null;
  readonly late: boolean;
  readonly lateSeconds: number | null;
}

export interface MissedSlot {
  readonly at: Date;
  readonly containerId: number;
  readonly kind: MissedKind;
  readonly reason: Sentence | null;
  readonly runId: number | null;
}

export interface UpcomingSlot {
  readonly at: Date;
  readonly containerId: number;
}

/** What is left out is as the container has it now. */
export interface SimulationInput {
  readonly containerId: number;
  readonly from: Date;
  readonly to: Date;
  readonly expression: string | null;
  readonly timezone: string | null;
  readonly dst: GivenClockChange | null;
  readonly misfire: MisfirePolicy | null;
  readonly overlap: OverlapPolicy | null;
}

export interface Simulation {
  readonly kept: number;
  readonly added: readonly Date[];
  readonly lost: readonly Date[];
  readonly moved: readonly { readonly from: Date; readonly to: Date }[];
}

export interface Schedules {
  preview(input: PreviewInput): CronPreview;
  /** The next instants; empty for a schedule without an expression or of a disabled container. */
  nextFires(
    schedule: {
      containerId: number;
      expression: string | null;
      timezone: string;
      missingTime: MissingTime;
      repeatedTime: RepeatedTime;
      anchorAt: Date;
      nextFireAt: Date | null;
    },
    count: number,
  ): readonly Date[];
  /** In words; language: en or zh. */
  describe(schedule: { containerId: number; expression: string }, language: string): string;
  /** What was due and what became of it, newest first. */
  slots(visible: Visible, containerId: number, range: SlotRange): Promise<readonly SlotRow[]>;
  /** The fires to come of all containers, oldest first. */
  upcoming(
    visible: Visible,
    input: { project: string | null; hours: number; first: number },
  ): Promise<readonly UpcomingSlot[]>;
  simulate(visible: Visible, input: SimulationInput): Promise<Simulation>;
  /** Slots of the last day that were skipped, missed, or started too late; newest first. */
  didNotRun(
    visible: Visible,
    input: { project: string | null; first: number },
  ): Promise<readonly MissedSlot[]>;
}
