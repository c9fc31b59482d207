import { useSearchParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { titled } from "../lib/page_title.ts";
import { onFirstPage, pageVariables, single } from "../lib/paging.ts";
import { useTexts } from "../lib/services.ts";
import { Blank, QueryFaces } from "../ui/faces.tsx";
import { Pager } from "../ui/Pager.tsx";
import { MarkRead } from "./MarkRead.tsx";
import { createMessageList } from "./message_list.ts";
import { MessageList } from "./MessageList.tsx";

type Search = { show?: string; after?: string; before?: string };

export default function MessagesPage(): JSX.Element {
  const t = useTexts();
  const [search, setSearch] = useSearchParams<Search>();
  titled(() => [{ label: t("inbox.title") }]);
  const unreadOnly = (): boolean => single(search.show) === "unread";
  const place = (): { after: string | undefined; before: string | undefined } => ({
    after: single(search.after),
    before: single(search.before),
  });
  const list = createMessageList(() => ({ ...pageVariables(place()), unreadOnly: unreadOnly() }));
  const newest = (): string | undefined => list.data?.messages.edges[0]?.node.at;
  const choice = (label: string, show: string | null, pressed: boolean): JSX.Element => (
    <button
      type="button"
      class="segment"
      aria-pressed={pressed}
      onClick={() => setSearch({ show, after: null, before: null })}
    >
      {label}
    </button>
  );
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("inbox.title")}</h1>
        <span class="spread" />
        <div class="segments" role="group" aria-label={t("inbox.show")}>
          {choice(t("inbox.everything"), null, !unreadOnly())}
          {choice(t("inbox.onlyUnread"), "unread", unreadOnly())}
        </div>
        <MarkRead newest={newest()} />
      </div>
      <QueryFaces query={list} rows={8} sheet />
      <Show when={list.data?.messages}>
        {(page) => (
          <Show
            when={page().edges.length > 0}
            fallback={<Blank title={t("inbox.emptyTitle")} text={t("inbox.emptyText")} />}
          >
            <div class="sheet">
              <MessageList messages={page().edges} />
            </div>
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
