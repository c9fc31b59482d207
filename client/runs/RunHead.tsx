/** What became of the run, why, and what can be done about it. */
import { A, useNavigate } from "@solidjs/router";
import { useClient } from "@urql/solid";
import { createSignal, For, type JSX, Show } from "solid-js";
import { finalRun } from "../../schema/states.ts";
import { countStates } from "../dag/graph_model.ts";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { markFoot } from "../lib/foot.ts";
import { plainCopy } from "../lib/plain_copy.ts";
import { useServerWords } from "../lib/server_words.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { BellIcon, BellRingIcon, EllipsisIcon, PlayIcon, RotateCcwIcon } from "../ui/icons.ts";
import { Menu } from "../ui/Menu.tsx";
import { StateBadge } from "../ui/State.tsx";
import { Ago, At, Duration } from "../ui/Time.tsx";
import { CancelRun } from "./Cancel.tsx";
import type { EndNotices } from "./end_notices.ts";
import type { ShownRun } from "./run_state.ts";
import { createWaiting } from "./waiting.ts";
import { WaitingFor } from "./WaitingFor.tsx";
import { RetryRunDocument } from "./runs_documents.ts";

interface RunHeadProps {
  readonly run: ShownRun;
  readonly notices: EndNotices;
}

/** `narrow`: what is known of the run and what can be done about it stand at the foot of the page. */
export function RunHead(props: RunHeadProps & { readonly narrow: boolean }): JSX.Element {
  const say = useServerWords();
  const t = useTexts();
  const waiting = createWaiting(() => props.run.state === "QUEUED" ? props.run.id : null, () => null);
  return (
    <header class="run-head">
      <div class="page-head">
        <div class="head-title">
          <StateBadge state={props.run.state} />{" "}
          <h1>
            <Show when={props.run.container} fallback={props.run.containerName}>
              {(container) => (
                <A href={`/containers/${encodeURIComponent(container().id)}`}>{props.run.containerName}</A>
              )}
            </Show>
          </h1>{" "}
          <span class="chip">#{props.run.number}</span>{" "}
          <Show when={props.run.single}>
            <span class="chip">{t("run.single")}</span>
            {" "}
          </Show>
          <span class="run-clock">
            <Duration startedAt={props.run.startedAt} finishedAt={props.run.finishedAt} />
          </span>
        </div>
        <Show when={!props.narrow}>
          <RunActions run={props.run} notices={props.notices} />
        </Show>
      </div>
      <Show when={!props.narrow}>
        <RunFacts run={props.run} />
      </Show>
      <Show when={waiting.reason()}>{(reason) => <WaitingFor reason={reason()} />}</Show>
      <Show when={props.run.reason}>
        <p class="run-reason" data-state={props.run.state}>{say(props.run, "reason")}</p>
      </Show>
    </header>
  );
}

/** Where the window is narrow: beneath the output, and what can be done in reach of the thumb. */
export function RunFoot(props: RunHeadProps): JSX.Element {
  return (
    <>
      <div class="run-foot">
        <RunFacts run={props.run} />
      </div>
      <div ref={markFoot} class="run-actions">
        <RunActions run={props.run} notices={props.notices} />
      </div>
    </>
  );
}

function RunActions(props: RunHeadProps): JSX.Element {
  return (
    <div class="head-actions">
      <Show when={!finalRun(props.run.state) && props.notices.state() !== "missing"}>
        <NoticeButton notices={props.notices} />
      </Show>
      <Show when={finalRun(props.run.state)} fallback={<CancelRun id={props.run.id} byKey />}>
        <RetryButtons run={props.run} />
      </Show>
    </div>
  );
}

