import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { useServerWords } from "../lib/server_words.ts";
import { useTexts } from "../lib/services.ts";
import { RefreshLine } from "../ui/faces.tsx";
import { StateBadge } from "../ui/State.tsx";
import { Ago, Duration } from "../ui/Time.tsx";
import type { RunRow } from "./runs_state.ts";
import "./runs.css";

/** Runs, newest first, each a link to its page. */
export function RunsTable(props: {
  readonly runs: readonly { readonly node: RunRow }[];
  readonly refreshing: boolean;
  readonly fresh: number;
  readonly showFresh: () => void;
  /** On a container's own page its name would only be repeated. */
  readonly withoutContainer?: boolean;
}): JSX.Element {
  const t = useTexts();
  return (
    <div class="sheet">
      <RefreshLine shown={props.refreshing} />
      <Show when={props.fresh > 0}>
        <button type="button" class="fresh-runs" onClick={() => props.showFresh()}>
          {t("runs.fresh", props.fresh)}
        </button>
      </Show>
      <table class="rows runs" classList={{ own: props.withoutContainer ?? false }}>
        <thead>
          <tr>
            <th scope="col" class="state-column">{t("runs.state")}</th>
            <Show when={!props.withoutContainer}>
              <th scope="col">{t("runs.container")}</th>
            </Show>
            <th scope="col" class="when-column">{t("runs.started")}</th>
            <th scope="col" class="duration-column">{t("runs.duration")}</th>
            <th scope="col" class="cause-column">{t("runs.cause")}</th>
            <th scope="col" class="reason-column">{t("runs.reason")}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.runs}>
            {(edge) => <Row run={edge.node} withoutContainer={props.withoutContainer ?? false} />}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function Row(props: { readonly run: RunRow; readonly withoutContainer: boolean }): JSX.Element {
  const t = useTexts();
  const say = useServerWords();
  const reason = (): string | undefined => say(props.run, "reason") || undefined;
  return (
    <tr>
      <td class="state-cell">
        <A class="row-link" data-row href={`/runs/${encodeURIComponent(props.run.id)}`}>
          <StateBadge state={props.run.state} bare /> <span class="muted">#{props.run.number}</span>
          <Show when={!props.withoutContainer}>
            <span class="unseen">{props.run.containerName}</span>
          </Show>
        </A>
      </td>
      <Show when={!props.withoutContainer}>
        <td class="name-cell">
          <span class="run-name two-lines">{props.run.containerName}</span>
          <Show when={props.run.container === null}>
            <span class="chip">{t("runs.deletedContainer")}</span>
          </Show>
        </td>
      </Show>
      <td class="when-cell">
        <Ago class="above" at={props.run.createdAt} />
      </td>
      <td class="duration-cell">
        <Duration startedAt={props.run.startedAt} finishedAt={props.run.finishedAt} />
      </td>
      <td class="muted cause-cell">
        <span class="two-lines">
          {t(`causes.${props.run.cause}`)}
          <Show when={props.run.startedBy}>{(user) => <span>, {user().displayName}</span>}</Show>
        </span>
      </td>
      <td class="muted" data-wide title={reason()}>
        <span class="two-lines">{reason()}</span>
      </td>
    </tr>
  );
}
