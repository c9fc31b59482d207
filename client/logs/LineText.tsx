/** A line of output as it is drawn everywhere: its colours, what is looked for in it, and what stands before it. */
import { For, type JSX, Show } from "solid-js";
import type { LogStream } from "../../schema/states.ts";
import { useTexts } from "../lib/services.ts";
import { ansiSpans, type AnsiStyle } from "./ansi.ts";
import { markSpans } from "./find_state.ts";
import { spanStyle } from "./span_style.ts";
import "./log.css";

/** What stands before a line that is not standard output; never colour alone. */
const marks = { STDOUT: "", STDERR: "!", SYSTEM: "•" } as const;

export function StreamMark(
  props: { readonly stream: LogStream; readonly partial?: boolean | undefined },
): JSX.Element {
  const t = useTexts();
  const meaning = (): string | undefined => {
    if (props.partial) return t("log.partial");
    if (props.stream === "STDERR") return t("log.stderr");
    return props.stream === "SYSTEM" ? t("log.system") : undefined;
  };
  return (
    <span
      class="log-mark"
      title={meaning()}
      role={meaning() === undefined ? undefined : "img"}
      aria-label={meaning()}
      data-mark={props.partial ? "…" : marks[props.stream]}
    />
  );
}

export function LineText(props: {
  readonly text: string;
  readonly style: AnsiStyle;
  /** What is looked for, in lower case. */
  readonly needle?: string;
}): JSX.Element {
  return (
    <For each={markSpans(ansiSpans(props.text, props.style), props.needle ?? "")}>
      {(span) => (
        <Show when={span.marked} fallback={<span style={spanStyle(span.style)}>{span.text}</span>}>
          <mark class="log-hit">{span.text}</mark>
        </Show>
      )}
    </For>
  );
}
