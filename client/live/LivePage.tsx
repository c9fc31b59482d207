/** The live console: everything that runs, by run, with the last lines of each task as they are written. */
import { A, useSearchParams } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import { createStream } from "../graphql/streams.ts";
import { titled } from "../lib/page_title.ts";
import { single } from "../lib/paging.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ContainerSelect } from "../ui/ContainerSelect.tsx";
import { Blank, LoadFault, Notice, Skeleton } from "../ui/faces.tsx";
import { ProjectSelect } from "../ui/ProjectSelect.tsx";
import { CancelAll } from "./CancelAll.tsx";
import { createLiveBoard, type Live, type LiveFilter } from "./live_board.ts";
import { LiveLinesDocument } from "./live_documents.ts";
import { countTasks, isActive, SHOWN_TASKS } from "./live_state.ts";
import { LiveRunCard } from "./LiveRunCard.tsx";
import { createFolds, type Folds } from "./folds.ts";
import { createTails, TailsProvider } from "./tails.ts";
import "./live.css";

export default function LivePage(): JSX.Element {
  const t = useTexts();
  const { keyboard } = useServices();
  const [search, setSearch] = useSearchParams<{ project?: string; container?: string }>();
  titled(() => [{ label: t("live.title") }]);
  const filter = createMemo<LiveFilter>(() => ({
    project: single(search.project) ?? null,
    containerId: single(search.container) ?? null,
  }));
  const live = createLiveBoard(filter);
  const tails = createTails();
  createStream({
    document: LiveLinesDocument,
    variables: filter,
    next: ({ liveLog }) => tails.deliver(liveLog),
  });
  const folds = createFolds();
  keyboard.bind([{ keys: "z", meaning: () => t("live.foldAll"), run: folds.toggleAll }]);
  return (
    <div class="page live">
      <div class="page-head">
        <h1>{t("live.title")}</h1>
        <span class="muted live-count" role="status">
          {live.loading()
            ? ""
            : t("live.count", countTasks(live.board, false), live.board.runs.filter(isActive).length)}
        </span>
        <span class="spread" />
        <HeadButtons live={live} folds={folds} filter={filter()} />
      </div>
      <div class="toolbar">
        <ProjectSelect project={filter().project} choose={(project) => setSearch({ project })} />
        <ContainerSelect
          containerId={filter().containerId}
          choose={(container) => setSearch({ container })}
        />
      </div>
      <Show when={live.error()}>
        {(message) => <LoadFault message={message()} retry={live.reload} />}
      </Show>
      <Show when={live.loading()}>
        <div class="sheet">
          <Skeleton rows={8} />
        </div>
      </Show>
      <Show when={live.board.more}>
        <Notice tone="queued" title={t("live.more", SHOWN_TASKS)} />
      </Show>
      <TailsProvider value={tails}>
        <For each={live.board.runs}>{(run) => <LiveRunCard run={run} folds={folds} />}</For>
      </TailsProvider>
      <Show when={!live.loading() && live.error() === null && live.board.runs.length === 0}>
        <Empty restricted={filter().project !== null || filter().containerId !== null} />
      </Show>
    </div>
  );
}

function Empty(props: { readonly restricted: boolean }): JSX.Element {
  const t = useTexts();
  return (
    <Show
      when={props.restricted}
      fallback={
        <Blank title={t("live.emptyTitle")} text={t("live.emptyText")}>
          <A class="button" href="/containers">{t("live.toContainers")}</A>
          <A class="button" href="/logs">{t("live.toLogs")}</A>
        </Blank>
      }
    >
      <Blank title={t("live.noMatchTitle")} text={t("live.noMatchText")}>
        <A class="button" href="/live">{t("runs.clear")}</A>
      </Blank>
    </Show>
  );
}

function HeadButtons(props: {
  readonly live: Live;
  readonly folds: Folds;
  readonly filter: LiveFilter;
}): JSX.Element {
  const t = useTexts();
  const ended = (): number => countTasks(props.live.board, true);
  return (
    <>
      <Show when={ended() > 0}>
        <button type="button" class="button quiet" onClick={() => props.live.putAway()}>
          {t("live.putAway", ended())}
        </button>
      </Show>
      <Show when={props.live.board.runs.length > 0}>
        <button type="button" class="button quiet" onClick={() => props.folds.toggleAll()}>
          {props.folds.allFolded() ? t("live.unfold") : t("live.fold")}
        </button>
      </Show>
      <Show when={props.live.board.runs.some(isActive)}>
        <CancelAll filter={props.filter} />
      </Show>
    </>
  );
}
