/** How seven days went: outcomes by day, and the containers that stand out. */
import { A } from "@solidjs/router";
import { For, type JSX, lazy, Show, Suspense } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { useTexts } from "../lib/services.ts";
import { formatDuration, ownTimezone } from "../lib/time.ts";
import { QueryFaces } from "../ui/faces.tsx";
import { Panel } from "../ui/Panel.tsx";
import type { WeekDocument as WeekQuery } from "./overview_documents.ts";
import { WeekDocument } from "./overview_documents.ts";
import { containerHref } from "./overview_state.ts";

/** Drawing charts takes a library of its own: it comes after everything that can be read. */
const OutcomeChart = lazy(() => import("../charts/OutcomeChart.tsx"));

type WeekData = ResultOf<typeof WeekQuery>;

export function Week(): JSX.Element {
  const t = useTexts();
  const week = createLiveQuery({
    document: WeekDocument,
    variables: () => ({ timezone: ownTimezone() }),
  });
  return (
    <div class="overview-week">
      <Panel title={t("overview.outcomes")}>
        <QueryFaces query={week} rows={4} />
        <Show when={week.data?.runOutcomes}>
          {(days) => (
            <Show
              when={days().some(({ succeeded, failed, cancelled }) => succeeded + failed + cancelled > 0)}
              fallback={<p class="calm muted">{t("overview.noOutcomes")}</p>}
            >
              <div class="chart-place">
                <Suspense>
                  <OutcomeChart days={days()} />
                </Suspense>
              </div>
            </Show>
          )}
        </Show>
      </Panel>
      <Panel title={t("overview.slowest")}>
        <Slowest figures={week.data?.containerFigures.slowest} />
      </Panel>
      <Panel title={t("overview.flakiest")}>
        <Flakiest figures={week.data?.containerFigures.flakiest} />
      </Panel>
    </div>
  );
}

function Slowest(
  props: { readonly figures: WeekData["containerFigures"]["slowest"] | undefined },
): JSX.Element {
  const t = useTexts();
  const longest = (): number => props.figures?.[0]?.medianSeconds ?? 1;
  return (
    <Show
      when={(props.figures?.length ?? 0) > 0}
      fallback={<p class="calm muted">{props.figures === undefined ? "" : t("overview.noSlowest")}</p>}
    >
      <ul class="lines">
        <For each={props.figures}>
          {(figure) => (
            <li
              class="line measured"
              data-tone="running"
              style={{ "--share": String((figure.medianSeconds ?? 0) / longest()) }}
            >
              <A class="line-name" href={containerHref(figure.container.id)}>{figure.container.name}</A>
              <span class="spread" />
              <span title={t("overview.median")}>{formatDuration((figure.medianSeconds ?? 0) * 1000)}</span>
              <span class="muted small">
                {t("overview.p95")} {formatDuration((figure.p95Seconds ?? 0) * 1000)}
              </span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

function Flakiest(
  props: { readonly figures: WeekData["containerFigures"]["flakiest"] | undefined },
): JSX.Element {
  const t = useTexts();
  return (
    <Show
      when={(props.figures?.length ?? 0) > 0}
      fallback={<p class="calm muted">{props.figures === undefined ? "" : t("overview.noFlakiest")}</p>}
    >
      <ul class="lines">
        <For each={props.figures}>
          {(figure) => (
            <li
              class="line measured"
              data-tone="failed"
              style={{ "--share": String(figure.failed / figure.runs) }}
            >
              <A class="line-name" href={containerHref(figure.container.id)}>{figure.container.name}</A>
              <span class="spread" />
              <span>{Math.round((100 * figure.failed) / figure.runs)} %</span>
              <span class="muted small">
                {t("overview.failedOf", figure.failed, figure.runs)}
              </span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
