/** The output of a task run: only the rows in view are drawn, however many there are. */
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { LoadFault } from "../ui/faces.tsx";
import { ArrowDownToLineIcon } from "../ui/icons.ts";
import { inLineRange } from "./line_link.ts";
import { createLogReading, type LogReading } from "./log_reading.ts";
import type { StyledLine } from "./log_state.ts";
import { formatMargin, nextTimesMode, startOf } from "./log_times.ts";
import { LogFindBar } from "./LogFindBar.tsx";
import { LogRow } from "./LogRow.tsx";
import { LogTools } from "./LogTools.tsx";
import "./log.css";

export function LogView(props: {
  readonly taskRunId: string;
  readonly name: string;
  /** What to say when there is no line, and none is coming or expected. */
  readonly nothing: string;
}): JSX.Element {
  const t = useTexts();
  let scroller: HTMLDivElement | undefined;
  const reading = createLogReading(() => props.taskRunId, () => scroller);
  const { source, scroll, find } = reading;
  const { count, rows } = scroll;
  bindKeys(reading);
  const closeFind = (): void => {
    find.setOpen(false);
    scroller?.focus();
  };
  const digits = (): number => String(source.version() >= 0 ? source.log().newest?.seq ?? 0 : 0).length;
  const behind = (): boolean =>
    count() > 0 && (!source.following().follow || (source.version() >= 0 && source.log().hasNewer));

  return (
    <div class="log">
      <LogTools reading={reading} />
      <Show when={find.open()}>
        <LogFindBar find={find} hasOlder={source.version() >= 0 && source.log().hasOlder} close={closeFind} />
      </Show>
      <div class="log-progress" classList={{ progress: source.paging() && count() > 0 }} />
      <div
        ref={(element) => (scroller = element)}
        class="log-scroller"
        classList={{ wrapped: reading.wrap(), timed: reading.times() !== "off" }}
        role="log"
        aria-live="off"
        aria-label={t("log.title", props.name)}
        style={{ "--digits": digits() }}
        tabindex="0"
        onScroll={() => scroll.scrolled()}
        onWheel={() => scroll.touched()}
        onTouchMove={() => scroll.touched()}
        onPointerDown={() => scroll.touched()}
        onPointerMove={(event) => event.buttons > 0 && scroll.touched()}
        onKeyDown={() => scroll.touched()}
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
                {(item) => <Row reading={reading} index={item.index} start={item.start} />}
              </For>
            </div>
          </Match>
        </Switch>
      </div>
      <Show when={behind()}>
        <button type="button" class="button log-end" onClick={() => void scroll.toEnd()}>
          <ArrowDownToLineIcon size={14} />
          {t("log.newLines", source.following().unseen)}
        </button>
      </Show>
    </div>
  );
}

function Row(props: {
  readonly reading: LogReading;
  readonly index: number;
  readonly start: number;
}): JSX.Element {
  const { source, scroll, find, range, times, attempts, wrap, choose } = props.reading;
  const shown = (): StyledLine | undefined => source.version() >= 0 ? scroll.line(props.index) : undefined;
  const before = (): StyledLine | undefined => scroll.line(props.index - 1);
  return (
    <Show when={shown()}>
      {(line) => (
        <LogRow
          line={line()}
          first={before()?.attempt !== line().attempt}
          index={props.index}
          start={props.start}
          time={formatMargin(times(), line().at, startOf(attempts(), line(), scroll.line(0)))}
          needle={find.find().needle}
          current={find.current() === source.log().base + props.index}
          chosen={inLineRange(range(), line())}
          choose={(extend) => choose(line(), extend)}
          measure={(element) => wrap() && scroll.rows.measureElement(element)}
        />
      )}
    </Show>
  );
}

function bindKeys(reading: LogReading): void {
  const { keyboard } = useServices();
  const t = useTexts();
  const { scroll, find } = reading;
  keyboard.bind([
    { keys: "f", meaning: () => t("keys.follow"), run: () => void scroll.toEnd() },
    { keys: "w", meaning: () => t("keys.wrap"), run: reading.toggleWrap },
    {
      keys: "m",
      meaning: () => t("keys.times"),
      run: () => reading.setTimes(nextTimesMode(reading.times())),
    },
    { keys: "/", meaning: () => t("keys.findText"), run: () => find.setOpen(true) },
    { keys: "n", meaning: () => t("keys.findNext"), run: () => void find.step(1) },
    { keys: "N", meaning: () => t("keys.findPrevious"), run: () => void find.step(-1) },
    { keys: "g g", meaning: () => t("keys.logStart"), run: () => void scroll.toStart() },
    { keys: "G", meaning: () => t("keys.logEnd"), run: () => void scroll.toEnd() },
    { keys: "e", meaning: () => t("keys.firstError"), run: () => void reading.toFirstFault() },
  ]);
}
