import { For, type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { formatUtc } from "../lib/time.ts";
import { ansiSpans } from "./ansi.ts";
import { markSpans } from "./find_state.ts";
import type { StyledLine } from "./log_state.ts";
import { spanStyle } from "./span_style.ts";

/** What stands before a line that is not standard output; never colour alone. */
const marks = { STDOUT: "", STDERR: "!", SYSTEM: "•" } as const;

export function LogRow(props: {
  readonly line: StyledLine;
  /** The first line of its attempt. */
  readonly first: boolean;
  readonly index: number;
  readonly start: number;
  /** What the margin says of its time; empty for nothing. */
  readonly time: string;
  /** What is looked for, in lower case; empty for nothing. */
  readonly needle: string;
  /** The line of the current match. */
  readonly current: boolean;
  /** Named by the address. */
  readonly chosen: boolean;
  readonly choose: (extend: boolean) => void;
  readonly measure: (element: HTMLElement) => void;
}): JSX.Element {
  const t = useTexts();
  const meaning = (): string | undefined => {
    if (props.line.stream === "STDERR") return t("log.stderr");
    return props.line.stream === "SYSTEM" ? t("log.system") : undefined;
  };
  return (
    <div
      ref={(element) => queueMicrotask(() => props.measure(element))}
      class="log-row"
      classList={{ current: props.current, chosen: props.chosen }}
      data-index={props.index}
      data-seq={props.line.seq}
      data-stream={props.line.stream}
      style={{ transform: `translateY(${props.start}px)` }}
    >
      <button
        type="button"
        class="log-number"
        tabindex="-1"
        aria-label={t("log.line", props.line.seq)}
        aria-pressed={props.chosen}
        title={formatUtc(props.line.at)}
        data-number={props.line.seq}
        onClick={(event) => props.choose(event.shiftKey)}
      />
      <span class="log-time">{props.time}</span>
      <span
        class="log-mark"
        title={meaning()}
        role={meaning() === undefined ? undefined : "img"}
        aria-label={meaning()}
        data-mark={marks[props.line.stream]}
      />
      <span class="log-text">
        <Show when={props.first && props.line.attempt > 1}>
          <span class="log-attempt">{t("log.attempt", props.line.attempt)}</span>
        </Show>
        <For each={markSpans(ansiSpans(props.line.text, props.line.style), props.needle)}>
          {(span) => (
            <Show when={span.marked} fallback={<span style={spanStyle(span.style)}>{span.text}</span>}>
              <mark class="log-hit">{span.text}</mark>
            </Show>
          )}
        </For>
      </span>
    </div>
  );
}
