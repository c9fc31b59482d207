import { For, type JSX } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { stateLooks } from "../lib/states.ts";
import { StateIcon } from "../ui/State.tsx";
import { Duration } from "../ui/Time.tsx";
import type { ShownTaskRun } from "./run_state.ts";

/** The tasks of a run, each line choosing whose output is shown. The twin of the graph. */
export function TaskRunTable(props: {
  readonly taskRuns: readonly ShownTaskRun[];
  readonly selected: string | null;
  readonly select: (id: string) => void;
  readonly step: (by: 1 | -1) => void;
}): JSX.Element {
  const t = useTexts();
  const walk = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    props.step(event.key === "ArrowDown" ? 1 : -1);
  };
  return (
    <ul class="task-runs" onKeyDown={walk}>
      <For each={props.taskRuns}>
        {(taskRun) => (
          <li>
            <button
              type="button"
              class="task-run"
              data-row
              aria-pressed={props.selected === taskRun.id}
              onClick={() => props.select(taskRun.id)}
            >
              <StateIcon state={taskRun.state} />
              <span class="task-run-name truncate">{taskRun.name}</span>
              <span class="task-run-why muted truncate">
                <Why taskRun={taskRun} />
              </span>
              <span class="task-run-time muted">
                <Duration startedAt={taskRun.startedAt} finishedAt={taskRun.finishedAt} />
              </span>
              <span class="task-run-state" data-tone={stateLooks[taskRun.state].tone}>
                {t(`states.${taskRun.state}`)}
              </span>
            </button>
          </li>
        )}
      </For>
    </ul>
  );
}

/** What a list can say in a few characters; the whole reason stands above the output. */
function Why(props: { readonly taskRun: ShownTaskRun }): JSX.Element {
  const t = useTexts();
  const ended = (): string | null => {
    if (props.taskRun.signal !== null) return props.taskRun.signal;
    const { exitCode } = props.taskRun;
    return exitCode === null || exitCode === 0 ? null : `${t("run.exit")} ${exitCode}`;
  };
  return (
    <>
      {[props.taskRun.attempt > 1 ? t("run.attempt", props.taskRun.attempt) : null, ended()]
        .filter((part) => part !== null).join(", ")}
    </>
  );
}
