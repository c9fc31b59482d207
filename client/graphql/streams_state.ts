/** What the stream does when it is lost, silent or not looked at. */

/** A heartbeat comes every 10 s; three missed ones and the stream is dead, whatever the socket says. */
export const SILENCE_MS = 30_000;
/** A tab that nobody sees gives its stream back after this long. */
export const HIDDEN_MS = 30_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;
/** Of the delay, so that a thousand tabs do not come back in the same instant. */
const JITTER = 0.4;

/**
 * - connecting: the first try of this page.
 * - live: events come.
 * - down: lost, and being tried again; `since` tells when the last sign of life came.
 * - paused: let go, because nobody is looking.
 */
export interface LinkState {
  readonly state: "connecting" | "live" | "down" | "paused";
  readonly since: number;
}

/** How long to wait before try number `attempt` (from 0). `random` is in [0, 1). */
export function retryDelayMs(attempt: number, random: number): number {
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(delay * (1 - JITTER / 2 + JITTER * random));
}

/** The link after it was lost: `since` stays at the first loss, however often a retry fails. */
export function lostLink(link: LinkState, now: number): LinkState {
  return link.state === "down" ? link : { state: "down", since: now };
}

export function streamIsSilent(lastMessageAt: number, now: number): boolean {
  return now - lastMessageAt > SILENCE_MS;
}
