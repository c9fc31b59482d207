import { createEffect, For, type JSX, on, onMount } from "solid-js";
import type { ShownTaskRun } from "./run_state.ts";
import { findTaskRunRow, TaskRunEnding, TaskRunRow } from "./TaskRunRow.tsx";

export interface TaskRunTableProps {
  readonly taskRuns: readonly ShownTaskRun[];
  readonly selected: string | null;
  readonly select: (id: string) => void;
  readonly step: (by: 1 | -1) => void;
  /** Keeps in view what is selected; not where the page itself would scroll under the reader. */
  readonly follows: boolean;
  /** What stands in each line instead of how the task ended. */
  readonly bar?: (index: () => number) => JSX.Element;
}

/** The tasks of a run, each line choosing whose output is shown. The twin of the graph. */
export function TaskRunTable(props: TaskRunTableProps): JSX.Element {
  let list: HTMLUListElement | undefined;
  const walk = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    props.step(event.key === "ArrowDown" ? 1 : -1);
  };
  const reveal = (): void => {
    if (props.selected !== null) findTaskRunRow(props.selected)?.scrollIntoView({ block: "nearest" });
  };
  onMount(reveal);
  // Not under the pointer or the focus of somebody who looks at other lines.
  createEffect(on(() => props.selected, () => {
    if (props.follows && list?.matches(":hover, :focus-within") === false) reveal();
  }, { defer: true }));
  return (
    <ul class="task-runs" ref={(element) => (list = element)} onKeyDown={walk}>
      <For each={props.taskRuns}>
        {(taskRun, index) => (
          <TaskRunRow
            taskRun={taskRun}
            selected={props.selected === taskRun.id}
            select={() => props.select(taskRun.id)}
          >
            {props.bar === undefined ? <TaskRunEnding taskRun={taskRun} /> : props.bar(index)}
          </TaskRunRow>
        )}
      </For>
    </ul>
  );
}
