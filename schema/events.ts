/**
 * What happened, told after the commit that made it so. Events say what changed, not the new value: whoever listens
 * reads the rows again, so a slow listener may skip some without being wrong. Log lines are the exception.
 */
import type { Sentence } from "./sentences.ts";
import type { ChangeKind, LogStream } from "./states.ts";

export interface RunChanged {
  readonly kind: "run";
  readonly runId: number;
  readonly containerId: number;
  readonly projectId: number;
  /** Task runs that changed with it; empty when only the run did; null: any of them may have. */
  readonly taskRunIds: readonly number[] | null;
}

export interface ContainerChanged {
  readonly kind: "container";
  readonly change: ChangeKind;
  readonly containerId: number;
  readonly projectId: number;
}

export interface OutputLine {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly stream: LogStream;
  readonly text: string;
  /** It has no end yet: the next one of its attempt and stream replaces it. */
  readonly partial?: true;
}

export interface LinesAppended {
  readonly kind: "lines";
  readonly attemptId: number;
  /** Attempt number within the task run, from 1. */
  readonly attempt: number;
  readonly taskRunId: number;
  readonly runId: number;
  readonly containerId: number;
  readonly projectId: number;
  readonly lines: readonly OutputLine[];
}

/** One partial line; without text when nothing stands there any more. Its seq is the one that follows. */
export interface PartialLineChanged extends Omit<LinesAppended, "kind"> {
  readonly kind: "partial";
}

/** Another server has stored lines of an attempt; none when only its partial lines have changed. */
export interface LinesStored extends Omit<LinesAppended, "kind" | "lines"> {
  readonly kind: "stored";
  readonly firstSeq: number;
  /** Below `firstSeq` when there are none. */
  readonly lastSeq: number;
}

interface SessionEnded {
  readonly kind: "session";
  /** Session or API token whose streams must end; of a user whose rights changed all, which may be opened anew. */
  readonly credentialId: string;
}

/** There may be work for agents: READY task runs were released, or an attempt must be stopped. */
interface WorkAvailable {
  readonly kind: "work";
}

/** A run was QUEUED behind another, or one ended that others may wait behind. */
interface QueueChanged {
  readonly kind: "queue";
}

/** Slots of these containers ended without a run of their own: skipped or missed. */
interface SlotsSkipped {
  readonly kind: "slots";
  readonly containerIds: readonly number[];
}

/** Runs of these slots had no task started in time. */
interface SlotsLate {
  readonly kind: "late";
  /** `at` is the slot's instant, in milliseconds since 1970. */
  readonly slots: readonly { readonly containerId: number; readonly at: number; readonly runId: number }[];
}

/** A stored expression could not be planned when its turn came: it names no slots until it is changed. */
interface ScheduleFaulty {
  readonly kind: "schedule-fault";
  readonly containerId: number;
  readonly containerName: string;
  readonly fault: Sentence;
}

/** A schedule was made or changed: the scheduler's next instant may be earlier than it thinks. */
interface ScheduleChanged {
  readonly kind: "schedule";
}

/** There may be new messages for people; whoever shows them reads what is new. */
interface MessagesWritten {
  readonly kind: "messages";
}

export type Event =
  | RunChanged
  | ContainerChanged
  | LinesAppended
  | PartialLineChanged
  | LinesStored
  | SessionEnded
  | WorkAvailable
  | QueueChanged
  | SlotsSkipped
  | SlotsLate
  | ScheduleFaulty
  | ScheduleChanged
  | MessagesWritten;
