import { useSearchParams } from "@solidjs/router";
import { createMemo, For, type JSX, lazy, Match, Show, Suspense, Switch, untrack } from "solid-js";
import { titled } from "../lib/page_title.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { onFirstPage, pageVariables, single } from "../lib/paging.ts";
import { Blank, QueryFaces, Skeleton } from "../ui/faces.tsx";
import { Pager } from "../ui/Pager.tsx";
import { createRunList } from "./run_list.ts";
import { RunFilters } from "./RunFilters.tsx";
import { readRunsFilter, readSpan, type RunsFilter } from "./runs_state.ts";
import { RunsTable } from "./RunsTable.tsx";
import "./runs.css";

const RunGrid = lazy(() => import("./RunGrid.tsx"));
const RunCalendar = lazy(() => import("./RunCalendar.tsx"));

type Search = {
  state?: string;
  container?: string;
  cause?: string;
  span?: string;
  from?: string;
  to?: string;
  view?: string;
  after?: string;
  before?: string;
};
const views = ["list", "grid", "calendar"] as const;
const noFilter = { state: null, container: null, cause: null, span: null, from: null, to: null } as const;

export default function RunsPage(): JSX.Element {
  const t = useTexts();
  const { clock } = useServices();
  const [search, setSearch] = useSearchParams<Search>();
  titled(() => [{ label: t("runs.title") }]);
  // A memo, so that a span begins when it is chosen and not anew with every look.
  const filter = createMemo(() => {
    const address = {
      state: single(search.state),
      container: single(search.container),
      cause: single(search.cause),
      span: single(search.span),
      from: single(search.from),
      to: single(search.to),
    };
    return untrack(() => readRunsFilter(address, clock()));
  });
  const view = (): typeof views[number] => views.find((known) => known === search.view) ?? "list";
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("runs.title")}</h1>
        <span class="spread" />
        <div class="segments" role="group" aria-label={t("runViews.label")}>
          <For each={views}>
            {(name) => (
              <button
                type="button"
                class="segment"
                aria-pressed={view() === name}
                onClick={() => setSearch({ view: name === "list" ? null : name, after: null, before: null })}
              >
                {t(`runViews.${name}`)}
              </button>
            )}
          </For>
        </div>
      </div>
      <Show when={view() !== "calendar"}>
        <RunFilters
          filter={filter()}
          span={readSpan(single(search.span))}
          ranged={single(search.from) !== undefined || single(search.to) !== undefined}
          set={(change) => setSearch({ after: null, before: null, ...change })}
        />
      </Show>
      <Switch fallback={<RunsList filter={filter()} />}>
        <Match when={view() === "grid"}>
          <Suspense fallback={<Skeleton rows={8} />}>
            <Show when={filter()} keyed>{(shown) => <RunGrid filter={shown} />}</Show>
          </Suspense>
        </Match>
        <Match when={view() === "calendar"}>
          <Suspense fallback={<Skeleton rows={8} />}>
            <RunCalendar />
          </Suspense>
        </Match>
      </Switch>
    </div>
  );
}

function RunsList(props: { readonly filter: RunsFilter }): JSX.Element {
  const t = useTexts();
  const [search, setSearch] = useSearchParams<Search>();
  const place = (): { after?: string; before?: string } => {
    const [after, before] = [single(search.after), single(search.before)];
    return { ...(after === undefined ? {} : { after }), ...(before === undefined ? {} : { before }) };
  };
  const runs = createRunList({
    filter: () => props.filter,
    page: () => pageVariables(place()),
    onTop: () => onFirstPage(place()),
  });
  const filtered = (): boolean => {
    const { states, containerId, cause, from, to } = props.filter;
    return states.length > 0 || [containerId, cause, from, to].some((part) => part !== null);
  };
  return (
    <>
      <QueryFaces query={runs.list} rows={10} sheet />
      <Show when={runs.list.data?.runs}>
        {(shown) => (
          <Show
            when={shown().edges.length > 0 || runs.fresh().length > 0}
            fallback={
              <Empty
                filtered={filtered()}
                clear={() => setSearch({ ...noFilter, after: null, before: null })}
              />
            }
          >
            <RunsTable
              runs={shown().edges}
              refreshing={runs.list.refreshing}
              fresh={runs.fresh().length}
              showFresh={runs.showFresh}
            />
            <div class="runs-foot">
              <span class="muted">{t("runs.total", shown().totalCount)}</span>
              <Pager
                info={shown().pageInfo}
                first={onFirstPage(place())}
                go={(next) => setSearch({ after: null, before: null, ...next })}
              />
            </div>
          </Show>
        )}
      </Show>
    </>
  );
}

function Empty(props: { readonly filtered: boolean; readonly clear: () => void }): JSX.Element {
  const t = useTexts();
  return (
    <Show when={props.filtered} fallback={<Blank title={t("runs.emptyTitle")} text={t("runs.emptyText")} />}>
      <Blank title={t("runs.noMatchTitle")} text={t("runs.noMatchText")}>
        <button
          type="button"
          class="button"
          onClick={() =>
            props.clear()}
        >
          {t("runs.clear")}
        </button>
      </Blank>
    </Show>
  );
}
