import { For, type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { formatLogTime, formatUtc } from "../lib/time.ts";
import { type AnsiColour, ansiSpans, type AnsiStyle } from "./ansi.ts";
import type { StyledLine } from "./log_state.ts";

/** What stands before a line that is not standard output; never colour alone. */
const marks = { STDOUT: "", STDERR: "!", SYSTEM: "•" } as const;

export function LogRow(props: {
  readonly line: StyledLine;
  /** The first line of its attempt. */
  readonly first: boolean;
  readonly index: number;
  readonly start: number;
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
      data-index={props.index}
      data-stream={props.line.stream}
      style={{ transform: `translateY(${props.start}px)` }}
    >
      <span class="log-number" aria-hidden="true" title={formatUtc(props.line.at)}>{props.line.seq}</span>
      <span class="log-time">{formatLogTime(props.line.at)}</span>
      <span
        class="log-mark"
        title={meaning()}
        role={meaning() === undefined ? undefined : "img"}
        aria-label={meaning()}
      >
        {marks[props.line.stream]}
      </span>
      <span class="log-text">
        <Show when={props.first && props.line.attempt > 1}>
          <span class="log-attempt">{t("log.attempt", props.line.attempt)}</span>
        </Show>
        <For each={ansiSpans(props.line.text, props.line.style)}>
          {(span) => <span style={spanStyle(span.style)}>{span.text}</span>}
        </For>
      </span>
    </div>
  );
}

function spanStyle(style: AnsiStyle): JSX.CSSProperties {
  const [front, back] = style.inverse
    ? [colour(style.background) ?? "var(--sunken)", colour(style.foreground) ?? "var(--text)"]
    : [colour(style.foreground), colour(style.background)];
  const lines = [style.underline ? "underline" : "", style.strike ? "line-through" : ""].filter((line) =>
    line !== ""
  );
  return {
    ...(front === null ? {} : { color: front }),
    ...(back === null ? {} : { "background-color": back }),
    ...(style.bold ? { "font-weight": 650 } : {}),
    ...(style.dim ? { opacity: 0.7 } : {}),
    ...(style.italic ? { "font-style": "italic" } : {}),
    ...(lines.length === 0 ? {} : { "text-decoration": lines.join(" ") }),
  };
}

function colour(value: AnsiColour): string | null {
  return typeof value === "number" ? `var(--ansi-${value})` : value;
}
