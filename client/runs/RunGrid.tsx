/** Containers by time: one look says what ran when, and what of it went wrong. */
import { A } from "@solidjs/router";
import { For, type JSX, onMount, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import { createStream } from "../graphql/streams.ts";
import { BASE_PATH } from "../lib/base_path.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { stateLooks } from "../lib/states.ts";
import { createThrottle } from "../lib/throttle.ts";
import { Blank, QueryFaces } from "../ui/faces.tsx";
import { type Grid, type GridCell, type GridRow, isNamed, layGrid } from "./grid_state.ts";
import { RunListEventsDocument, RunsDocument } from "./runs_documents.ts";
import { filterVariables, type RunsFilter } from "./runs_state.ts";
import "./grid.css";

/** As many runs as one page of the API has; a longer time shows the newest of them. */
const RUNS_READ = 500;
const REREAD_MS = 3_000;
const DAY_MS = 24 * 3_600_000;
/** Without a time chosen, a week. */
const DEFAULT_MS = 7 * DAY_MS;

export default function RunGrid(props: { readonly filter: RunsFilter }): JSX.Element {
  const t = useTexts();
  const { clock } = useServices();
  // Chosen when the filter is, so that the columns do not move while one looks.
  const opened = clock();
  const filter = (): RunsFilter => ({
    ...props.filter,
    from: props.filter.from ?? new Date(opened - DEFAULT_MS).toISOString(),
  });
  const list = createLiveQuery({
    document: RunsDocument,
    variables: () => ({
      first: RUNS_READ,
      after: null,
      last: null,
      before: null,
      filter: filterVariables(filter()),
    }),
  });
  const reread = createThrottle(list.refetch, REREAD_MS);
  createStream({
    document: RunListEventsDocument,
    variables: () => ({ containerId: props.filter.containerId }),
    next: reread,
  });
  const grid = (): Grid | null => {
    const shown = list.data?.runs.edges.map(({ node }) => node);
    if (shown === undefined) return null;
    const to = filter().to === null ? clock() : Date.parse(filter().to ?? "");
    const offsetMs = -new Date(to).getTimezoneOffset() * 60_000;
    return layGrid(shown, Date.parse(filter().from ?? ""), to, offsetMs);
  };
  return (
    <>
      <QueryFaces query={list} rows={8} sheet />
      <Show when={grid()}>
        {(laid) => (
          <Show
            when={laid().rows.length > 0}
            fallback={
              <Blank title={t("runs.noMatchTitle")} text={t("runViews.gridEmpty")}>
                <A class="button" href="/runs?view=grid">{t("runs.clear")}</A>
              </Blank>
            }
          >
            <p class="muted small grid-note">
              {t("runViews.gridOf", list.data?.runs.edges.length ?? 0)}
              <Show when={list.data?.runs.pageInfo.hasNextPage}>. {t("runViews.gridCapped")}</Show>
            </p>
            <div class="sheet grid-sheet">
              <GridTable grid={laid()} />
            </div>
          </Show>
        )}
      </Show>
    </>
  );
}

function GridTable(props: { readonly grid: Grid }): JSX.Element {
  const t = useTexts();
  const { texts } = useServices();
  const daily = (): boolean => props.grid.stepMs >= DAY_MS;
  const columnName = (at: number): string =>
    new Intl.DateTimeFormat(
      texts.language(),
      daily()
        ? { day: "numeric", month: "short" }
        : { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    ).format(at);
  const shortName = (at: number, place: number): string => {
    const date = new Date(at);
    const minuteOfDay = date.getHours() * 60 + date.getMinutes();
    if (!isNamed(minuteOfDay, place, props.grid.stepMs)) return "";
    if (daily()) return columnName(at);
    return new Intl.DateTimeFormat(
      texts.language(),
      minuteOfDay === 0
        ? { weekday: "short", day: "numeric" }
        : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    ).format(at);
  };
  let table: HTMLTableElement | undefined;
  // On a phone a few columns fit: the newest are looked for first.
  onMount(() => table?.parentElement?.scrollTo({ left: table.scrollWidth }));
  return (
    <table class="grid" ref={(element) => (table = element)}>
      <thead>
        <tr>
          <th scope="col">{t("runs.container")}</th>
          <For each={props.grid.columns}>
            {(at, place) => (
              <th scope="col" class="grid-time" title={columnName(at)}>
                <span aria-hidden="true">{shortName(at, place())}</span>
                <span class="unseen">{columnName(at)}</span>
              </th>
            )}
          </For>
        </tr>
      </thead>
      <tbody>
        <For each={props.grid.rows}>
          {(row) => (
            <tr>
              <th scope="row">
                <Show when={row.containerId} fallback={row.name}>
                  {(id) => <A data-row href={`/containers/${encodeURIComponent(id())}`}>{row.name}</A>}
                </Show>
              </th>
              <For each={row.cells}>
                {(cell, place) => (
                  <td>
                    <Cell row={row} cell={cell} from={props.grid.columns[place()] ?? 0} grid={props.grid} />
                  </td>
                )}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

function Cell(props: {
  readonly row: GridRow;
  readonly cell: GridCell;
  readonly from: number;
  readonly grid: Grid;
}): JSX.Element {
  const t = useTexts();
  const { texts } = useServices();
  const href = (): string => {
    if (props.cell.runId !== null) return `/runs/${encodeURIComponent(props.cell.runId)}`;
    const query = new URLSearchParams({
      from: new Date(props.from).toISOString(),
      to: new Date(props.from + props.grid.stepMs).toISOString(),
      ...(props.row.containerId === null ? {} : { container: props.row.containerId }),
    });
    return `/runs?${query}`;
  };
  const label = (state: NonNullable<GridCell["state"]>): string => {
    const time = new Intl.DateTimeFormat(texts.language(), { dateStyle: "medium", timeStyle: "short" })
      .format(props.from);
    const words = `${t(`states.${state}`)}${props.cell.count > 1 ? ` (${props.cell.count})` : ""}`;
    return t("runViews.cell", props.row.name, time, words);
  };
  return (
    <Show when={props.cell.state}>
      {(state) => (
        <a
          class="grid-cell"
          data-tone={stateLooks[state()].tone}
          data-state={state()}
          href={BASE_PATH + href()}
          title={label(state())}
        >
          <span aria-hidden="true">{props.cell.count > 1 ? props.cell.count : ""}</span>
          <span class="unseen">{label(state())}</span>
        </a>
      )}
    </Show>
  );
}
