/** How long streams live: no longer than the credential that opened them, and only so many at once. */
import type { Viewer } from "../../schema/graphql/context.ts";
import type { Bus } from "../events/bus.ts";
import { STREAMS } from "./limits.ts";

/** The longest wait that a timer can take. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface Held {
  /** Aborts when the credential ends, when it is released, and when the server stops. */
  readonly signal: AbortSignal;
  release(): void;
}

export interface Lifetimes {
  /** Null when the credential has as many streams as it may have. */
  hold(viewer: Viewer): Held | null;
  /** For what is no stream of its own, such as an operation inside one: it ends alike, and is not counted. */
  join(viewer: Viewer): Held;
  endAll(): void;
  close(): void;
}

export function createLifetimes(bus: Bus, clock: { now(): number }): Lifetimes {
  const living = new Map<string, Set<AbortController>>();
  const counts = new Map<string, number>();
  const unsubscribe = bus.subscribe((event) => {
    if (event.kind === "session") living.get(event.credentialId)?.forEach((controller) => controller.abort());
  });

  function join(viewer: Viewer): Held {
    const controller = new AbortController();
    const { credentialId, expiresAt } = viewer;
    const controllers = living.get(credentialId) ?? new Set();
    living.set(credentialId, controllers.add(controller));
    const left = expiresAt === null ? LONGEST_TIMER_MS : expiresAt.getTime() - clock.now();
    const timer = setTimeout(() => controller.abort(), Math.min(LONGEST_TIMER_MS, Math.max(0, left)));
    const release = (): void => {
      clearTimeout(timer);
      controllers.delete(controller);
      if (controllers.size === 0 && living.get(credentialId) === controllers) living.delete(credentialId);
      controller.abort();
    };
    return { signal: controller.signal, release };
  }

  return {
    join,
    hold(viewer) {
      const { credentialId } = viewer;
      const count = counts.get(credentialId) ?? 0;
      if (count >= STREAMS) return null;
      counts.set(credentialId, count + 1);
      const held = join(viewer);
      let released = false;
      return {
        signal: held.signal,
        release() {
          held.release();
          if (released) return;
          released = true;
          const left = (counts.get(credentialId) ?? 1) - 1;
          if (left === 0) counts.delete(credentialId);
          else counts.set(credentialId, left);
        },
      };
    },
    endAll: () => living.forEach((controllers) => controllers.forEach((controller) => controller.abort())),
    close: unsubscribe,
  };
}
