/** Scrolling through an output: rows in view, pages read as an end comes near, the end followed until the reader leaves. */
import { createVirtualizer, type Virtualizer } from "@tanstack/solid-virtual";
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup, untrack } from "solid-js";
import { useServices } from "../lib/services.ts";
import { followAfterScroll, followingEnd } from "./following_state.ts";
import type { LogSource } from "./log_source.ts";
import { createReadingHand } from "./reading_hand.ts";
import { countRows, type LinePlace, rowAt, type StyledLine } from "./log_state.ts";

const OVERSCAN_ROWS = 16;
const MARGIN_PX = 6;
/** So near to an end of what is held the next page is read: more than a turn of the wheel passes while it comes. */
const NEAR_ROWS = 1000;

export interface LogScroll {
  readonly rows: Virtualizer<HTMLDivElement, Element>;
  readonly count: Accessor<number>;
  readonly line: (index: number) => StyledLine | undefined;
  readonly scrolled: () => void;
  /** The reader's hand is on it. */
  readonly touched: (event: Event) => void;
  readonly toStart: () => Promise<void>;
  readonly toEnd: () => Promise<void>;
  readonly showIndex: (index: number) => void;
  /** Answers false when there is no such line; throws when the server gave no answer. */
  readonly showLine: (place: LinePlace) => Promise<boolean>;
  readonly loadOlder: () => Promise<void>;
}

export function createLogScroll(args: {
  readonly source: LogSource;
  readonly wrap: Accessor<boolean>;
  readonly scroller: () => HTMLDivElement | undefined;
  /** Lines that "load older" puts in front. */
  readonly olderLines: number;
}): LogScroll {
  const { source, wrap, scroller } = args;
  const { clock } = useServices();
  const rowPx = createRowHeight();
  let lastTop = 0;
  const hand = createReadingHand(clock);
  const count = createMemo(() => source.version() >= 0 ? countRows(source.log()) : 0, undefined, {
    equals: false,
  });
  const rows = createVirtualizer<HTMLDivElement, Element>({
    get count() {
      return count();
    },
    getScrollElement: () => scroller() ?? null,
    estimateSize: () => untrack(rowPx),
    // A line keeps its key, and with it its measured height, while pages come and go around it.
    get getItemKey() {
      const { base } = source.log();
      return (index: number): number => base + index;
    },
    overscan: OVERSCAN_ROWS,
    paddingStart: MARGIN_PX,
    paddingEnd: MARGIN_PX,
    // Lines that turn out higher than was thought push the others up while the end is followed.
    get anchorTo() {
      return source.following().follow ? "end" as const : "start" as const;
    },
  });
  const follows = (): boolean => source.following().follow;
  const letGo = (): void => source.setFollowing((state) => ({ ...state, follow: false }));

  // What is read stays under the eye when lines in front of it come or go.
  const place = { log: untrack(source.log), ordinal: 0, start: 0 };
  let keeping = false;
  const notePlace = (): void => {
    if (keeping) return;
    const item = rows.getVirtualItemForOffset(scroller()?.scrollTop ?? 0);
    const log = untrack(source.log);
    if (item !== undefined) Object.assign(place, { log, ordinal: log.base + item.index, start: item.start });
  };
  const keepPlace = (): void => {
    const log = source.log();
    const element = scroller();
    // Asked first: what it answers from is then up to date.
    const first = rows.getVirtualItemForOffset(0);
    const moved = rows.measurementsCache[place.ordinal - log.base];
    if (
      element !== undefined && first !== undefined && moved !== undefined && place.log === log && !follows()
    ) {
      const by = moved.start - place.start;
      if (Math.abs(by) >= untrack(rowPx)) element.scrollTop += by;
    }
    keeping = false;
    notePlace();
  };
  // Once the rows have their new height: before that there is nowhere to scroll to.
  createEffect(on(source.version, () => {
    if (keeping) return;
    keeping = true;
    queueMicrotask(keepPlace);
  }, { defer: true }));

  // Rows are measured after they are drawn: the end moves on with them.
  createEffect(on([count, wrap, () => rows.getTotalSize()], () => {
    if (!follows()) return;
    requestAnimationFrame(() => {
      if (follows()) rows.scrollToEnd();
    });
  }));
  // Heights that were measured belong to these lines in this shape.
  createEffect(on([wrap, rowPx], () => rows.measure(), { defer: true }));
  // Who follows the end wants to be there, also when lines came faster than pages.
  createEffect(() => {
    if (source.paging() || source.pageFault() !== null) return;
    if (source.version() >= 0 && follows() && source.log().hasNewer) void source.newer();
  });
  const readNear = (): void => {
    const log = source.log();
    const element = scroller();
    // A page that failed is read again when the reader says so, not with every turn of the wheel.
    if (source.paging() || source.pageFault() !== null) return;
    if (element === undefined || log.lines.length === 0) return;
    const startIndex = rows.getVirtualItemForOffset(element.scrollTop)?.index ?? 0;
    const endIndex = rows.getVirtualItemForOffset(element.scrollTop + element.clientHeight)?.index ?? 0;
    if (log.hasOlder && !follows() && startIndex < Math.min(NEAR_ROWS, log.lines.length / 4)) {
      void source.older();
    } else if (log.hasNewer && endIndex > log.lines.length - NEAR_ROWS) void source.newer();
  };
  // A page that has come may still be too little for a reader in a hurry.
  createEffect(on(source.paging, (paging) => {
    if (!paging) requestAnimationFrame(readNear);
  }, { defer: true }));

  const showIndex = (index: number): void => {
    letGo();
    rows.scrollToIndex(index, { align: "center" });
  };
  const toStart = async (): Promise<void> => {
    letGo();
    if (source.log().hasOlder && !await source.openStart(() => void toStart())) return;
    rows.scrollToOffset(0);
  };
  const toEnd = async (): Promise<void> => {
    if (source.log().hasNewer && !await source.openEnd(() => void toEnd())) return;
    source.setFollowing(() => followingEnd);
    rows.scrollToEnd();
  };
  return {
    rows,
    count,
    line: (index) => rowAt(source.log(), index),
    touched: (event) => {
      if (hand.note(event) === "up" && lastTop > 0) letGo();
    },
    scrolled: () => {
      const element = scroller();
      if (element === undefined) return;
      const { scrollTop: top, clientHeight: height, scrollHeight: contentHeight } = element;
      const atRealEnd = !source.log().hasNewer;
      source.setFollowing((state) => {
        const next = followAfterScroll(state, lastTop, { top, height, contentHeight }, hand.now());
        return next.follow && !state.follow && !atRealEnd ? state : next;
      });
      lastTop = top;
      notePlace();
      readNear();
    },
    toStart,
    toEnd,
    showIndex,
    showLine: async (place) => {
      letGo();
      const index = await source.openAt(place);
      if (index === null) return false;
      // The rows of a window that was just opened are counted first.
      requestAnimationFrame(() => showIndex(index));
      return true;
    },
    loadOlder: async () => {
      letGo();
      const added = await source.older(args.olderLines);
      if (added > 0) rows.scrollToIndex(added, { align: "start" });
    },
  };
}

/** How high a line is that is not broken: the styles say so, and say more on a larger screen. */
function createRowHeight(): Accessor<number> {
  const read = (): number =>
    parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--log-row"));
  const [height, setHeight] = createSignal(read());
  const resized = (): void => void setHeight(read());
  addEventListener("resize", resized);
  onCleanup(() => removeEventListener("resize", resized));
  return height;
}
