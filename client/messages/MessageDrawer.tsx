import { Dialog } from "@kobalte/core/dialog";
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { Blank, QueryFaces } from "../ui/faces.tsx";
import { XIcon } from "../ui/icons.ts";
import { MarkRead } from "./MarkRead.tsx";
import { createMessageList } from "./message_list.ts";
import { MessageList } from "./MessageList.tsx";

const SHOWN = 30;

export default function MessageDrawer(props: { readonly close: () => void }): JSX.Element {
  const t = useTexts();
  const list = createMessageList(() => ({
    first: SHOWN,
    after: null,
    last: null,
    before: null,
    unreadOnly: false,
  }));
  const newest = (): string | undefined => list.data?.messages.edges[0]?.node.at;
  return (
    <>
      <div class="drawer-head">
        <Dialog.Title>{t("inbox.title")}</Dialog.Title>
        <span class="spread" />
        <MarkRead newest={newest()} quiet />
        <Dialog.CloseButton class="button quiet icon" aria-label={t("common.close")}>
          <XIcon />
        </Dialog.CloseButton>
      </div>
      <div class="drawer-body">
        <QueryFaces query={list} rows={6} />
        <Show when={list.data?.messages}>
          {(page) => (
            <Show
              when={page().edges.length > 0}
              fallback={<Blank title={t("inbox.emptyTitle")} text={t("inbox.emptyText")} />}
            >
              <MessageList messages={page().edges} opened={props.close} />
            </Show>
          )}
        </Show>
      </div>
      <div class="drawer-foot">
        <A href="/messages" onClick={() => props.close()}>{t("inbox.all")}</A>
      </div>
    </>
  );
}
