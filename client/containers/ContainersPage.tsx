import { useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import { createLiveQuery, type LiveQuery } from "../graphql/live_query.ts";
import { faultMessage } from "../graphql/refusals.ts";
import { createStream } from "../graphql/streams.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { pageVariables, single } from "../lib/paging.ts";
import { titled } from "../shell/page_title.ts";
import { Blank, LoadFault, Skeleton } from "../ui/faces.tsx";
import { PlusIcon } from "../ui/icons.ts";
import { Pager } from "../ui/Pager.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { ContainersTable } from "./ContainersTable.tsx";
import {
  ContainerEventsDocument,
  ContainerRunEventsDocument,
  ContainersDocument,
} from "./containers_documents.ts";
import { applyContainerChange, applyRun, type ContainersData, someFireIsPast } from "./containers_state.ts";
import { CreateContainer } from "./NameDialog.tsx";
import "./containers.css";

/** A list whose next fires lie in the past is read again no more often than this. */
const REREAD_MS = 5_000;

type Search = { q?: string; after?: string; before?: string };

export default function ContainersPage(): JSX.Element {
  const t = useTexts();
  const { keyboard } = useServices();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams<Search>();
  const [creating, setCreating] = createSignal(false);
  const searched = (): string => single(search.q) ?? "";
  titled(() => [{ label: t("containers.title") }]);
  keyboard.bind([{ keys: "n", meaning: () => t("keys.create"), run: () => setCreating(true) }]);
  const list = createLiveQuery({
    document: ContainersDocument,
    variables: () => ({
      ...pageVariables({ after: single(search.after), before: single(search.before) }),
      filter: searched() === "" ? {} : { nameContains: searched() },
    }),
  });
  followContainers(list);
  const page = (): ContainersData["containers"] | undefined => list.data?.containers;

  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("containers.title")}</h1>
        <span class="muted">
          <Show when={page()}>{(shown) => t("containers.count", shown().totalCount)}</Show>
        </span>
        <span class="spread" />
        <SearchField
          label={t("containers.search")}
          value={searched()}
          search={(q) => setSearch({ q: q === "" ? null : q, after: null, before: null }, { replace: true })}
        />
        <button type="button" class="button primary" onClick={() => setCreating(true)}>
          <PlusIcon />
          {t("containers.create")}
        </button>
      </div>
      <Show when={list.error && list.data === undefined}>
        <LoadFault message={faultMessage(list.error)} retry={list.refetch} />
      </Show>
      <Show when={list.loading}>
        <div class="sheet">
          <Skeleton rows={8} />
        </div>
      </Show>
      <Show when={page()}>
        {(shown) => (
          <Show
            when={shown().edges.length > 0}
            fallback={
              <Empty
                searched={searched()}
                create={() => setCreating(true)}
              />
            }
          >
            <ContainersTable edges={shown().edges} change={list.change} refreshing={list.refreshing} />
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
        close={() => setCreating(false)}
        created={(id) => navigate(`/containers/${encodeURIComponent(id)}`)}
      />
    </div>
  );
}

function Empty(props: { readonly searched: string; readonly create: () => void }): JSX.Element {
  const t = useTexts();
  const [, setSearch] = useSearchParams<Search>();
  return (
    <Show
      when={props.searched !== ""}
      fallback={
        <Blank title={t("containers.emptyTitle")} text={t("containers.emptyText")}>
          <button type="button" class="button primary" onClick={() => props.create()}>
            <PlusIcon />
            {t("containers.create")}
          </button>
        </Blank>
      }
    >
      <Blank title={t("containers.noMatchTitle", props.searched)} text={t("containers.noMatchText")}>
        <button
          type="button"
          class="button"
          onClick={() => setSearch({ q: null, after: null, before: null })}
        >
          {t("containers.clearSearch")}
        </button>
      </Blank>
    </Show>
  );
}

/** Lets events change the list, and reads it again when they do not say enough. */
function followContainers(list: LiveQuery<ContainersData>): void {
  const { ticker, clock } = useServices();
  createStream({
    document: ContainerEventsDocument,
    variables: () => ({}),
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
