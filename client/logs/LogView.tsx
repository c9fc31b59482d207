/** The output of a task run: only the rows in view are drawn, however many there are. */
import { createVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createMemo, createSignal, For, type JSX, Match, on, Show, Switch } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { LoadFault } from "../ui/faces.tsx";
import { ArrowDownToLineIcon, ClockIcon, WrapTextIcon } from "../ui/icons.ts";
import { LogRow } from "./LogRow.tsx";
import { createLogSource } from "./log_source.ts";
import { followAfterScroll, type StyledLine } from "./log_state.ts";
import "./log.css";

const ROW_PX = 18;
const OVERSCAN_ROWS = 24;
const MARGIN_PX = 6;
/** What scrolls so soon after a touch, a turn of the wheel or a key was the reader. */
const HAND_MS = 500;
const NARROW = "(max-width: 640px)";

export function LogView(props: {
  readonly taskRunId: string;
  readonly name: string;
  /** What to say when there is no line, and none is coming or expected. */
  readonly nothing: string;
}): JSX.Element {
  const { clock, keyboard, memory } = useServices();
  const t = useTexts();
  const source = createLogSource(() => props.taskRunId);
  const [wrap, setWrap] = createSignal(
    (memory.read("log.wrap") ?? String(matchMedia(NARROW).matches)) === "true",
  );
  const [times, setTimes] = createSignal(memory.read("log.times") === "true");
  let scroller: HTMLDivElement | undefined;
  let lastTop = 0;
  let touchedAt = 0;
  const touched = (): void => {
    touchedAt = clock();
  };
  const count = createMemo(() => source.version() >= 0 ? source.log().lines.length : 0, undefined, {
    equals: false,
  });
  const rows = createVirtualizer({
    get count() {
      return count();
    },
    getScrollElement: () => scroller ?? null,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    paddingStart: MARGIN_PX,
    paddingEnd: MARGIN_PX,
    // Lines that turn out higher than was thought push the others up while the end is followed.
    get anchorTo() {
      return source.following().follow ? "end" as const : "start" as const;
    },
  });
  const toEnd = (): void => {
    source.setFollowing(() => ({ follow: true, unseen: 0 }));
    rows.scrollToEnd();
  };
  // Rows are measured after they are drawn: the end moves on with them.
  createEffect(on([count, wrap, () => rows.getTotalSize()], () => {
    if (!source.following().follow) return;
    requestAnimationFrame(() => {
      if (source.following().follow) rows.scrollToEnd();
    });
  }));
  // Heights that were measured belong to these lines in this shape.
  createEffect(on([wrap, () => props.taskRunId], () => rows.measure(), { defer: true }));
  const scrolled = (): void => {
    if (scroller === undefined) return;
    const place = {
      top: scroller.scrollTop,
      height: scroller.clientHeight,
      contentHeight: scroller.scrollHeight,
    };
    const byReader = clock() - touchedAt < HAND_MS;
    source.setFollowing((state) => followAfterScroll(state, lastTop, place, byReader));
    lastTop = place.top;
  };
  const loadOlder = async (): Promise<void> => {
    const added = await source.loadOlder();
    rows.scrollToIndex(added, { align: "start" });
  };
  const toggle = (key: "wrap" | "times"): void => {
    const [value, set] = key === "wrap" ? [wrap, setWrap] as const : [times, setTimes] as const;
    set(!value());
    memory.write(`log.${key}`, String(value()));
  };
  keyboard.bind([
    { keys: "f", meaning: () => t("keys.follow"), run: toEnd },
    { keys: "w", meaning: () => t("keys.wrap"), run: () => toggle("wrap") },
  ]);
  const lastSeq = (): number => count() > 0 ? source.log().lines.at(-1)?.seq ?? 0 : 0;
  const line = (index: number): StyledLine | undefined => source.log().lines[index];

  return (
    <div class="log">
      <div class="log-tools">
        <span class="muted small">
          {source.hasOlder() ? t("log.lastLines", count()) : t("log.lines", count())}
        </span>
        <Show when={source.hasOlder()}>
          <button type="button" class="button quiet" onClick={() => void loadOlder()}>
            {t("log.older")}
          </button>
        </Show>
        <Show when={count() > 0 && source.log().dropped > 0}>
          <span class="muted small">{t("log.dropped", source.log().dropped)}</span>
        </Show>
        <span class="spread" />
        <button
          type="button"
          class="button quiet icon"
          aria-label={t("log.times")}
          title={t("log.times")}
          aria-pressed={times()}
          onClick={() => toggle("times")}
        >
          <ClockIcon size={14} />
        </button>
        <button
          type="button"
          class="button quiet icon"
          aria-label={t("log.wrap")}
          title={t("log.wrap")}
          aria-pressed={wrap()}
          onClick={() => toggle("wrap")}
        >
          <WrapTextIcon size={14} />
        </button>
      </div>
      <div
        ref={(element) => (scroller = element)}
        class="log-scroller"
        classList={{ wrapped: wrap(), timed: times() }}
        role="log"
        aria-live="off"
        aria-label={t("log.title", props.name)}
        style={{ "--digits": String(lastSeq()).length }}
        tabindex="0"
        onScroll={scrolled}
        onWheel={touched}
        onTouchMove={touched}
        onPointerDown={touched}
        onPointerMove={(event) => event.buttons > 0 && touched()}
        onKeyDown={touched}
      >
        <Switch>
          <Match when={source.error()}>
            {(message) => <LoadFault message={message()} retry={source.reload} />}
          </Match>
          <Match when={source.loading()}>
            <span class="unseen" role="status">{t("common.loading")}</span>
          </Match>
          <Match when={count() === 0}>
            <p class="log-nothing">{props.nothing}</p>
          </Match>
          <Match when={count() > 0}>
            <div class="log-lines" style={{ height: `${rows.getTotalSize()}px` }}>
              <For each={rows.getVirtualItems()}>
                {(item) => (
                  <Show when={source.version() >= 0 && line(item.index)}>
                    {(shown) => (
                      <LogRow
                        line={shown()}
                        first={line(item.index - 1)?.attempt !== shown().attempt}
                        index={item.index}
                        start={item.start}
                        measure={(element) => wrap() && rows.measureElement(element)}
                      />
                    )}
                  </Show>
                )}
              </For>
            </div>
          </Match>
        </Switch>
      </div>
      <Show when={!source.following().follow && count() > 0}>
        <button type="button" class="button log-end" onClick={toEnd}>
          <ArrowDownToLineIcon size={14} />
          {t("log.newLines", source.following().unseen)}
        </button>
      </Show>
    </div>
  );
}
