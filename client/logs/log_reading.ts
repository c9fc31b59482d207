/** One output as somebody reads it: its source, where they are in it, what they look for, how they want to see it. */
import { useLocation, useSearchParams } from "@solidjs/router";
import { type Accessor, createEffect, createResource, createSignal, on } from "solid-js";
import { copyText } from "../lib/clipboard.ts";
import { single } from "../lib/paging.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { chooseLine, type LineRange, readLineRange, writeLineRange } from "./line_link.ts";
import { downloadAddress, readAllText, readLinesText } from "./log_copy.ts";
import { createLogFind, type LogFind } from "./log_find.ts";
import type { LogAttempt } from "./log_reader.ts";
import { createLogScroll, type LogScroll } from "./log_scroll.ts";
import { createLogSource, type LogSource } from "./log_source.ts";
import type { LinePlace } from "./log_state.ts";
import { nextTimesMode, readTimesMode, type TimesMode } from "./log_times.ts";

const OLDER_LINES = 1000;
const NARROW = "(max-width: 640px)";
const FAILED: readonly LogAttempt["state"][] = ["FAILED", "TIMED_OUT", "LOST"];

export interface LogReading {
  readonly source: LogSource;
  readonly scroll: LogScroll;
  readonly find: LogFind;
  readonly attempts: Accessor<readonly LogAttempt[]>;
  readonly attemptCount: Accessor<number>;
  /** The attempt that alone is shown; null = all. */
  readonly attempt: Accessor<number | null>;
  readonly showAttempt: (number: number | null) => void;
  /** The last attempt that failed. */
  readonly failedAttempt: Accessor<number | null>;
  readonly toFirstFault: () => Promise<void>;
  readonly wrap: Accessor<boolean>;
  readonly toggleWrap: () => void;
  readonly times: Accessor<TimesMode>;
  readonly setTimes: (mode: TimesMode) => void;
  /** The lines that the address names. */
  readonly range: Accessor<LineRange | null>;
  readonly choose: (place: LinePlace, extend: boolean) => void;
  readonly copyAll: () => Promise<void>;
  readonly copyLines: () => Promise<void>;
  readonly copyLink: () => Promise<void>;
  readonly download: (format: "text" | "ndjson") => void;
}

export function createLogReading(
  taskRunId: Accessor<string>,
  scroller: () => HTMLDivElement | undefined,
): LogReading {
  const { memory, toasts } = useServices();
  const t = useTexts();
  const location = useLocation();
  const [search, setSearch] = useSearchParams<{ line?: string; attempt?: string; task?: string }>();
  const [wrap, setWrap] = createSignal(
    (memory.read("log.wrap") ?? String(matchMedia(NARROW).matches)) === "true",
  );
  const [times, setTimes] = createSignal(readTimesMode(memory.read("log.times")));
  const range = (): LineRange | null => readLineRange(single(search.line));
  const attempt = (): number | null => {
    const number = Number(single(search.attempt) ?? "");
    return Number.isInteger(number) && number > 0 ? number : null;
  };
  const address = (fields: { line?: string | null; attempt?: number | null }): void =>
    setSearch({ task: taskRunId(), ...fields }, { replace: true, scroll: false });

  const source = createLogSource({
    taskRunId,
    attempt,
    place: () => {
      const named = range();
      return named === null ? null : { attempt: named.attempt, seq: named.first };
    },
  });
  const scroll = createLogScroll({ source, wrap, scroller, olderLines: OLDER_LINES });
  const find = createLogFind({ source, scroll, attempt, failed: toasts.bad });
  // Lines and attempts of one output say nothing about another.
  createEffect(on(taskRunId, () => {
    if (range() !== null || attempt() !== null) {
      setSearch({ line: null, attempt: null }, { replace: true, scroll: false });
    }
  }, { defer: true }));
  createEffect(on(source.loading, (loading) => {
    const named = range();
    if (loading || named === null) return;
    void scroll.showLine({ attempt: named.attempt, seq: named.first }).then((there) => {
      if (!there) toasts.bad(t("log.noLine"));
    });
  }, { defer: true }));

  const seenAttempts = (): number => source.version() >= 0 ? source.log().newest?.attempt ?? 0 : 0;
  const [attempts] = createResource(
    () => [source.reader(), seenAttempts(), source.ends()] as const,
    ([reader]) => reader.attempts().catch(() => []),
    { initialValue: [] },
  );
  const failedAttempt = (): number | null => {
    const failed = attempts.latest.findLast(({ state, number }) =>
      FAILED.includes(state) && (attempt() === null || attempt() === number)
    );
    return failed?.number ?? null;
  };

  const copied = async (read: () => Promise<string | null>): Promise<void> => {
    try {
      const text = await read();
      if (text === null) toasts.bad(t("log.tooMuch"));
      else if (await copyText(text)) toasts.good(t("log.copied"));
      else toasts.bad(t("log.notCopied"));
    } catch (fault) {
      toasts.bad(fault instanceof Error ? fault.message : String(fault));
    }
  };
  return {
    source,
    scroll,
    find,
    attempts: () => attempts.latest,
    attemptCount: () => Math.max(attempts.latest.length, seenAttempts()),
    attempt,
    showAttempt: (number) => address({ attempt: number, line: null }),
    failedAttempt,
    toFirstFault: async () => {
      const failed = failedAttempt();
      if (failed === null) return;
      try {
        const place = await source.reader().firstFault(failed);
        if (place === null) return toasts.bad(t("log.noFailure"));
        address({ line: writeLineRange({ attempt: place.attempt, first: place.seq, last: place.seq }) });
        await scroll.showLine(place);
      } catch (fault) {
        toasts.bad(fault instanceof Error ? fault.message : String(fault));
      }
    },
    wrap,
    toggleWrap: () => {
      memory.write("log.wrap", String(setWrap(!wrap())));
    },
    times,
    setTimes: (mode = nextTimesMode(times())) => {
      setTimes(mode);
      memory.write("log.times", mode);
    },
    range,
    choose: (place, extend) => {
      const chosen = chooseLine(range(), place, extend);
      address({ line: chosen === null ? null : writeLineRange(chosen) });
    },
    copyAll: () => copied(() => readAllText(source.reader(), attempt())),
    copyLines: () =>
      copied(async () => {
        const chosen = range();
        return chosen === null ? "" : await readLinesText(source.reader(), chosen);
      }),
    copyLink: () =>
      copied(() => Promise.resolve(globalThis.location.origin + location.pathname + location.search)),
    download: (format) => {
      const attemptId = attempts.latest.find(({ number }) => number === attempt())?.id ?? null;
      globalThis.location.assign(downloadAddress({ taskRunId: taskRunId(), attemptId }, format));
    },
  };
}
