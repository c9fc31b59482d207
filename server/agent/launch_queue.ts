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
  /** A slot is free. */
  poke(): void;
  stop(): void;
}

export function createLaunchQueue(
  launch: (work: Work, generation: number) => void,
  slotFree: () => boolean,
): LaunchQueue {
  const waiting = new Map<number, { readonly work: Work; readonly generation: number }>();
  let scheduled = false;

  function launchNext(): void {
    scheduled = false;
    if (!slotFree()) return;
    for (const [attemptId, { work, generation }] of waiting) {
      waiting.delete(attemptId);
      launch(work, generation);
      break;
    }
    schedule();
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
    poke: schedule,
    stop: () => waiting.clear(),
  };
}
