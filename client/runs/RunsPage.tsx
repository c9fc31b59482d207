import { useSearchParams } from "@solidjs/router";
import { createQuery } from "@urql/solid";
import { For, type JSX, Show } from "solid-js";
import { type RunState, runStates } from "../../schema/states.ts";
import { faultMessage } from "../graphql/refusals.ts";
import { useTexts } from "../lib/services.ts";
import { onFirstPage, pageVariables, single } from "../lib/paging.ts";
import { titled } from "../shell/page_title.ts";
import { Blank, LoadFault, Skeleton } from "../ui/faces.tsx";
import { Pager } from "../ui/Pager.tsx";
import { Select } from "../ui/Select.tsx";
import { StateIcon } from "../ui/State.tsx";
import { createRunList } from "./run_list.ts";
import { ContainerNamesDocument } from "./runs_documents.ts";
import { readRunsFilter, type RunsFilter, toggleState, writeStates } from "./runs_state.ts";
import { RunsTable } from "./RunsTable.tsx";
import "./runs.css";

type Search = { state?: string; container?: string; after?: string; before?: string };

export default function RunsPage(): JSX.Element {
  const t = useTexts();
  const [search, setSearch] = useSearchParams<Search>();
  titled(() => [{ label: t("runs.title") }]);
  const filter = (): RunsFilter => readRunsFilter(single(search.state), single(search.container));
  const place = (): { after?: string; before?: string } => {
    const [after, before] = [single(search.after), single(search.before)];
    return { ...(after === undefined ? {} : { after }), ...(before === undefined ? {} : { before }) };
  };
  const runs = createRunList({
    filter,
    page: () => pageVariables(place()),
    onTop: () => onFirstPage(place()),
  });
  const filtered = (): boolean => filter().states.length > 0 || filter().containerId !== null;
  const clear = (): void => {
    setSearch({ state: null, container: null, after: null, before: null });
  };
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("runs.title")}</h1>
        <span class="muted">
          <Show when={runs.list.data}>{(data) => t("runs.total", data().runs.totalCount)}</Show>
        </span>
      </div>
      <Filters filter={filter()} set={(fields) => setSearch({ after: null, before: null, ...fields })} />
      <Show when={runs.list.error && runs.list.data === undefined}>
        <LoadFault message={faultMessage(runs.list.error)} retry={runs.list.refetch} />
      </Show>
      <Show when={runs.list.loading}>
        <div class="sheet">
          <Skeleton rows={10} />
        </div>
      </Show>
      <Show when={runs.list.data?.runs}>
        {(shown) => (
          <Show
            when={shown().edges.length > 0 || runs.fresh().length > 0}
            fallback={<Empty filtered={filtered()} clear={clear} />}
          >
            <RunsTable
              runs={shown().edges}
              refreshing={runs.list.refreshing}
              fresh={runs.fresh().length}
              showFresh={runs.showFresh}
            />
            <Pager
              info={shown().pageInfo}
              first={onFirstPage(place())}
              go={(next) => setSearch({ after: null, before: null, ...next })}
            />
          </Show>
        )}
      </Show>
    </div>
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

function Filters(props: {
  readonly filter: RunsFilter;
  readonly set: (fields: { state?: string | null; container?: string | null }) => void;
}): JSX.Element {
  const t = useTexts();
  const [names] = createQuery({ query: ContainerNamesDocument, variables: {} });
  const containers = (): readonly { readonly id: string; readonly name: string }[] =>
    names.data?.containers.edges.map(({ node }) => node) ?? [];
  // One that a link names may be beyond the names that were read.
  const containerIds = (): readonly string[] => {
    const named = props.filter.containerId;
    return [...new Set(["", ...containers().map(({ id }) => id), ...(named === null ? [] : [named])])];
  };
  const nameOf = (id: string): string =>
    id === ""
      ? t("runs.anyContainer")
      : containers().find((container) => container.id === id)?.name ?? t("runs.oneContainer");
  const toggle = (state: RunState): void => {
    props.set({ state: writeStates(toggleState(props.filter.states, state)) });
  };
  return (
    <div class="toolbar runs-filters">
      <div class="segments" role="group" aria-label={t("runs.filterState")}>
        <button
          type="button"
          class="segment"
          aria-pressed={props.filter.states.length === 0}
          onClick={() => props.set({ state: null })}
        >
          {t("runs.all")}
        </button>
        <For each={runStates}>
          {(state) => (
            <button
              type="button"
              class="segment"
              aria-pressed={props.filter.states.includes(state)}
              onClick={() => toggle(state)}
            >
              <StateIcon state={state} size={13} still />
              <span class="segment-word">{t(`states.${state}`)}</span>
            </button>
          )}
        </For>
      </div>
      <Select
        class="runs-container"
        label={t("runs.filterContainer")}
        value={props.filter.containerId ?? ""}
        options={containerIds()}
        nameOf={nameOf}
        change={(id) => props.set({ container: id === "" ? null : id })}
      />
    </div>
  );
}
