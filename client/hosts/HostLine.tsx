import { type JSX, Show } from "solid-js";
import type { Tone } from "../lib/states.ts";
import { useTexts } from "../lib/services.ts";
import { HISTORY_MS, linePath, type Point } from "./host_state.ts";

const WIDTH = 320;
const HEIGHT = 48;

/** One figure: its name, its value now, and the line of the last hour. */
export function HostLine(props: {
  readonly name: string;
  readonly now: string;
  readonly points: readonly Point[];
  /** The value at the top of the box; of more it is the greatest that was seen. */
  readonly top: number;
  readonly tone: Tone;
  readonly write: (value: number) => string;
}): JSX.Element {
  const t = useTexts();
  const values = (): readonly number[] => props.points.map(({ value }) => value);
  const top = (): number => Math.max(props.top, ...values());
  const path = (): string =>
    linePath(props.points, {
      width: WIDTH,
      height: HEIGHT,
      to: props.points.at(-1)?.at ?? 0,
      top: top(),
    });
  const label = (): string =>
    t("hosts.historyOf", props.name, props.write(Math.min(...values())), props.write(Math.max(...values())));
  const reach = (): number => {
    const [first, last] = [props.points[0], props.points.at(-1)];
    return first === undefined || last === undefined ? 0 : (last.at - first.at) / HISTORY_MS;
  };
  return (
    <div class="host-line" data-tone={props.tone}>
      <span class="muted small">{props.name}</span>
      <strong class="host-now">{props.now}</strong>
      <Show
        when={props.points.length > 1}
        fallback={<span class="muted small host-none">{t("hosts.noHistory")}</span>}
      >
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={label()}
          data-reach={reach().toFixed(2)}
        >
          <title>{label()}</title>
          <path d={path()} vector-effect="non-scaling-stroke" />
        </svg>
      </Show>
    </div>
  );
}
