/** The present as a signal: one timer for every duration and "in 3 minutes" on the page, none while it is hidden. */
import { type Accessor, createSignal } from "solid-js";

const TICK_MS = 1000;

export interface Ticker {
  /** Milliseconds since 1970; moves every second while the page is seen. */
  readonly now: Accessor<number>;
  readonly close: () => void;
}

export function openTicker(clock: () => number, page: Document): Ticker {
  const [now, setNow] = createSignal(clock());
  const tick = (): void => {
    if (!page.hidden) setNow(clock());
  };
  const timer = setInterval(tick, TICK_MS);
  page.addEventListener("visibilitychange", tick);
  return {
    now,
    close: () => {
      clearInterval(timer);
      page.removeEventListener("visibilitychange", tick);
    },
  };
}
