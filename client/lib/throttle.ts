/** Calls at once, then no more often than the period; the last call of a burst is never lost. */
import { onCleanup } from "solid-js";

export function createThrottle(run: () => void, periodMs: number | (() => number)): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting = false;
  onCleanup(() => clearTimeout(timer));
  const call = (): void => {
    if (timer !== undefined) {
      waiting = true;
      return;
    }
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (!waiting) return;
      waiting = false;
      call();
    }, typeof periodMs === "number" ? periodMs : periodMs());
  };
  return call;
}
