/** One output as somebody reads it: its source, where they are in it, what they look for, what they take from it. */
import { useLocation } from "@solidjs/router";
import { type Accessor, createEffect, createResource, on } from "solid-js";
import { refusalReason } from "../graphql/refusals.ts";
import { copyText } from "../lib/clipboard.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { chooseAttempt, firstPair, type Side } from "./attempts_state.ts";
import { chooseLine, type LineRange } from "./line_link.ts";
import type { LogAddress } from "./log_address.ts";
import { readAllText, readLinesText } from "./log_copy.ts";
import { type DownloadFormat, downloadOutput } from "./log_download.ts";
import { createLogFind, type LogFind } from "./log_find.ts";
import type { LogLook } from "./log_look.ts";
import type { LogAttempt } from "./log_reader.ts";
import { createLogScroll, type LogScroll } from "./log_scroll.ts";
import { createLogSource, type LogSource } from "./log_source.ts";
import type { LinePlace } from "./log_state.ts";

const OLDER_LINES = 1000;
const FAILED: readonly LogAttempt["state"][] = ["FAILED", "TIMED_OUT", "LOST"];

export interface LogReading {
  readonly source: LogSource;
  readonly scroll: LogScroll;
  readonly find: LogFind;
  readonly look: LogLook;
  readonly side: Side;
  readonly attempts: Accessor<readonly LogAttempt[]>;
  readonly attemptCount: Accessor<number>;
  /** The attempt that alone is shown here; null = all. */
  readonly attempt: Accessor<number | null>;
  readonly showAttempt: (number: number | null) => void;
  /** Two attempts are shown beside each other. */
  readonly paired: Accessor<boolean>;
  readonly togglePair: () => void;
  /** The last attempt that failed. */
  readonly failedAttempt: Accessor<number | null>;
  readonly toFirstFault: () => Promise<void>;
  /** The lines that the address names. */
  readonly range: Accessor<LineRange | null>;
  readonly choose: (place: LinePlace, extend: boolean) => void;
  readonly copyAll: () => Promise<void>;
  readonly copyLines: () => Promise<void>;
  readonly copyLink: () => Promise<void>;
  readonly download: (format: DownloadFormat) => Promise<void>;
}

export function createLogReading(args: {
  readonly taskRunId: Accessor<string>;
  readonly side: Side;
  readonly address: LogAddress;
  readonly look: LogLook;
  readonly scroller: () => HTMLDivElement | undefined;
}): LogReading {
  const { taskRunId, side, address, look, scroller } = args;
  const { session, texts, toasts } = useServices();
  const t = useTexts();
  const location = useLocation();
  const { range, shown } = address;
  const paired = (): boolean => shown().beside !== null;
  const attempt = (): number | null => side === "first" ? shown().attempt : shown().beside;
  /** Of two, only the one that has the lines looks for them. */
  const place = (): LinePlace | null => {
    const named = range();
    if (named === null || paired() && named.attempt !== attempt()) return null;
    return { attempt: named.attempt, seq: named.first };
  };

  const source = createLogSource({ taskRunId, attempt, place });
  const scroll = createLogScroll({ source, wrap: look.wrap, scroller, olderLines: OLDER_LINES });
  const find = createLogFind({ source, scroll, attempt, failed: toasts.bad });
  const failed = (fault: unknown): void => toasts.bad(fault instanceof Error ? fault.message : String(fault));
  const showPlace = async (named: LinePlace): Promise<void> => {
    try {
      if (!await scroll.showLine(named)) toasts.bad(t("log.noLine"));
    } catch (fault) {
      failed(fault);
    }
  };
  createEffect(on(source.loading, (loading) => {
    const named = place();
    if (!loading && named !== null) void showPlace(named);
  }, { defer: true }));

  const [attempts] = createResource(
    () => [source.reader(), source.newestAttempt(), source.ends()] as const,
    ([reader]) => reader.attempts().catch(() => []),
    { initialValue: [] },
  );
  const attemptCount = (): number => Math.max(attempts.latest.length, source.newestAttempt());
  const failedAttempt = (): number | null => {
    const bad = attempts.latest.findLast(({ state, number }) =>
      FAILED.includes(state) && (attempt() === null || attempt() === number)
    );
    return bad?.number ?? null;
  };

  const copied = async (read: () => Promise<string | null>): Promise<void> => {
    try {
      const text = await read();
      if (text === null) toasts.bad(t("log.tooMuch"));
      else if (await copyText(text)) toasts.good(t("log.copied"));
      else toasts.bad(t("log.notCopied"));
    } catch (fault) {
      failed(fault);
    }
  };
  return {
    source,
    scroll,
    find,
    look,
    side,
    attempts: () => attempts.latest,
    attemptCount,
    attempt,
    showAttempt: (number) => address.show(chooseAttempt(shown(), side, number)),
    paired,
    togglePair: () =>
      address.show(paired() ? { attempt: null, beside: null } : firstPair(attempt(), attemptCount())),
    failedAttempt,
    toFirstFault: async () => {
      const bad = failedAttempt();
      if (bad === null) return;
      try {
        const first = await source.reader().firstFault(bad);
        if (first === null) return toasts.bad(t("log.noFailure"));
        address.setRange({ attempt: first.attempt, first: first.seq, last: first.seq });
        await scroll.showLine(first);
      } catch (fault) {
        failed(fault);
      }
    },
    range,
    choose: (line, extend) => address.setRange(chooseLine(range(), line, extend)),
    copyAll: () => copied(() => readAllText(source.reader(), attempt())),
    copyLines: () =>
      copied(async () => {
        const chosen = range();
        return chosen === null ? "" : await readLinesText(source.reader(), chosen);
      }),
    copyLink: () =>
      copied(() => Promise.resolve(globalThis.location.origin + location.pathname + location.search)),
    download: async (format) => {
      const attemptId = attempts.latest.find(({ number }) => number === attempt())?.id ?? null;
      const fault = await downloadOutput({ taskRunId: taskRunId(), attemptId }, format, texts.words());
      if (fault?.stranger) session.ended();
      else if (fault !== null) toasts.bad(refusalReason(fault.message));
    },
  };
}
