import { type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { formatUtc } from "../lib/time.ts";
import { LineText, StreamMark } from "./LineText.tsx";
import type { StyledLine } from "./log_state.ts";

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
        disabled={props.line.partial ?? false}
        title={formatUtc(props.line.at)}
        data-number={props.line.partial ? "" : props.line.seq}
        onClick={(event) => props.choose(event.shiftKey)}
      />
      <span class="log-time">{props.time}</span>
      <StreamMark stream={props.line.stream} partial={props.line.partial} />
      <span class="log-text">
        <Show when={props.first && props.line.attempt > 1}>
          <span class="log-attempt">{t("log.attempt", props.line.attempt)}</span>
        </Show>
        <LineText text={props.line.text} style={props.line.style} needle={props.needle} />
      </span>
    </div>
  );
}
