/** Runs of each day by how they ended, stacked; beside it, for whoever cannot see it, the same as a table. */
import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from "chart.js";
import { createEffect, For, type JSX, on, onCleanup, onMount } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { readChartColours } from "./chart_colours.ts";

interface DayOutcome {
  readonly day: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
}

const outcomes = [
  { key: "succeeded", state: "SUCCEEDED" },
  { key: "failed", state: "FAILED" },
  { key: "cancelled", state: "CANCELLED" },
] as const;

export default function OutcomeChart(props: { readonly days: readonly DayOutcome[] }): JSX.Element {
  const t = useTexts();
  const { theme, texts } = useServices();
  let canvas: HTMLCanvasElement | undefined;
  const dayName = (day: string): string =>
    new Intl.DateTimeFormat(texts.language(), { weekday: "short", day: "numeric", timeZone: "UTC" })
      .format(new Date(`${day}T00:00:00Z`));
  onMount(() => {
    if (canvas === undefined) return;
    Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);
    const chart = new Chart(canvas, {
      type: "bar",
      data: { labels: [], datasets: [] },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        scales: { x: { stacked: true }, y: { stacked: true, beginAtZero: true, ticks: { precision: 0 } } },
      },
    });
    createEffect(on([() => props.days, theme.theme, texts.language], () => draw(chart)));
    onCleanup(() => chart.destroy());
  });
  function draw(chart: Chart<"bar">): void {
    const colours = readChartColours();
    chart.data = {
      labels: props.days.map(({ day }) => dayName(day)),
      datasets: outcomes.map(({ key, state }) => ({
        label: t(`states.${state}`),
        data: props.days.map((day) => day[key]),
        backgroundColor: colours.tone(key),
        maxBarThickness: 34,
        borderRadius: 2,
      })),
    };
    chart.options.color = colours.muted;
    const scales = chart.options.scales;
    for (const scale of [scales?.x, scales?.y]) {
      if (scale?.ticks) Object.assign(scale.ticks, { color: colours.muted, font: colours.font });
      if (scale?.grid) scale.grid.color = colours.line;
      if (scale?.border) scale.border.color = colours.line;
    }
    if (scales?.x?.grid) scales.x.grid.display = false;
    chart.update("none");
  }
  return (
    <>
      <div class="chart-canvas">
        <canvas ref={(element) => (canvas = element)} aria-hidden="true" />
      </div>
      <div class="chart-legend" aria-hidden="true">
        <For each={outcomes}>
          {({ key, state }) => (
            <span data-tone={key}>
              <span class="chart-key" />
              {t(`states.${state}`)}
            </span>
          )}
        </For>
      </div>
      <table class="unseen">
        <caption>{t("overview.outcomes")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("overview.day")}</th>
            <For each={outcomes}>{({ state }) => <th scope="col">{t(`states.${state}`)}</th>}</For>
          </tr>
        </thead>
        <tbody>
          <For each={props.days}>
            {(day) => (
              <tr>
                <th scope="row">{day.day}</th>
                <For each={outcomes}>{({ key }) => <td>{day[key]}</td>}</For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </>
  );
}
