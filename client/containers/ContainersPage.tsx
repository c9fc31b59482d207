import { A, useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import { createLiveQuery, type LiveQuery } from "../graphql/live_query.ts";
import { createStream } from "../graphql/streams.ts";
import { titled } from "../lib/page_title.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { pageVariables, single } from "../lib/paging.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Blank, QueryFaces } from "../ui/faces.tsx";
import { PlusIcon } from "../ui/icons.ts";
import { Pager } from "../ui/Pager.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { BulkBar } from "./BulkBar.tsx";
import { ContainerFilters, filterOf } from "./ContainerFilters.tsx";
import { ContainersTable } from "./ContainersTable.tsx";
import {
  ContainerEventsDocument,
  ContainerRunEventsDocument,
  ContainersDocument,
} from "./containers_documents.ts";
import {
  applyContainerChange,
  applyRun,
  type ContainerRowData,
  type ContainersData,
  type ListView,
  readListView,
  someFireIsPast,
} from "./containers_state.ts";
import { CreateContainer } from "./NameDialog.tsx";
import { createSelection } from "./selection.ts";
import "./containers.css";

/** A list whose next fires lie in the past is read again no more often than this. */
const REREAD_MS = 5_000;

type Search = {
  q?: string;
  new?: string;
  state?: string;
  enabled?: string;
  sort?: string;
  project?: string;
  tag?: string;
  favorite?: string;
  after?: string;
  before?: string;
};
/** A filter that is taken away, and the page that no longer is what it was. */
type SearchChange = { readonly [Key in keyof Search]?: string | null };

export default function ContainersPage(): JSX.Element {
  const t = useTexts();
  const { keyboard, texts } = useServices();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams<Search>();
  const [creating, setCreating] = createSignal(false);
  const view = (): ListView =>
    readListView({
      q: single(search.q),
      state: single(search.state),
      enabled: single(search.enabled),
      sort: single(search.sort),
      project: single(search.project),
      tag: single(search.tag),
      favorite: single(search.favorite),
    });
  const show = (change: SearchChange): void => {
    setSearch({ after: null, before: null, ...change }, { replace: true });
  };
  // The palette leads here from anywhere to make one.
  createEffect(() => {
    if (search.new === undefined) return;
    setCreating(true);
    setSearch({ new: null }, { replace: true });
  });
  titled(() => [{ label: t("containers.title") }]);
  keyboard.bind([{
    keys: "n",
    meaning: () => t("keys.create"),
    changes: true,
    run: () => setCreating(true),
  }]);
  const list = createLiveQuery({
    document: ContainersDocument,
    variables: () => ({
      ...pageVariables({ after: single(search.after), before: single(search.before) }),
      filter: filterOf(view()),
      orderBy: view().order,
      language: texts.language(),
    }),
  });
  followContainers(list);
  const page = (): ContainersData["containers"] | undefined => list.data?.containers;
  const rows = (): readonly ContainerRowData[] => page()?.edges.map(({ node }) => node) ?? [];
  const selection = createSelection(() => rows().map(({ id }) => id));
  const nameOf = (id: string): string => rows().find((row) => row.id === id)?.name ?? "";

  return (
    <div class="page">
      <div class="page-head containers-head">
        <h1>{t("containers.title")}</h1>
        <span class="muted">
          <Show when={page()}>{(shown) => t("containers.count", shown().totalCount)}</Show>
        </span>
        <span class="spread" />
        <SearchField
          label={t("containers.search")}
          value={view().search}
          search={(q) => show({ q: q === "" ? null : q })}
        />
        <ChangeButton class="button primary" onClick={() => setCreating(true)}>
          <PlusIcon />
          {t("containers.create")}
        </ChangeButton>
      </div>
      <div class="containers-bar">
        <ContainerFilters view={view()} show={show} />
        <A class="link small" href="/tasks">{t("taskPage.all")}</A>
        <A class="link small" href="/import">{t("moving.link")}</A>
      </div>
      <BulkBar selection={selection} nameOf={nameOf} done={list.refetch} />
      <QueryFaces query={list} rows={8} sheet />
      <Show when={page()}>
        {(shown) => (
          <Show
            when={shown().edges.length > 0}
            fallback={
              <Empty
                view={view()}
                create={() => setCreating(true)}
              />
            }
          >
            <ContainersTable
              edges={shown().edges}
              change={list.change}
              refreshing={list.refreshing}
              selection={selection}
            />
            <Pager
              info={shown().pageInfo}
              first={search.after === undefined && search.before === undefined}
              go={(place) => setSearch({ after: null, before: null, ...place })}
            />
          </Show>
        )}
      </Show>
      <CreateContainer
        open={creating()}
        project={view().project}
        close={() => setCreating(false)}
        created={(id) => navigate(`/containers/${encodeURIComponent(id)}`)}
      />
    </div>
  );
}

function Empty(props: { readonly view: ListView; readonly create: () => void }): JSX.Element {
  const filtered = (): boolean =>
    props.view.state !== null || props.view.enabled !== null || props.view.project !== null ||
    props.view.tag !== null || props.view.favorite;
  const t = useTexts();
  const [, setSearch] = useSearchParams<Search>();
  return (
    <Show
      when={props.view.search !== "" || filtered()}
      fallback={
        <Blank title={t("containers.emptyTitle")} text={t("containers.emptyText")}>
          <ChangeButton class="button primary" onClick={() => props.create()}>
            <PlusIcon />
            {t("containers.create")}
          </ChangeButton>
        </Blank>
      }
    >
      <Blank
        title={filtered() ? t("containers.noneSoTitle") : t("containers.noMatchTitle", props.view.search)}
        text={filtered() ? t("containers.noneSoText") : t("containers.noMatchText")}
      >
        <button
          type="button"
          class="button"
          onClick={() =>
            setSearch({
              q: null,
              state: null,
              enabled: null,
              project: null,
              tag: null,
              favorite: null,
              after: null,
              before: null,
            })}
        >
          {filtered() ? t("containers.clearFilters") : t("containers.clearSearch")}
        </button>
      </Blank>
    </Show>
  );
}

/** Lets events change the list, and reads it again when they do not say enough. */
function followContainers(list: LiveQuery<ContainersData>): void {
  const { ticker, clock, texts } = useServices();
  createStream({
    document: ContainerEventsDocument,
    variables: () => ({ language: texts.language() }),
    next: ({ containerEvents }) => {
      let stale = false;
      list.change((data) => {
        for (const change of containerEvents) stale = applyContainerChange(data, change) || stale;
      });
      if (stale) list.refetch();
    },
  });
  createStream({
    document: ContainerRunEventsDocument,
    variables: () => ({}),
    next: ({ runEvents }) =>
      list.change((data) => {
        for (const { run } of runEvents) applyRun(data, run, run.container?.nextFires);
      }),
  });
  let readAt = clock();
  createEffect(on(ticker.now, (now) => {
    const rows = list.data?.containers.edges.map(({ node }) => node) ?? [];
    if (now - readAt < REREAD_MS || !someFireIsPast(rows, now)) return;
    readAt = now;
    list.refetch();
  }));
}
