/**
 * One table for how a state is shown. Badge, graph, list and log read it, so that a state has one tone, one icon and
 * one word everywhere, and is never told by its colour alone.
 */
import type { AttemptState, RunState, TaskRunState } from "../../schema/states.ts";

/** Each is a colour token, `--state-<tone>`, in every theme. */
export type Tone =
  | "queued"
  | "running"
  | "succeeded"
  | "failed"
  | "timed-out"
  | "cancelled"
  | "skipped"
  | "pending";

export type AnyState = RunState | TaskRunState | AttemptState;

export interface StateLook {
  readonly tone: Tone;
  readonly icon: "clock" | "hourglass" | "orrery" | "check" | "cross" | "timer" | "stop" | "skip" | "lost";
}

export const stateLooks: { readonly [S in AnyState]: StateLook } = {
  QUEUED: { tone: "queued", icon: "clock" },
  PENDING: { tone: "pending", icon: "hourglass" },
  READY: { tone: "queued", icon: "clock" },
  STARTING: { tone: "running", icon: "orrery" },
  RUNNING: { tone: "running", icon: "orrery" },
  SUCCEEDED: { tone: "succeeded", icon: "check" },
  FAILED: { tone: "failed", icon: "cross" },
  TIMED_OUT: { tone: "timed-out", icon: "timer" },
  CANCELLED: { tone: "cancelled", icon: "stop" },
  SKIPPED: { tone: "skipped", icon: "skip" },
  LOST: { tone: "failed", icon: "lost" },
};

export const tones: readonly Tone[] = [
  "queued",
  "running",
  "succeeded",
  "failed",
  "timed-out",
  "cancelled",
  "skipped",
  "pending",
];
