/** How long streams live: no longer than the credential that opened them, and only so many at once. */
import { LRUCache } from "lru-cache";
import { userOf } from "../domain/accounts/credentials.ts";
import type { Viewer } from "../domain/accounts/interface.ts";
import { say } from "../../schema/sentences.ts";
import type { Bus } from "../events/bus.ts";
import type { Log } from "../log.ts";
import { refusal } from "./answers.ts";
import { STREAM_OPERATIONS, STREAMS } from "./limits.ts";

/** The longest wait that a timer can take. A stream that old is opened anew. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** So often is asked whether a credential still holds with the same rights: the word of another server may be lost. */
const LOOK_MS = 30_000;
/** Credentials that ended, remembered for requests that were let in a moment before: one may be good again later. */
const REMEMBERED_ENDS = 10_000;
const REMEMBERED_MS = 60_000;

export interface Held {
  /** Aborts when the credential ends, when it is released, and when the server stops. */
  readonly signal: AbortSignal;
  release(): void;
}

export interface Lifetimes {
  /** Null when the credential has as many streams as it may have. `holds` asks whether it is still good. */
  hold(viewer: Viewer, holds: () => Promise<boolean>): Held | null;
  /** Ends all, and whatever is opened from now on. */
  close(): void;
}

interface Holder {
  readonly controller: AbortController;
  readonly userId: number | null;
  readonly holds: () => Promise<boolean>;
}

export function createLifetimes(
  { bus, clock, log }: { readonly bus: Bus; readonly clock: { now(): number }; readonly log: Log },
  lookMs = LOOK_MS,
): Lifetimes {
  const living = new Map<string, Set<Holder>>();
  const ended = new LRUCache<string, true>({ max: REMEMBERED_ENDS, ttl: REMEMBERED_MS });
  let closed = false;

  const all = (): readonly Holder[] => [...living.values()].flatMap((holders) => [...holders]);

  function end(credentialId: string): void {
    for (const { controller } of [...living.get(credentialId) ?? []]) controller.abort();
    ended.set(credentialId, true);
  }

  function endUser(userId: number): void {
    for (const holder of all()) if (holder.userId === userId) holder.controller.abort();
  }

  async function look(): Promise<void> {
    await Promise.all(
      all().map(async ({ holds, controller }) => {
        try {
          if (!await holds()) controller.abort();
        } catch (error) {
          // The database is away: nobody knows, and the next look may.
          log.debug("A stream's credential could not be looked at", { error });
        }
      }),
    );
  }

  const unsubscribe = bus.subscribe((event) => {
    if (event.kind !== "session") return;
    const userId = userOf(event.credentialId);
    if (userId === null) end(event.credentialId);
    else endUser(userId);
  });
  const timer = setInterval(look, lookMs);

  return {
    hold({ credentialId, expiresAt, userId }, holds): Held | null {
      const holders = living.get(credentialId) ?? new Set();
      if (holders.size >= STREAMS) return null;
      const holder = { controller: new AbortController(), userId, holds };
      const { signal } = holder.controller;
      const left = expiresAt === null ? MAX_TIMER_MS : expiresAt.getTime() - clock.now();
      const expiry = setTimeout(release, Math.min(MAX_TIMER_MS, Math.max(0, left)));
      living.set(credentialId, holders.add(holder));
      signal.addEventListener("abort", () => {
        clearTimeout(expiry);
        holders.delete(holder);
        if (holders.size === 0 && living.get(credentialId) === holders) living.delete(credentialId);
      });
      function release(): void {
        holder.controller.abort();
      }
      if (closed || ended.has(credentialId)) release();
      return { signal, release };
    },
    close(): void {
      closed = true;
      unsubscribe();
      clearInterval(timer);
      for (const holders of [...living.values()]) {
        for (const { controller } of [...holders]) controller.abort();
      }
    },
  };
}

export function tooManyStreams(): Response {
  return refusal("LIMIT_EXCEEDED", say("TOO_MANY_STREAMS", { most: STREAMS, operations: STREAM_OPERATIONS }));
}
