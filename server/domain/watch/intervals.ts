/** Streams that go by the clock alone. */
import { InvalidInputError } from "../../../schema/errors.ts";
import type { Figures, HostStats } from "../statistics/interface.ts";
import { say } from "../../../schema/sentences.ts";
import { openWatching, streamOf, type Watching } from "./watching.ts";

const HEARTBEAT_MS = 10_000;
const MAX_SECONDS = 3600;

/** The first figures come at once. */
export function watchHostStats(
  figures: Pick<Figures, "hostStats">,
  agentId: number | null,
  everySeconds: number,
  signal: AbortSignal,
): AsyncIterable<HostStats> {
  if (!Number.isInteger(everySeconds) || everySeconds < 1 || everySeconds > MAX_SECONDS) {
    throw new InvalidInputError(
      say("HOST_SECONDS", { seconds: everySeconds, least: 1, most: MAX_SECONDS }),
      ["everySeconds"],
    );
  }
  return everyMs(everySeconds * 1000, () => figures.hostStats(agentId), signal);
}

/** The first comes at once, so that a client knows that the stream is open. */
export function watchHeartbeat(clock: { now(): number }, signal: AbortSignal): AsyncIterable<Date> {
  return everyMs(HEARTBEAT_MS, () => new Date(clock.now()), signal);
}

function everyMs<T>(
  periodMs: number,
  read: () => T | Promise<T>,
  signal: AbortSignal,
): AsyncIterable<T> {
  const watching = openWatching(signal);
  return streamOf(watching, giveEveryMs(watching, periodMs, read));
}

async function* giveEveryMs<T>(
  watching: Watching,
  periodMs: number,
  read: () => T | Promise<T>,
): AsyncGenerator<T> {
  while (!watching.ended) {
    yield await read();
    await watching.pause(periodMs);
  }
}
