/** Events on their way to the other servers, folded: what changed twice is told once, and too much is told as "all". */
import type { ContainerChanged, Event, LinesStored, RunChanged } from "../../schema/events.ts";

/** PostgreSQL takes less than 8,000 bytes. */
const MAX_MESSAGE_BYTES = 7_900;
/** Sender and number of a message. */
const HEADER_BYTES = 100;
/** What needs more messages than this is not worth them: the others read what changed lately. */
const MAX_MESSAGES = 4;
/** A run with more changed task runs is told as a whole. */
const MAX_TASK_RUNS = 50;

/** One change as it is sent: its kind and its numbers. */
export type Entry =
  | readonly ["run", run: number, container: number, project: number, taskRuns: readonly number[] | null]
  | readonly ["container", change: ContainerChanged["change"], container: number, project: number]
  | readonly [
    "stored",
    attempt: number,
    number: number,
    taskRun: number,
    run: number,
    container: number,
    project: number,
    first: number,
    last: number,
  ]
  | readonly ["session", credential: string]
  | readonly [Signal]
  | readonly ["all"];
type Signal = typeof signals[number];
/** Events that say no more than their kind. */
export const signals = ["work", "queue", "schedule", "messages"] as const;

export function createOutbox(): {
  /** Answers whether the others have to hear of it. */
  add(event: Event): boolean;
  /** What waits, in messages; nothing waits then. */
  take(): readonly (readonly Entry[])[];
} {
  const runs = new Map<number, { readonly event: RunChanged; taskRuns: Set<number> | null }>();
  const containers = new Map<number, ContainerChanged>();
  const stored = new Map<number, LinesStored>();
  const sessions = new Set<string>();
  const signalled = new Set<Signal>();

  function addRun(event: RunChanged): void {
    const known = runs.get(event.runId) ?? { event, taskRuns: new Set() };
    for (const id of event.taskRunIds ?? []) known.taskRuns?.add(id);
    const whole = event.taskRunIds === null || (known.taskRuns?.size ?? 0) > MAX_TASK_RUNS;
    runs.set(event.runId, whole ? { event, taskRuns: null } : known);
  }

  function addContainer(event: ContainerChanged): void {
    const known = containers.get(event.containerId);
    containers.set(
      event.containerId,
      known?.change === "CREATED" && event.change === "UPDATED" ? known : event,
    );
  }

  function addStored(event: LinesStored): void {
    const known = stored.get(event.attemptId) ?? event;
    stored.set(event.attemptId, {
      ...event,
      firstSeq: Math.min(known.firstSeq, event.firstSeq),
      lastSeq: Math.max(known.lastSeq, event.lastSeq),
    });
  }

  function* entries(): Generator<Entry> {
    for (const { event, taskRuns } of runs.values()) {
      yield [
        "run",
        event.runId,
        event.containerId,
        event.projectId,
        taskRuns === null ? null : [...taskRuns],
      ];
    }
    for (const { change, containerId, projectId } of containers.values()) {
      yield ["container", change, containerId, projectId];
    }
    for (const event of stored.values()) {
      const { attemptId, attempt, taskRunId, runId, containerId, projectId, firstSeq, lastSeq } = event;
      yield ["stored", attemptId, attempt, taskRunId, runId, containerId, projectId, firstSeq, lastSeq];
    }
    for (const credential of sessions) yield ["session", credential];
    for (const signal of signalled) yield [signal];
  }

  return {
    add(event): boolean {
      switch (event.kind) {
        case "run":
          addRun(event);
          return true;
        case "container":
          addContainer(event);
          return true;
        case "lines":
          addStored({
            ...event,
            kind: "stored",
            firstSeq: event.lines[0]?.seq ?? 1,
            lastSeq: event.lines.at(-1)?.seq ?? 0,
          });
          return true;
        case "partial":
          // No line of it is stored: whoever shows the task run looks at it again.
          addStored({ ...event, kind: "stored", firstSeq: Number.MAX_SAFE_INTEGER, lastSeq: 0 });
          return true;
        case "session":
          sessions.add(event.credentialId);
          return true;
        case "work":
        case "queue":
        case "schedule":
        case "messages":
          signalled.add(event.kind);
          return true;
        case "stored":
        case "slots":
        case "late":
        case "schedule-fault":
          return false;
        default:
          throw new Error(`Unknown event ${event satisfies never}`);
      }
    },
    take(): readonly (readonly Entry[])[] {
      const ended = [...sessions].map((credential): Entry => ["session", credential]);
      const messages = pack(entries());
      for (const waiting of [runs, containers, stored, sessions, signalled]) waiting.clear();
      return messages.length <= MAX_MESSAGES ? messages : pack([["all"], ...ended]);
    },
  };
}

function pack(entries: Iterable<Entry>): readonly (readonly Entry[])[] {
  const messages: Entry[][] = [];
  let bytes = MAX_MESSAGE_BYTES;
  for (const entry of entries) {
    const size = JSON.stringify(entry).length + 1;
    if (bytes + size > MAX_MESSAGE_BYTES - HEADER_BYTES) {
      messages.push([]);
      bytes = 0;
    }
    messages.at(-1)?.push(entry);
    bytes += size;
  }
  return messages;
}
