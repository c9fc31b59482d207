/** The log centre: lines of all runs, newest first, by a filter that the address holds. */
import { useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Show, untrack } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import { titled } from "../lib/page_title.ts";
import { onFirstPage, pageVariables, single } from "../lib/paging.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { foldCase } from "../logs/find_state.ts";
import { Blank, QueryFaces, RefreshLine } from "../ui/faces.tsx";
import { EllipsisIcon, RotateCcwIcon, Trash2Icon } from "../ui/icons.ts";
import { Menu, type MenuGroup } from "../ui/Menu.tsx";
import { Pager } from "../ui/Pager.tsx";
import { DeleteLogs, type Deletion } from "./DeleteLogs.tsx";
import { HitList } from "./HitList.tsx";
import { LogFilters, type LogsChange } from "./LogFilters.tsx";
import { SearchLogsDocument } from "./logs_documents.ts";
import {
  addressNames,
  deletionFilter,
  type HitGroup,
  isRestricted,
  type LogFilterInput,
  type LogsAddress,
  readLogsFilter,
} from "./logs_state.ts";
import { Usage } from "./Usage.tsx";
import "./logs.css";

type Search = { [Name in typeof addressNames[number] | "after" | "before"]?: string };

export default function LogsPage(): JSX.Element {
  const t = useTexts();
  const { clock } = useServices();
  const [search, setSearch] = useSearchParams<Search>();
  titled(() => [{ label: t("logs.title") }]);
  const address = createMemo<LogsAddress>(() =>
    Object.fromEntries(addressNames.map((name) => [name, single(search[name])]))
  );
  // A memo, so that a span begins when it is chosen and not anew with every look.
  const filter = createMemo<LogFilterInput>(() => {
    const shown = address();
    return untrack(() => readLogsFilter(shown, clock()));
  });
  const place = (): { after: string | undefined; before: string | undefined } => ({
    after: single(search.after),
    before: single(search.before),
  });
  const list = createLiveQuery({
    document: SearchLogsDocument,
    variables: () => ({ ...pageVariables(place()), filter: filter() }),
  });
  const [deletion, setDeletion] = createSignal<Deletion | null>(null);
  const restrict = (change: LogsChange): void => setSearch({ after: null, before: null, ...change });
  const deleteAttempt = ({ taskRun, attempt }: HitGroup): void =>
    void setDeletion({
      what: t("logs.whatAttempt", attempt, `${taskRun.run.containerName} › ${taskRun.name}`),
      filter: { taskRunId: taskRun.id, attempt },
    });
  return (
    <div class="page logs">
      <div class="page-head">
        <h1>{t("logs.title")}</h1>
        <Usage project={address().project ?? null} />
        <span class="spread" />
        <button type="button" class="button quiet" onClick={() => list.refetch()}>
          <RotateCcwIcon size={13} />
          {t("logs.again")}
        </button>
        <DeleteMenu filter={filter()} ask={setDeletion} />
      </div>
      <LogFilters address={address()} set={restrict} />
      <QueryFaces query={list} rows={10} sheet always />
      <Show when={list.data?.logs}>
        {(page) => (
          <Show
            when={page().edges.length > 0}
            fallback={
              <Empty
                restricted={isRestricted(address())}
                clear={() => restrict(Object.fromEntries(addressNames.map((name) => [name, null])))}
              />
            }
          >
            <div class="sheet">
              <RefreshLine shown={list.refreshing} />
              <HitList
                hits={page().edges.map(({ node }) => node)}
                needle={foldCase(filter().contains ?? "")}
                restrict={restrict}
                deleteAttempt={deleteAttempt}
              />
            </div>
            <Pager
              info={page().pageInfo}
              first={onFirstPage(place())}
              go={(next) => setSearch({ after: null, before: null, ...next })}
            />
          </Show>
        )}
      </Show>
      <DeleteLogs deletion={deletion()} close={() => setDeletion(null)} done={list.refetch} />
    </div>
  );
}

function DeleteMenu(props: {
  readonly filter: LogFilterInput;
  readonly ask: (deletion: Deletion) => void;
}): JSX.Element {
  const t = useTexts();
  const { clock } = useServices();
  const groups = (): readonly MenuGroup[] => {
    const named = deletionFilter(props.filter);
    const byText = props.filter.contains !== undefined || props.filter.streams !== undefined;
    return [{
      entries: [
        {
          label: byText ? t("logs.deleteNotByText") : t("logs.deleteFiltered"),
          icon: Trash2Icon,
          danger: true,
          changes: true,
          disabled: named === null,
          run: () => named !== null && props.ask({ what: t("logs.whatFiltered"), filter: named }),
        },
        {
          label: t("logs.deleteAll"),
          icon: Trash2Icon,
          danger: true,
          changes: true,
          // An empty filter is refused: everything is what was written until now.
          run: () => props.ask({ what: t("logs.whatAll"), filter: { to: new Date(clock()).toISOString() } }),
        },
      ],
    }];
  };
  return (
    <Menu label={t("logs.more")} class="button icon" trigger={<EllipsisIcon size={14} />} groups={groups()} />
  );
}

function Empty(props: { readonly restricted: boolean; readonly clear: () => void }): JSX.Element {
  const t = useTexts();
  return (
    <Show
      when={props.restricted}
      fallback={<Blank title={t("logs.emptyTitle")} text={t("logs.emptyText")} />}
    >
      <Blank title={t("logs.noMatchTitle")} text={t("logs.noMatchText")}>
        <button type="button" class="button" onClick={() => props.clear()}>{t("runs.clear")}</button>
      </Blank>
    </Show>
  );
}
