/** What the server writes in English and `lib/server_sentences.ts` recognises, as the console says it. */
import { plural } from "./plural.ts";

export const words = {
  /** Whole sentences that the server says in English, as the console says them. */
  serverSentences: {
    someTask: "A task failed",
    allSkipped: "Every task was skipped",
    disabledTask: "The task is disabled",
    kept: "Kept from the earlier run",
    again: "Succeeded again",
    stopped: "Stopped",
    unstarted: "It had not been started yet",
    taskLimit: "Its time limit was over",
    runLimit: "The time limit of the run was over",
    noProcess: "Its process could not be started",
    vanished: "Killed from outside: its process left no status",
    restarted: "The machine was restarted under it",
    lost: "The machine was restarted under it, or what the agent noted of it is gone",
    replaced: "Replaced by a newer run of its container",
    noAgent: "No agent that takes work is online",
    queuedBehindRunning: "It is queued until the run of its container that runs now has ended",
    queuedBehindWaiting: "It is queued behind an earlier run of its container that waits itself",
    overlapActive: "Another run of the container was active, and such fires are skipped",
    overlapWaiting: "Another run of the container was already waiting behind the active one",
    empty: "The container had no enabled task",
    outage: "No server was up when it was due",
    created: "created",
    deleted: "deleted",
    enabled: "enabled",
    disabled: "disabled",
    relationDeleted: "relation deleted",
  },
  /** The same, for sentences that name something. */
  serverWords: {
    between: "; ",
    taskFailed: (name: string, why: string, more: number) =>
      `Task "${name}" failed${why === "" ? "" : `: ${why}`}${more === 0 ? "" : ` (and ${more} more)`}`,
    taskCancelled: (name: string, why: string, more: number) =>
      `Task "${name}" was cancelled${why === "" ? "" : `: ${why}`}${more === 0 ? "" : ` (and ${more} more)`}`,
    retried: (attempt: number, why: string) => `Attempt ${attempt} failed: ${why}; tried again after a delay`,
    waited: (name: string, wanted: string, ended: string) =>
      `It waited for "${name}" to ${wanted}, which ${
        ended === "" ? "was passed over" : `ended ${ended.toLowerCase()}`
      }`,
    waits: (names: string) => `It waits for the end of ${names}`,
    runLimit: (count: number) => `The run may have ${plural(count, "task", "tasks")} running at once`,
    slots: (taken: number | null, capacity: number) =>
      taken === null
        ? `All ${capacity} slots are taken`
        : `${taken} of ${capacity} slots are taken: it starts in a moment`,
    exit: (code: string) => `Exit code ${code}`,
    signal: (name: string) => `Killed by ${name}`,
    cancelledBy: (name: string) => `Cancelled by ${name}`,
    cannotStart: (why: string) => `Cannot start the process: ${why}`,
    cannotPlan: (why: string) => `The schedule cannot be planned: ${why}`,
    agentGone: (name: string, seconds: number) =>
      `Agent "${name}" was not heard of for ${seconds} s and was given up`,
    outageLong: (count: number) =>
      `No server was up when it was due, and more than ${count} slots were missed`,
    slotMissed: (at: string, why: string) =>
      `The slot of ${at} passed without a run${why === "" ? "" : `: ${why}`}`,
    slotsMissed: (count: number | null, from: string, to: string, why: string) =>
      `${count ?? "All"} slots from ${from} to ${to} passed without a run${why === "" ? "" : `: ${why}`}`,
    late: (at: string, seconds: number) => `The run of ${at} had no task started after ${seconds} s`,
    restored: (version: number, changes: string) => `version ${version} restored: ${changes}`,
    taskAdded: (name: string) => `task "${name}" added`,
    taskDeleted: (name: string) => `task "${name}" deleted`,
    taskChanged: (name: string, fields: readonly string[]) =>
      `task "${name}" changed: ${fields.join(", ").toLowerCase()}`,
    settingsChanged: (fields: readonly string[]) => `settings changed: ${fields.join(", ").toLowerCase()}`,
    relationsChanged: (count: number) => `${plural(count, "relation", "relations")} changed`,
    relationAdded: (upstream: string, downstream: string) => `relation "${upstream}" → "${downstream}" added`,
    relationChanged: (condition: string) => `relation changed: when it ${condition}`,
    copied: (name: string) => `copied from "${name}"`,
    wasNamed: (name: string) => `was named "${name}"`,
    more: (count: number) => `and ${count} more`,
  },
};
