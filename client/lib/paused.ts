/** A value that waits until it has stood still for a moment: while somebody types the server is not asked every letter. */
import { type Accessor, createEffect, createSignal, on, onCleanup, untrack } from "solid-js";

export function createPaused<T>(value: Accessor<T>, pauseMs: number): Accessor<T> {
  const [paused, setPaused] = createSignal(untrack(value));
  createEffect(on(value, (next) => {
    const timer = setTimeout(() => setPaused(() => next), pauseMs);
    onCleanup(() => clearTimeout(timer));
  }, { defer: true }));
  return paused;
}
