/** What the address says of an output: whose it is, which attempts of it are shown, which lines are meant. */
import { useSearchParams } from "@solidjs/router";
import { type Accessor, createEffect, createMemo, on } from "solid-js";
import { single } from "../lib/paging.ts";
import { readShownAttempts, type ShownAttempts } from "./attempts_state.ts";
import { type LineRange, readLineRange, writeLineRange } from "./line_link.ts";

export interface LogAddress {
  readonly range: Accessor<LineRange | null>;
  readonly setRange: (range: LineRange | null) => void;
  readonly shown: Accessor<ShownAttempts>;
  readonly show: (shown: ShownAttempts) => void;
}

export function createLogAddress(taskRunId: Accessor<string>): LogAddress {
  const [search, setSearch] = useSearchParams<{
    line?: string;
    attempt?: string;
    beside?: string;
    task?: string;
  }>();
  const write = (
    fields: { line?: string | null; attempt?: number | null; beside?: number | null },
  ): void => setSearch({ task: taskRunId(), ...fields }, { replace: true, scroll: false });
  const range = (): LineRange | null => readLineRange(single(search.line));
  const shown = createMemo(
    () => readShownAttempts(single(search.attempt), single(search.beside)),
    undefined,
    { equals: (a, b) => a.attempt === b.attempt && a.beside === b.beside },
  );
  // Lines and attempts of one output say nothing about another.
  createEffect(on(taskRunId, () => {
    if (range() !== null || shown().attempt !== null) {
      setSearch({ line: null, attempt: null, beside: null }, { replace: true, scroll: false });
    }
  }, { defer: true }));
  return {
    range,
    setRange: (named) => write({ line: named === null ? null : writeLineRange(named) }),
    shown,
    show: (next) => write({ ...next, line: null }),
  };
}