function RunFacts(props: { readonly run: ShownRun }): JSX.Element {
  const { texts } = useServices();
  const t = useTexts();
  const counts = (): string =>
    countStates(props.run.taskRuns)
      .map(([state, count]) => `${count} ${t(`states.${state}`).toLocaleLowerCase(texts.language())}`)
      .join(", ");
  return (
    <div class="run-facts muted">
      <span>
        {props.run.startedAt === null ? t("run.queuedSince") : t("run.started")}{" "}
        <At at={props.run.startedAt ?? props.run.createdAt} />,{" "}
        <Ago at={props.run.startedAt ?? props.run.createdAt} />
      </span>
      <span>
        {t(`causes.${props.run.cause}`)}
        <Show when={props.run.startedBy}>{(user) => <span>, {user().displayName}</span>}</Show>
      </span>
      <Show when={props.run.scheduledFor}>
        {(at) => (
          <span>
            {t("run.scheduledFor")} <At at={at()} />
          </span>
        )}
      </Show>
      <span>{t("run.version", props.run.containerVersion)}</span>
      <span>{t("run.taskCounts", props.run.taskRuns.length, counts())}</span>
      <Show when={props.run.state === "QUEUED" && props.run.startAt}>
        {(at) => (
          <span>
            {t("run.startAt")} <At at={at()} />
          </span>
        )}
      </Show>
      <For each={Object.entries(props.run.parameters)}>
        {([name, value]) => (
          <span>
            {name} <code>{typeof value === "string" ? value : JSON.stringify(value)}</code>
          </span>
        )}
      </For>
      <Show when={props.run.retryOf}>
        {(earlier) => (
          <A class="link" href={`/runs/${encodeURIComponent(earlier().id)}`}>{t("run.retryOf")}</A>
        )}
      </Show>
    </div>
  );
}

function NoticeButton(props: { readonly notices: EndNotices }): JSX.Element {
  const t = useTexts();
  const label = (): string => {
    if (props.notices.state() === "denied") return t("runEnd.notifyDenied");
    return props.notices.state() === "on" ? t("runEnd.notifyOn") : t("runEnd.notify");
  };
  return (
    <button
      type="button"
      class="button quiet icon"
      aria-label={label()}
      title={label()}
      aria-pressed={props.notices.state() === "on"}
      aria-disabled={props.notices.state() === "denied"}
      onClick={() => void props.notices.toggle()}
    >
      {props.notices.state() === "on" ? <BellRingIcon /> : <BellIcon />}
    </button>
  );
}

function RetryButtons(props: { readonly run: ShownRun }): JSX.Element {
  const client = useClient();
  const { keyboard, toasts } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const [asked, setAsked] = createSignal(false);
  const partial = (): boolean => props.run.state !== "SUCCEEDED";
  const given = (): boolean => Object.keys(props.run.parameters).length > 0 && props.run.container !== null;
  const runWith = (): void => {
    const { container, parameters } = props.run;
    if (container === null) return;
    navigate(`/containers/${encodeURIComponent(container.id)}`, {
      state: { runWith: plainCopy(parameters) },
    });
  };
  const retry = async (fromFailed: boolean): Promise<void> => {
    if (asked()) return;
    setAsked(true);
    const result = await client.mutation(RetryRunDocument, { id: props.run.id, fromFailed });
    setAsked(false);
    const outcome = readOutcome(result, result.data?.retryRun);
    if (outcome.kind === "done") navigate(`/runs/${encodeURIComponent(outcome.value.id)}`);
    else toasts.bad(refusalReason(outcome.refusal.message));
  };
  keyboard.bind([
    { keys: "t", meaning: () => t("keys.retry"), changes: true, run: () => void retry(partial()) },
    { keys: "r", meaning: () => t("run.retryWhole"), changes: true, run: () => void retry(false) },
  ]);
  return (
    <>
      <ChangeButton class="button" disabled={asked()} onClick={() => void retry(partial())}>
        <RotateCcwIcon size={13} />
        {asked() ? t("containers.requested") : partial() ? t("run.retryFailed") : t("run.retryWhole")}
      </ChangeButton>
      <Show when={partial() || given()}>
        <Menu
          label={t("container.more")}
          class="button icon"
          trigger={<EllipsisIcon />}
          groups={[{
            entries: [
              {
                label: t("run.retryWhole"),
                icon: RotateCcwIcon,
                changes: true,
                run: () => void retry(false),
              },
              ...(given() ? [{ label: t("run.runWith"), icon: PlayIcon, changes: true, run: runWith }] : []),
            ],
          }]}
        />
      </Show>
    </>
  );
}
