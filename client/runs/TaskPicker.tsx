/**
 * Where there is no room for the list of tasks beside the output: what else failed, the task before and the one after,
 * how the others do, and the way to all of them.
 */
import { For, type JSX, Show } from "solid-js";
import { countStates } from "../dag/graph_model.ts";
import { useTexts } from "../lib/services.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { ChevronLeftIcon, ChevronRightIcon } from "../ui/icons.ts";
import { StateIcon } from "../ui/State.tsx";
import { type ShownTaskRun, tasksInNeed } from "./run_state.ts";
import { TaskRunEnding, TaskRunRow } from "./TaskRunRow.tsx";

export function TaskPicker(props: {
  readonly taskRuns: readonly ShownTaskRun[];
  readonly selected: string | null;
  readonly select: (id: string) => void;
  readonly step: (by: 1 | -1) => void;
  readonly showAll: () => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <nav class="task-picker" aria-label={t("run.tasks")}>
      <ul class="task-runs">
        <For each={tasksInNeed(props.taskRuns, props.selected)}>
          {(taskRun) => (
            <TaskRunRow
              taskRun={taskRun}
              selected={props.selected === taskRun.id}
              select={() => props.select(taskRun.id)}
            >
              <TaskRunEnding taskRun={taskRun} />
            </TaskRunRow>
          )}
        </For>
      </ul>
      <Show when={props.taskRuns.length > 1}>
        <div class="task-steps">
          <IconButton
            name={t("runEnd.previousTask")}
            keys="K"
            disabled={props.taskRuns[0]?.id === props.selected}
            press={() => props.step(-1)}
          >
            <ChevronLeftIcon />
          </IconButton>
          <button type="button" class="button quiet task-all" onClick={() => props.showAll()}>
            {t("run.allTasks", props.taskRuns.length)}
            <For each={countStates(props.taskRuns)}>
              {([state, count]) => (
                <span class="task-count" title={`${count} ${t(`states.${state}`)}`}>
                  <StateIcon state={state} size={13} />
                  {count}
                  <span class="unseen">{t(`states.${state}`)}</span>
                </span>
              )}
            </For>
          </button>
          <IconButton
            name={t("runEnd.nextTask")}
            keys="J"
            disabled={props.taskRuns.at(-1)?.id === props.selected}
            press={() => props.step(1)}
          >
            <ChevronRightIcon />
          </IconButton>
        </div>
      </Show>
    </nav>
  );
}
