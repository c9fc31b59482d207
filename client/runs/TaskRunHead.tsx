/** The task whose output is shown: how it ended, where, at which attempt, and how to stop it. */
import { useClient } from "@urql/solid";
import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import { finalTaskRun } from "../../schema/states.ts";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { tellingLine } from "../lib/commands.ts";
import { SquareIcon } from "../ui/icons.ts";
import { StateBadge } from "../ui/State.tsx";
import { Duration } from "../ui/Time.tsx";
import type { ShownTaskRun } from "./run_state.ts";
import { CancelTaskRunDocument } from "./runs_documents.ts";

export function TaskRunHead(props: { readonly taskRun: ShownTaskRun }): JSX.Element {
  const t = useTexts();
  return (
    <div class="task-run-head">
      <div class="task-run-line">
        <StateBadge state={props.taskRun.state} />
        <h2 class="truncate">{props.taskRun.name}</h2>
        <span class="muted task-run-facts">
          <Show when={props.taskRun.startedAt}>
            <Duration startedAt={props.taskRun.startedAt} finishedAt={props.taskRun.finishedAt} />
          </Show>
          <Ending taskRun={props.taskRun} />
          <Show when={props.taskRun.attempt > 1}>
            <span>{t("run.attempt", props.taskRun.attempt)}</span>
          </Show>
          <Show when={props.taskRun.agent}>{(agent) => <span>{t("run.agent")} {agent().name}</span>}</Show>
          <Show when={props.taskRun.reusedFrom}>
            <span>{t("run.reused")}</span>
          </Show>
        </span>
        <span class="spread" />
        <Show when={!finalTaskRun(props.taskRun.state)}>
          <CancelTask taskRun={props.taskRun} />
        </Show>
      </div>
      <Show when={props.taskRun.reason}>{(reason) => <p class="task-run-reason">{reason()}</p>}</Show>
      <details class="task-run-command">
        <summary class="truncate">
          <code>{tellingLine(props.taskRun.command)}</code>
        </summary>
        <pre><code>{props.taskRun.command}</code></pre>
      </details>
    </div>
  );
}

function Ending(props: { readonly taskRun: ShownTaskRun }): JSX.Element {
  const t = useTexts();
  return (
    <Show
      when={props.taskRun.signal}
      fallback={
        <Show when={props.taskRun.exitCode !== null}>
          <span>{t("run.exit")} {props.taskRun.exitCode}</span>
        </Show>
      }
    >
      {(signal) => <span>{signal()}</span>}
    </Show>
  );
}

function CancelTask(props: { readonly taskRun: ShownTaskRun }): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const [asked, setAsked] = createSignal(false);
  createEffect(on(() => props.taskRun.id, () => setAsked(false), { defer: true }));
  const cancel = async (): Promise<void> => {
    setAsked(true);
    const result = await client.mutation(CancelTaskRunDocument, { id: props.taskRun.id });
    const outcome = readOutcome(result, result.data?.cancelTaskRun);
    if (outcome.kind === "done") return;
    setAsked(false);
    toasts.bad(refusalReason(outcome.refusal.message));
  };
  return (
    <button type="button" class="button quiet danger" disabled={asked()} onClick={() => void cancel()}>
      <SquareIcon size={12} />
      {asked() ? t("run.cancelRequested") : t("run.cancelTask")}
    </button>
  );
}
