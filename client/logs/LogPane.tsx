/** One output: only the rows in view are drawn, however many there are. */
import { createEffect, For, type JSX, Match, Show, Switch } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { LoadFault } from "../ui/faces.tsx";
import { ArrowDownToLineIcon, CircleAlertIcon } from "../ui/icons.ts";
import type { Side } from "./attempts_state.ts";
import { inLineRange } from "./line_link.ts";
import type { LogAddress } from "./log_address.ts";
import type { LogLook } from "./log_look.ts";
import { createLogReading, type LogReading } from "./log_reading.ts";
import type { LogSource } from "./log_source.ts";
import type { PageFault } from "./page_reads.ts";
import type { StyledLine } from "./log_state.ts";
import { formatMargin, startOf } from "./log_times.ts";
import { LogFindBar } from "./LogFindBar.tsx";
import { LogRow } from "./LogRow.tsx";
import { LogTools } from "./LogTools.tsx";

export function LogPane(props: {
  readonly taskRunId: string;
  readonly side: Side;
  readonly address: LogAddress;
  readonly look: LogLook;
  /** The keys are for this one. */
  readonly active: boolean;
  /** The reader's hand or focus has come here. */
  readonly entered: () => void;
  readonly name: string;
  /** What to say when there is no line, and none is coming or expected. */
  readonly nothing: string;
}): JSX.Element {
  const t = useTexts();
  let scroller: HTMLDivElement | undefined;
  const reading = createLogReading({
    taskRunId: () => props.taskRunId,
    side: props.side,
    address: props.address,
    look: props.look,
    scroller: () => scroller,
  });
  const { source, scroll, find } = reading;
  const { count, rows } = scroll;
  createEffect(() => {
    if (props.active) bindKeys(reading);
  });
  const closeFind = (): void => {
    find.setOpen(false);
    scroller?.focus();
  };
  const digits = (): number => String(source.version() >= 0 ? source.log().newest?.seq ?? 0 : 0).length;
  const behind = (): boolean =>
    count() > 0 && (!source.following().follow || (source.version() >= 0 && source.log().hasNewer));
  const title = (): string => {
    const number = reading.attempt();
    return reading.paired() && number !== null
      ? t("log.titleOfAttempt", props.name, number)
      : t("log.title", props.name);
  };

  return (
    <div
      class="log"
      classList={{ active: reading.paired() && props.active }}
      onFocusIn={() => props.entered()}
      onPointerDown={() => props.entered()}
    >
      <LogTools reading={reading} />
      <Show when={find.open()}>
        <LogFindBar find={find} hasOlder={source.version() >= 0 && source.log().hasOlder} close={closeFind} />
      </Show>
      <PageFaultLine source={source} side="older" />
      <div class="log-frame">
        <div class="log-progress" classList={{ progress: source.paging() && count() > 0 }} />
        <div
          ref={(element) => (scroller = element)}
          class="log-scroller"
          classList={{ wrapped: reading.look.wrap(), timed: reading.look.times() !== "off" }}
          role="log"
          aria-live="off"
          aria-label={title()}
          style={{ "--digits": digits() }}
          tabindex="0"
          onScroll={() => scroll.scrolled()}
          onWheel={scroll.touched}
          onTouchMove={scroll.touched}
          onPointerDown={scroll.touched}
          onPointerMove={(event) => event.buttons > 0 && scroll.touched(event)}
          onKeyDown={scroll.touched}
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
      <PageFaultLine source={source} side="newer" />
    </div>
  );
}

/** Beside the lines, where those that could not be read would have come. */
function PageFaultLine(props: { readonly source: LogSource; readonly side: PageFault["side"] }): JSX.Element {
  const t = useTexts();
  const fault = (): PageFault | null => {
    const present = props.source.pageFault();
    return present?.side === props.side ? present : null;
  };
  return (
    <Show when={fault()}>
      {(present) => (
        <div class="log-fault" role="alert" data-side={props.side}>
          <CircleAlertIcon size={14} />
          <span>
            {t(props.side === "older" ? "log.olderFailed" : "log.newerFailed", present().message)}
          </span>
          <button
            type="button"
            class="button"
            aria-disabled={props.source.paging()}
            onClick={() => !props.source.paging() && present().again()}
          >
            {t("common.retry")}
          </button>
        </div>
      )}
    </Show>
  );
}

function Row(props: {
  readonly reading: LogReading;
  readonly index: number;
  readonly start: number;
}): JSX.Element {
  const { source, scroll, find, range, look, attempts, choose } = props.reading;
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
          time={formatMargin(look.times(), line().at, startOf(attempts(), line(), scroll.line(0)))}
          needle={find.find().needle}
          current={find.current() === source.log().base + props.index}
          chosen={inLineRange(range(), line())}
          choose={(extend) => choose(line(), extend)}
          measure={(element) => look.wrap() && scroll.rows.measureElement(element)}
        />
      )}
    </Show>
  );
}

function bindKeys(reading: LogReading): void {
  const { keyboard } = useServices();
  const t = useTexts();
  const { scroll, find, look } = reading;
  keyboard.bind([
    { keys: "f", meaning: () => t("keys.follow"), run: () => void scroll.toEnd() },
    { keys: "w", meaning: () => t("keys.wrap"), run: look.toggleWrap },
    { keys: "m", meaning: () => t("keys.times"), run: look.nextTimes },
    { keys: "/", meaning: () => t("keys.findText"), run: () => find.setOpen(true) },
    { keys: "n", meaning: () => t("keys.findNext"), run: () => void find.step(1) },
    { keys: "N", meaning: () => t("keys.findPrevious"), run: () => void find.step(-1) },
    { keys: "g g", meaning: () => t("keys.logStart"), run: () => void scroll.toStart() },
    { keys: "G", meaning: () => t("keys.logEnd"), run: () => void scroll.toEnd() },
    {
      keys: "b",
      meaning: () => t("keys.beside"),
      run: () => reading.attemptCount() > 1 && reading.togglePair(),
    },
    { keys: "e", meaning: () => t("keys.firstError"), run: () => void reading.toFirstFault() },
  ]);
}
