/** One task of a run as a line that chooses it: in the list, and with its bar along the time. */
import type { JSX } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { stateLooks } from "../lib/states.ts";
import { StateIcon } from "../ui/State.tsx";
import { Duration } from "../ui/Time.tsx";
import type { ShownTaskRun } from "./run_state.ts";

export function TaskRunRow(props: {
  readonly taskRun: ShownTaskRun;
  readonly selected: boolean;
  readonly select: () => void;
  /** What stands behind its name. */
  readonly children: JSX.Element;
}): JSX.Element {
  const t = useTexts();
  return (
    <li>
      <button
        type="button"
        class="task-run"
        data-row
        data-task-run={props.taskRun.id}
        aria-pressed={props.selected}
        onClick={() => props.select()}
      >
        <StateIcon state={props.taskRun.state} />
        <span class="task-run-name truncate">{props.taskRun.name}</span>
        {props.children}
        <span class="task-run-time muted">
          <Duration startedAt={props.taskRun.startedAt} finishedAt={props.taskRun.finishedAt} />
        </span>
        <span class="task-run-state" data-tone={stateLooks[props.taskRun.state].tone}>
          {t(`states.${props.taskRun.state}`)}
        </span>
      </button>
    </li>
  );
}

/** The line of a task, where it is shown. */
export function findTaskRunRow(id: string): HTMLElement | undefined {
  const rows = document.querySelectorAll<HTMLElement>(".task-run");
  return [...rows].find(({ dataset }) => dataset["taskRun"] === id);
}

/** What a list can say in a few characters; the whole reason stands above the output. */
export function TaskRunEnding(props: { readonly taskRun: ShownTaskRun }): JSX.Element {
  const t = useTexts();
  const ended = (): string | null => {
    if (props.taskRun.signal !== null) return props.taskRun.signal;
    const { exitCode } = props.taskRun;
    return exitCode === null || exitCode === 0 ? null : `${t("run.exit")} ${exitCode}`;
  };
  return (
    <span class="task-run-why muted truncate">
      {[props.taskRun.attempt > 1 ? t("run.attempt", props.taskRun.attempt) : null, ended()]
        .filter((part) => part !== null).join(", ")}
    </span>
  );
}
