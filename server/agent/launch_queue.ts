/**
 * Work that is about to be started, as soon as there is a slot. A process takes a millisecond or two to start, in which
 * nothing else is done: after each one the event loop gets its turn, so that ends are seen, and told, and new work is
 * asked for meanwhile.
 */
import { setImmediate } from "node:timers";
import type { Work } from "./port.ts";

export interface LaunchQueue {
  add(work: Work, generation: number): void;
  has(attemptId: number): boolean;
  /** Takes one out that was not started yet. */
  remove(attemptId: number): boolean;
  size(): number;
  /** Of those that wait; null when there are none. */
  highestPriority(): number | null;
  /** A slot is free. */
  poke(): void;
  stop(): void;
}

interface Waiting {
  readonly work: Work;
  readonly generation: number;
}

export function createLaunchQueue(
  launch: (work: Work, generation: number) => void,
  slotFree: () => boolean,
): LaunchQueue {
  const waiting = new Map<number, Waiting>();
  let scheduled = false;

  function launchNext(): void {
    scheduled = false;
    if (!slotFree()) return;
    const next = findNext();
    if (next === null) return;
    waiting.delete(next.work.attemptId);
    launch(next.work, next.generation);
    schedule();
  }

  /** The highest priority, and among equals the one that came first. */
  function findNext(): Waiting | null {
    let next: Waiting | null = null;
    for (const candidate of waiting.values()) {
      if (next === null || candidate.work.priority > next.work.priority) next = candidate;
    }
    return next;
  }

  function schedule(): void {
    if (scheduled || waiting.size === 0 || !slotFree()) return;
    scheduled = true;
    setImmediate(launchNext);
  }

  return {
    add(work, generation): void {
      waiting.set(work.attemptId, { work, generation });
      schedule();
    },
    has: (attemptId) => waiting.has(attemptId),
    remove: (attemptId) => waiting.delete(attemptId),
    size: () => waiting.size,
    highestPriority: () => findNext()?.work.priority ?? null,
    poke: schedule,
    stop: () => waiting.clear(),
  };
}
