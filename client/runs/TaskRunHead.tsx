/** The task whose output is shown: how it ended, where, at which attempt, and how to stop it. */
import { useNavigate } from "@solidjs/router";
import { useClient } from "@urql/solid";
import { type JSX, Show } from "solid-js";
import { finalTaskRun } from "../../schema/states.ts";
import { useServerWords } from "../lib/server_words.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { RotateCcwIcon } from "../ui/icons.ts";
import { RetryRunDocument } from "./runs_documents.ts";
import { tellingLine } from "../lib/commands.ts";
import { StateBadge } from "../ui/State.tsx";
import { Ago, Duration } from "../ui/Time.tsx";
import { CancelTask } from "./Cancel.tsx";
import type { LastGood } from "./last_good.ts";
import type { ShownTaskRun } from "./run_state.ts";
import { createWaiting } from "./waiting.ts";
import { TaskOutputs, WaitingFor } from "./WaitingFor.tsx";

export function TaskRunHead(props: {
  readonly runId: string;
  readonly runEnded: boolean;
  readonly taskRun: ShownTaskRun;
  readonly lastGood: LastGood;
  readonly compare: () => void;
  readonly select: (taskRunId: string) => void;
  /** Moves whenever anything of the run does. */
  readonly runChanges: unknown;
}): JSX.Element {
  const t = useTexts();
  const say = useServerWords();
  const explained = (): string | null =>
    ["PENDING", "READY", "SUCCEEDED"].includes(props.taskRun.state) ? props.taskRun.id : null;
  const waiting = createWaiting(
    explained,
    () => [props.taskRun.state, props.taskRun.attempt, props.runChanges],
  );
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
          <CancelTask id={props.taskRun.id} />
        </Show>
        <Show when={props.runEnded}>
          <RetryFrom runId={props.runId} taskRunId={props.taskRun.id} />
        </Show>
      </div>
      <Show when={waiting.reason()}>
        {(reason) => <WaitingFor reason={reason()} select={props.select} />}
      </Show>
      <Show when={props.taskRun.reason}>
        <p class="task-run-reason">{say(props.taskRun, "reason")}</p>
      </Show>
      <Show when={props.taskRun.state === "FAILED" || props.taskRun.state === "TIMED_OUT"}>
        <SinceGood name={props.taskRun.name} lastGood={props.lastGood} compare={props.compare} />
      </Show>
      <Show when={waiting.outputs()}>{(outputs) => <TaskOutputs outputs={outputs()} />}</Show>
      <details class="task-run-command">
        <summary class="truncate">
          <code>{tellingLine(props.taskRun.command)}</code>
        </summary>
        <pre><code>{props.taskRun.command}</code></pre>
      </details>
    </div>
  );
}

/** This task and all that follow it, in a new run. */
function RetryFrom(props: { readonly runId: string; readonly taskRunId: string }): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const navigate = useNavigate();
  const retry = async (): Promise<void> => {
    const result = await client.mutation(RetryRunDocument, {
      id: props.runId,
      fromFailed: true,
      fromTaskRunIds: [props.taskRunId],
    });
    const outcome = readOutcome(result, result.data?.retryRun);
    if (outcome.kind === "done") navigate(`/runs/${encodeURIComponent(outcome.value.id)}`);
    else toasts.bad(refusalReason(outcome.refusal.message));
  };
  return (
    <ChangeButton
      class="button quiet icon"
      aria-label={t("run.fromHere")}
      title={t("run.fromHere")}
      onClick={() => void retry()}
    >
      <RotateCcwIcon size={13} />
    </ChangeButton>
  );
}

/** What is different since it last worked: where whoever looks for a cause looks first. */
function SinceGood(props: {
  readonly name: string;
  readonly lastGood: LastGood;
  readonly compare: () => void;
}): JSX.Element {
  const t = useTexts();
  const words = (): string | null => {
    const row = props.lastGood.rows().find(({ name }) => name === props.name);
    if (row === undefined) return null;
    if (row.then === null) return t("compare.sinceNew");
    if (row.then.state !== "SUCCEEDED") return t("compare.sinceBad");
    return row.commandChanged ? t("compare.sinceChanged") : t("compare.sinceSame");
  };
  return (
    <Show when={words() !== null && props.lastGood.run()}>
      {(good) => (
        <p class="task-run-since muted">
          {t("compare.since")} <Ago at={good().createdAt} />: {words()}{" "}
          <button type="button" class="link-button link-like" onClick={() => props.compare()}>
            {t("compare.see")}
          </button>
        </p>
      )}
    </Show>
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
