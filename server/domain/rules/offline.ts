/** When what runs on an agent that is offline is given up. */
import type { OfflinePolicy, StopCause } from "../../../schema/states.ts";

interface OfflineTask {
  readonly offline: OfflinePolicy;
  readonly offlineSeconds: number;
  readonly timeoutSeconds: number;
  readonly killGraceSeconds: number;
}

interface SilentAttempt {
  /** How long its agent has been silent, and a server up to hear it. */
  readonly silentSeconds: number;
  /** Since its start, whatever became of its process. */
  readonly ranSeconds: number;
  readonly stopCause: StopCause | null;
}

/** With WAIT only a time limit ends it, its own or its run's: nobody else can see to that. */
export function isGivenUp(
  task: OfflineTask,
  { silentSeconds, ranSeconds, stopCause }: SilentAttempt,
): boolean {
  if (task.offline !== "WAIT") return silentSeconds > task.offlineSeconds;
  const timeUp = task.timeoutSeconds > 0 && ranSeconds > task.timeoutSeconds + task.killGraceSeconds;
  return timeUp || stopCause === "TIMED_OUT";
}
