/** Tasks of all containers: which of them calls a program, and each run by itself. */
import { useSearchParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import { createStream } from "../graphql/streams.ts";
import { titled } from "../lib/page_title.ts";
import { onFirstPage, pageVariables, single } from "../lib/paging.ts";
import { useTexts } from "../lib/services.ts";
import { createThrottle } from "../lib/throttle.ts";
import { EnabledFilter } from "../ui/EnabledFilter.tsx";
import { Blank, QueryFaces } from "../ui/faces.tsx";
import { Pager } from "../ui/Pager.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Select } from "../ui/Select.tsx";
import { TaskRows } from "./TaskRows.tsx";
import { TaskEventsDocument, TasksDocument } from "./tasks_documents.ts";
import { readTasksView, searchedParts, tasksFilter, type TasksView } from "./tasks_state.ts";
import "./tasks.css";

/** A storm of changes is one reading now and then. */
const REREAD_MS = 2_000;

type Search = { q?: string; in?: string; enabled?: string; after?: string; before?: string };
type SearchChange = { readonly [Key in keyof Search]?: string | null };

export default function TasksPage(): JSX.Element {
  const t = useTexts();
  const [search, setSearch] = useSearchParams<Search>();
  titled(() => [{ label: t("taskPage.title") }]);
  const view = (): TasksView =>
    readTasksView({ q: single(search.q), in: single(search.in), enabled: single(search.enabled) });
  const place = (): { after: string | undefined; before: string | undefined } => ({
    after: single(search.after),
    before: single(search.before),
  });
  const show = (change: SearchChange): void => {
    setSearch({ after: null, before: null, ...change }, { replace: true });
  };
  const list = createLiveQuery({
    document: TasksDocument,
    variables: () => ({ ...pageVariables(place()), filter: tasksFilter(view()) }),
  });
  createStream({
    document: TaskEventsDocument,
    variables: () => ({}),
    next: createThrottle(list.refetch, REREAD_MS),
  });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("taskPage.title")}</h1>
        <span class="muted">
          <Show when={list.data?.tasks}>{(shown) => t("taskPage.count", shown().totalCount)}</Show>
        </span>
        <span class="spread" />
        <SearchField
          label={view().part === "name" ? t("containers.search") : t("taskPage.searchCommands")}
          value={view().search}
          search={(q) => show({ q: q === "" ? null : q })}
        />
      </div>
      <Filters view={view()} show={show} />
      <QueryFaces query={list} rows={8} sheet />
      <Show when={list.data?.tasks}>
        {(page) => (
          <Show
            when={page().edges.length > 0}
            fallback={<Blank title={t("taskPage.emptyTitle")} text={t("taskPage.emptyText")} />}
          >
            <TaskRows edges={page().edges} change={list.change} refreshing={list.refreshing} />
            <Pager
              info={page().pageInfo}
              first={onFirstPage(place())}
              go={(next) => setSearch({ after: null, before: null, ...next })}
            />
          </Show>
        )}
      </Show>
    </div>
  );
}

function Filters(
  props: { readonly view: TasksView; readonly show: (change: SearchChange) => void },
): JSX.Element {
  const t = useTexts();
  return (
    <div class="toolbar task-filters" role="group" aria-label={t("taskPage.filters")}>
      <Select
        label={t("taskPage.searchIn")}
        value={props.view.part}
        options={searchedParts}
        nameOf={(part) => t(`taskPage.${part === "name" ? "inNames" : "inCommands"}`)}
        change={(part) => props.show({ in: part === "name" ? null : part })}
      />
      <EnabledFilter enabled={props.view.enabled} change={(enabled) => props.show({ enabled })} />
    </div>
  );
}
