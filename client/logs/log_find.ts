/** Find in an output: counts and walks the matches in what is held, and asks the server beyond it. */
import { type Accessor, createEffect, createMemo, createSignal, on } from "solid-js";
import { type Find, findIn, noFind, stepMatch } from "./find_state.ts";
import type { LogScroll } from "./log_scroll.ts";
import type { LogSource } from "./log_source.ts";

export interface LogFind {
  readonly open: Accessor<boolean>;
  readonly setOpen: (open: boolean) => void;
  readonly text: Accessor<string>;
  readonly setText: (text: string) => void;
  readonly find: Accessor<Find>;
  /** Place of the current match, from 1; 0 when there is none. */
  readonly place: Accessor<number>;
  /** Ordinal of the line with the current match. */
  readonly current: Accessor<number | null>;
  readonly step: (step: 1 | -1) => Promise<void>;
  /** Looks for the text in the lines before those that are held. */
  readonly searchOlder: () => Promise<void>;
  /** The server is asked. */
  readonly searching: Accessor<boolean>;
  /** The server knows no further match. */
  readonly nothingFurther: Accessor<boolean>;
}

export function createLogFind(args: {
  readonly source: LogSource;
  readonly scroll: LogScroll;
  readonly attempt: Accessor<number | null>;
  readonly failed: (message: string) => void;
}): LogFind {
  const { source, scroll } = args;
  const [open, setOpen] = createSignal(false);
  const [text, setText] = createSignal("");
  const [current, setCurrent] = createSignal<number | null>(null);
  const [searching, setSearching] = createSignal(false);
  const [nothingFurther, setNothingFurther] = createSignal(false);
  const find = createMemo<Find>(
    (before) => source.version() >= 0 ? findIn(source.log(), open() ? text() : "", before) : before,
    noFind,
  );
  createEffect(on([text, source.log], () => setNothingFurther(false), { defer: true }));
  createEffect(on(text, () => setCurrent(null), { defer: true }));

  const show = (ordinal: number): void => {
    setCurrent(ordinal);
    scroll.showIndex(ordinal - source.log().base);
  };
  const askServer = async (step: 1 | -1): Promise<void> => {
    const edge = step === 1 ? source.log().lines.at(-1) : source.log().lines[0];
    if (edge === undefined || searching()) return;
    setSearching(true);
    try {
      const place = await source.reader().find(text(), args.attempt(), { ...edge, step });
      setNothingFurther(place === null);
      if (place === null) return;
      const index = await source.openAt(place);
      if (index !== null) requestAnimationFrame(() => show(source.log().base + index));
    } catch (fault) {
      args.failed(fault instanceof Error ? fault.message : String(fault));
    } finally {
      setSearching(false);
    }
  };
  const step = async (step: 1 | -1): Promise<void> => {
    const { matches } = find();
    const { base, hasNewer, hasOlder } = source.log();
    const top = base + (scroll.rows.range?.startIndex ?? 0);
    const from = current() ?? (step === 1 ? top - 1 : top + 1);
    const place = stepMatch(matches, from, step);
    const found = place === null ? undefined : matches[place];
    if (found !== undefined) show(found);
    else if (text() !== "" && (step === 1 ? hasNewer : hasOlder)) await askServer(step);
    else {
      // Round the end, as people know it from their editors.
      const round = step === 1 ? matches[0] : matches.at(-1);
      if (round !== undefined) show(round);
    }
  };
  return {
    open,
    setOpen,
    text,
    setText,
    find,
    place: () => find().matches.indexOf(current() ?? NaN) + 1,
    current,
    step,
    searchOlder: () => askServer(-1),
    searching,
    nothingFurther,
  };
}
