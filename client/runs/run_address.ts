/** What the address says of a run's page: which task is chosen, and which of its views is shown. */
import { useSearchParams } from "@solidjs/router";
import type { Accessor } from "solid-js";
import { createMedia } from "../lib/media.ts";
import { single } from "../lib/paging.ts";
import { readRunView, type RunView, writeRunView } from "./run_view_state.ts";

/** The list, the graph and the output do not fit beside each other. As in run.css. */
const NARROW = "(max-width: 960px)";

export interface RunAddress {
  /** One view at a time, and none beside it. */
  readonly narrow: Accessor<boolean>;
  readonly view: Accessor<RunView>;
  readonly selected: Accessor<string | null>;
  /** False: the page chose what is selected. */
  readonly chosen: Accessor<boolean>;
  readonly show: (view: RunView) => void;
  /** Chooses a task, and shows its output where that is not seen already. */
  readonly open: (id: string | null) => void;
  /** Chooses a task; the view stays. */
  readonly select: (id: string | null) => void;
}

/** `decided` is what is shown while nobody has chosen a task of this run. */
export function createRunAddress(
  taskRuns: Accessor<readonly { readonly id: string }[]>,
  decided: Accessor<string | null>,
): RunAddress {
  const [search, setSearch] = useSearchParams<{ task?: string; view?: string }>();
  const narrow = createMedia(NARROW);
  const named = (): string | undefined => {
    const id = single(search.task);
    return taskRuns().some((taskRun) => taskRun.id === id) ? id : undefined;
  };
  const selected = (): string | null => named() ?? decided();
  const go = (to: { readonly task?: string; readonly view?: RunView }): void => {
    const view = to.view === undefined ? {} : { view: writeRunView(to.view, narrow()) };
    const task = to.task === undefined ? {} : { task: to.task };
    // Lines and attempts of one output say nothing about another.
    const forgotten = to.task === undefined || to.task === selected()
      ? {}
      : { line: null, attempt: null, beside: null };
    // Where views take turns each is a place of its own, to go back from.
    const replace = !narrow() || to.view === undefined;
    setSearch({ ...view, ...task, ...forgotten }, { replace, scroll: false });
  };
  return {
    narrow,
    view: () => readRunView(single(search.view), narrow()),
    selected,
    chosen: () => named() !== undefined,
    show: (view) => go({ view }),
    open: (id) => {
      if (id !== null) go({ task: id, ...(narrow() ? { view: "output" } : {}) });
    },
    select: (id) => {
      if (id !== null) go({ task: id });
    },
  };
}
