/** A run on the live console, and under it its tasks that run. */
import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { finalTaskRun } from "../../schema/states.ts";
import { useTexts } from "../lib/services.ts";
import { formatLogTime, formatUtc } from "../lib/time.ts";
import { CancelRun, CancelTask } from "../runs/Cancel.tsx";
import { ChevronDownIcon, ChevronRightIcon } from "../ui/icons.ts";
import { StateBadge } from "../ui/State.tsx";
import { Ago, Duration } from "../ui/Time.tsx";
import type { Folds } from "./folds.ts";
import { isActive, type LiveRun, type LiveTask } from "./live_state.ts";
import { LiveOutput } from "./LiveOutput.tsx";

export function LiveRunCard(props: { readonly run: LiveRun; readonly folds: Folds }): JSX.Element {
  const t = useTexts();
  const startedAt = (): string => props.run.startedAt ?? props.run.createdAt;
  const href = (): string => `/runs/${encodeURIComponent(props.run.id)}`;
  return (
    <section class="sheet live-run" aria-label={props.run.containerName}>
      <div class="live-run-head">
        <Fold id={props.run.id} folds={props.folds} name={props.run.containerName} />
        <h2 class="truncate">
          <A href={href()}>{props.run.containerName}</A>
        </h2>
        <span class="muted live-run-facts">
          <span title={formatUtc(startedAt())}>{t("live.startedAt", formatLogTime(startedAt()))}</span>{" "}
          <Ago at={startedAt()} />
        </span>
        <span class="spread" />
        <span class="muted live-run-tasks">{t("live.tasks", props.run.tasks.length)}</span>
        <Show when={isActive(props.run)}>
          <CancelRun id={props.run.id} />
        </Show>
      </div>
      <Show when={!props.folds.folded(props.run.id)}>
        <ul class="live-tasks">
          <For each={props.run.tasks}>
            {(task) => <LiveTaskItem task={task} href={href()} folds={props.folds} />}
          </For>
        </ul>
      </Show>
    </section>
  );
}

function LiveTaskItem(props: {
  readonly task: LiveTask;
  /** Of its run. */
  readonly href: string;
  readonly folds: Folds;
}): JSX.Element {
  const t = useTexts();
  const ended = (): boolean => finalTaskRun(props.task.state);
  return (
    <li class="live-task" classList={{ ended: ended() }} data-task={props.task.name}>
      <div class="live-task-head">
        <Fold id={props.task.id} folds={props.folds} name={props.task.name} />
        <StateBadge state={props.task.state} bare />
        <A class="live-task-name truncate" href={`${props.href}?task=${encodeURIComponent(props.task.id)}`}>
          {props.task.name}
        </A>
        <span class="muted live-task-facts">
          <Duration startedAt={props.task.startedAt} finishedAt={props.task.finishedAt} />
          <Show when={props.task.attempt > 1}>
            <span>{t("run.attempt", props.task.attempt)}</span>
          </Show>
          <Show when={props.task.agent}>
            {(agent) => <span class="live-task-agent">{agent().name}</span>}
          </Show>
        </span>
        <span class="spread" />
        <Show when={!ended()}>
          <CancelTask id={props.task.id} />
        </Show>
      </div>
      <Show when={!props.folds.folded(props.task.id)}>
        <LiveOutput taskRunId={props.task.id} name={props.task.name} />
      </Show>
    </li>
  );
}

function Fold(props: { readonly id: string; readonly name: string; readonly folds: Folds }): JSX.Element {
  const t = useTexts();
  const folded = (): boolean => props.folds.folded(props.id);
  const label = (): string => t("live.foldOne", props.name);
  return (
    <button
      type="button"
      class="button quiet icon live-fold"
      data-row
      aria-expanded={!folded()}
      aria-label={label()}
      title={label()}
      onClick={() => props.folds.toggle(props.id)}
    >
      {folded() ? <ChevronRightIcon size={14} /> : <ChevronDownIcon size={14} />}
    </button>
  );
}
