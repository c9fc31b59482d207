import { A } from "@solidjs/router";
import { type Component, For, type JSX, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import type { MessageKind } from "../../schema/states.ts";
import type { ResultOf } from "../graphql/tada.ts";
import { useServerWords } from "../lib/server_words.ts";
import { useTexts } from "../lib/services.ts";
import type { Tone } from "../lib/states.ts";
import { CheckIcon, ClockIcon, HistoryIcon, type IconProps, PencilIcon, XIcon } from "../ui/icons.ts";
import { Ago } from "../ui/Time.tsx";
import type { MessageRowFragment } from "./messages_documents.ts";
import "./messages.css";

export type MessageRow = ResultOf<typeof MessageRowFragment>;

const looks: { readonly [K in MessageKind]: { readonly tone: Tone; readonly icon: Component<IconProps> } } = {
  RUN_FAILED: { tone: "failed", icon: XIcon },
  SLOT_MISSED: { tone: "timed-out", icon: HistoryIcon },
  RUN_LATE: { tone: "timed-out", icon: ClockIcon },
  RUN_RECOVERED: { tone: "succeeded", icon: CheckIcon },
  CONTAINER_CHANGED: { tone: "skipped", icon: PencilIcon },
};

/** Messages, newest first; each leads to its run, or else to its container. */
export function MessageList(props: {
  readonly messages: readonly { readonly node: MessageRow }[];
  /** Called when one is opened. */
  readonly opened?: () => void;
}): JSX.Element {
  return (
    <ul class="messages">
      <For each={props.messages}>
        {(edge) => <Line message={edge.node} opened={() => props.opened?.()} />}
      </For>
    </ul>
  );
}

function Line(props: { readonly message: MessageRow; readonly opened: () => void }): JSX.Element {
  const t = useTexts();
  const say = useServerWords();
  const look = (): typeof looks[MessageKind] => looks[props.message.kind];
  const href = (): string | null => {
    const { run, container } = props.message;
    if (run !== null) return `/runs/${encodeURIComponent(run.id)}`;
    return container === null ? null : `/containers/${encodeURIComponent(container.id)}`;
  };
  return (
    <li class="message" data-tone={look().tone} data-unread={props.message.read ? undefined : ""}>
      <span class="message-icon">
        <Dynamic component={look().icon} size={14} />
      </span>
      <span class="message-body">
        <span class="message-head">
          <Show
            when={href()}
            fallback={<strong class="message-name">{props.message.containerName}</strong>}
          >
            {(to) => (
              <A class="message-name" data-row href={to()} onClick={() => props.opened()}>
                {props.message.containerName}
              </A>
            )}
          </Show>
          <span class="message-kind">{t(`messageKinds.${props.message.kind}`)}</span>
          <Show when={!props.message.read}>
            <span class="unseen">{t("inbox.unread")}</span>
          </Show>
          <span class="spread" />
          <Ago class="muted small" at={props.message.at} />
        </span>
        <span class="muted message-text">
          {say(props.message, "text")}
          <Show when={props.message.actor}>
            {(actor) => <span>, {t("inbox.by", actor().displayName)}</span>}
          </Show>
        </span>
      </span>
    </li>
  );
}
