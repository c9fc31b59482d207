import { createEffect, createSignal, type JSX, on, onCleanup, onMount } from "solid-js";
import { type GraphSelection, keepPresent, nothingSelected, toggleTask } from "../dag/graph_edit_state.ts";
import type { ContainerEditor } from "./container_editor.ts";
import type { ContainerLive } from "./container_live.ts";
import { ContainerGraph } from "./ContainerGraph.tsx";
import { TaskList } from "./TaskList.tsx";

/** The tasks as a list and, beside it, as a drawing: two views of one draft with one selection. */
export function GraphTab(props: {
  readonly editor: ContainerEditor;
  readonly live: ContainerLive;
  readonly selected: string | null;
  readonly select: (key: string | null) => void;
}): JSX.Element {
  let list: HTMLElement | undefined;
  const [selection, setSelection] = createSignal<GraphSelection>(nothingSelected);
  const choose = (next: GraphSelection): void => {
    setSelection(next);
    const [only, ...more] = next.tasks;
    const key = only !== undefined && more.length === 0 ? only : null;
    if (key !== props.selected) props.select(key);
  };
  // The address names one task; several are nobody else's business.
  createEffect(on(() => props.selected, (key) => {
    const { tasks } = selection();
    if (key === null) {
      if (tasks.size === 1) setSelection(nothingSelected);
    } else if (tasks.size !== 1 || !tasks.has(key)) {
      setSelection({ tasks: new Set([key]), edge: null });
    }
  }));
  createEffect(() => {
    const { tasks, waits } = props.editor.plain();
    const nodes = tasks.map(({ key, name, enabled }) => ({ id: key, name, enabled, state: null }));
    const edges = waits.map(({ upstream, downstream, condition }) => ({
      from: upstream,
      to: downstream,
      condition,
    }));
    const kept = keepPresent(selection(), nodes, edges);
    if (kept !== selection()) choose(kept);
  });
  undoByKeys(props.editor);
  const open = (key: string): void => {
    choose({ tasks: new Set([key]), edge: null });
    // The form is there with the next frame.
    requestAnimationFrame(() => list?.querySelector<HTMLElement>(".task-form .input")?.focus());
  };

  return (
    <div class="container-body">
      <section class="container-forms" ref={(element) => (list = element)}>
        <TaskList
          editor={props.editor}
          selected={props.selected}
          select={props.select}
          chosen={selection().tasks}
          toggle={(key) => choose(toggleTask(selection(), key))}
        />
      </section>
      <aside class="container-graph">
        <ContainerGraph
          editor={props.editor}
          run={props.live.run()}
          selection={selection()}
          choose={choose}
          open={open}
        />
      </aside>
    </div>
  );
}

/** Ctrl-Z and Ctrl-Shift-Z or Ctrl-Y, but not while typing: a field undoes its own letters. */
function undoByKeys(editor: ContainerEditor): void {
  const pressed = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
    const { target } = event;
    const typing = target instanceof HTMLElement &&
      (target.isContentEditable || target.matches("input,textarea,select"));
    const key = event.key.toLowerCase();
    if (typing || (key !== "z" && key !== "y")) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) editor.redo();
    else editor.undo();
  };
  onMount(() => addEventListener("keydown", pressed));
  onCleanup(() => removeEventListener("keydown", pressed));
}
