/** A value that moves on no more often than once in a while, always to the latest: what is read must stand still. */
import { type Accessor, createEffect, createSignal, on, onCleanup, untrack } from "solid-js";

export function createSteady<T>(value: Accessor<T>, leastMs: number, clock: () => number): Accessor<T> {
  const [steady, setSteady] = createSignal(untrack(value));
  let movedAt = clock();
  createEffect(on(value, () => {
    const move = (): void => {
      movedAt = clock();
      setSteady(() => untrack(value));
    };
    const timer = setTimeout(move, Math.max(0, movedAt + leastMs - clock()));
    onCleanup(() => clearTimeout(timer));
  }, { defer: true }));
  return steady;
}
