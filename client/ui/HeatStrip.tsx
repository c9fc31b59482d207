/**
 * The last runs as bars, the oldest left: colour and word tell how each ended, height how long it took. The strip as a
 * whole is one link; the arrow keys walk along its runs, and Enter or a click opens the one that is marked.
 */
import { useNavigate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import { BASE_PATH } from "../lib/base_path.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { stateLooks } from "../lib/states.ts";
import { formatDuration, formatLocal } from "../lib/time.ts";
import { type HeatRun, layHeat, summariseRuns } from "./heat_state.ts";
import "./heat.css";

/** Bars of a full strip; what is missing is drawn as places to come. */
const PLACES = 20;

export function HeatStrip(props: {
  /** Newest first, as the server gives them. */
  readonly runs: readonly HeatRun[];
  readonly label: string;
  /** Where the strip as a whole leads. */
  readonly href: string;
}): JSX.Element {
  const t = useTexts();
  const { texts, clock } = useServices();
  const navigate = useNavigate();
  const [marked, setMarked] = createSignal<number | null>(null);
  const bars = (): ReturnType<typeof layHeat> => layHeat(props.runs, clock());
  const describe = (run: HeatRun): string => {
    const { durationMs } = layHeat([run], clock())[0] ?? { durationMs: null };
    return [
      t(`states.${run.state}`),
      formatLocal(run.createdAt, clock(), texts.language()),
      ...(durationMs === null ? [] : [formatDuration(durationMs)]),
    ].join(", ");
  };
  const label = (): string => {
    const place = marked();
    const bar = place === null ? undefined : bars()[place];
    return bar === undefined
      ? `${props.label}: ${summarise(t, props.runs)}`
      : `${props.label}: ${describe(bar.run)}`;
  };
  const walk = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (step === 0 || bars().length === 0) return;
    event.preventDefault();
    const last = bars().length - 1;
    setMarked((place) => place === null ? last : Math.min(last, Math.max(0, place + step)));
  };
  const open = (event: MouseEvent): void => {
    const id = event.target instanceof Element ? event.target.getAttribute("data-run") : null;
    const place = marked();
    const run = id ?? (event.detail === 0 && place !== null ? bars()[place]?.run.id : undefined);
    if (run === undefined || run === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate(`/runs/${encodeURIComponent(run)}`);
  };
  return (
    <a
      class="heat above"
      href={BASE_PATH + props.href}
      aria-label={label()}
      onKeyDown={walk}
      onClick={open}
      onBlur={() => setMarked(null)}
    >
      <For each={Array.from({ length: Math.max(0, PLACES - bars().length) })}>
        {() => <span class="heat-place" />}
      </For>
      <For each={bars()}>
        {(bar, place) => (
          <span
            class="heat-bar"
            data-tone={stateLooks[bar.run.state].tone}
            data-state={bar.run.state}
            data-run={bar.run.id}
            classList={{ marked: marked() === place() }}
            style={{ "--level": bar.level.toFixed(2) }}
            title={describe(bar.run)}
          />
        )}
      </For>
      <Show when={marked() !== null}>
        <span class="unseen" role="status">{label()}</span>
      </Show>
    </a>
  );
}

function summarise(t: ReturnType<typeof useTexts>, runs: readonly HeatRun[]): string {
  const counts = summariseRuns(runs);
  if (counts.length === 0) return t("heat.none");
  return counts.map(({ state, count }) => `${count} ${t(`states.${state}`)}`).join(", ");
}
