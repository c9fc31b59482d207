/** Typed publish and subscribe inside one process. Whoever needs a queue keeps a bounded one of its own. */
import type { Event } from "../../schema/events.ts";

export interface Bus {
  /** Calls every listener before it returns. Call it only after the commit that made the event true. */
  publish(event: Event): void;
  /** `listener` must be quick and must not throw. Returns the function that ends the subscription. */
  subscribe(listener: (event: Event) => void): () => void;
}

export function createBus(): Bus {
  const listeners = new Set<(event: Event) => void>();
  return {
    publish(event): void {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener): () => void {
      // A wrapper of its own lets the same function subscribe twice and end each subscription alone.
      const own = (event: Event): void => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
