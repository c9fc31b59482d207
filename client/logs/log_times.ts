/** What the margin says of when a line was written: nothing, the local time of day, or the time since its attempt began. */
import type { LogAttempt } from "./log_reader.ts";
import type { LogLine } from "./log_state.ts";
import { formatLogTime } from "../lib/time.ts";

export const timesModes = ["off", "local", "start"] as const;
export type TimesMode = typeof timesModes[number];

export function readTimesMode(text: string | null): TimesMode {
  return timesModes.find((mode) => mode === text) ?? "off";
}

export function nextTimesMode(mode: TimesMode): TimesMode {
  return timesModes[(timesModes.indexOf(mode) + 1) % timesModes.length] ?? "off";
}

/** `startedAt` is when the line's attempt began. */
export function formatMargin(mode: TimesMode, at: string, startedAt: string | null): string {
  switch (mode) {
    case "off":
      return "";
    case "local":
      return formatLogTime(at);
    case "start":
      return startedAt === null ? "" : formatSince(Date.parse(at) - Date.parse(startedAt));
    default:
      return mode satisfies never;
  }
}

/** When a line's attempt began; by the oldest line that is held when the server has not told. */
export function startOf(
  attempts: readonly LogAttempt[],
  line: LogLine,
  oldest: LogLine | undefined,
): string | null {
  const attempt = attempts.find(({ number }) => number === line.attempt);
  return attempt?.startedAt ?? (oldest?.attempt === line.attempt ? oldest.at : null);
}

/** "+0.004", "+1:02.345", "+1:00:02.345". */
export function formatSince(durationMs: number): string {
  const duration = Math.max(0, durationMs);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const seconds = (duration / 1000) % 60;
  const minutes = Math.floor(duration / 60_000) % 60;
  const hours = Math.floor(duration / 3_600_000);
  const thousandths = String(duration % 1000).padStart(3, "0");
  if (hours > 0) return `+${hours}:${two(minutes)}:${two(seconds)}.${thousandths}`;
  if (minutes > 0) return `+${minutes}:${two(seconds)}.${thousandths}`;
  return `+${Math.floor(seconds)}.${thousandths}`;
}
