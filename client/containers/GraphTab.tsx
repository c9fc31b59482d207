import { createEffect, createSignal, For, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { type GraphSelection, keepPresent, nothingSelected, toggleTask } from "../dag/graph_edit_state.ts";
import { createMedia } from "../lib/media.ts";
import { useTexts } from "../lib/services.ts";
import type { ContainerEditor } from "./container_editor.ts";
import type { ContainerLive } from "./container_live.ts";
import { type GraphPart, graphParts } from "./container_tabs.ts";
import { ContainerGraph } from "./ContainerGraph.tsx";
import { TaskList } from "./TaskList.tsx";

/** Too narrow for a list and a drawing in one window: they take turns, the list first. As in container.css. */
const NARROW = "(max-width: 640px)";

/** The tasks as a list and, beside it, as a drawing: two views of one draft with one selection. */
export function GraphTab(props: {
  readonly editor: ContainerEditor;
  readonly live: ContainerLive;
  readonly selected: string | null;
  readonly part: GraphPart;
  /** Selects a task, and shows a part when one is given. */
  readonly select: (key: string | null, part?: GraphPart) => void;
}): JSX.Element {
  const narrow = createMedia(NARROW);
  const shows = (part: GraphPart): boolean => !narrow() || props.part === part;
  let list: HTMLElement | undefined;
  let opening = false;
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
  /** The form is there with the next frame. */
  const enter = (): void => {
    opening = false;
    requestAnimationFrame(() => list?.querySelector<HTMLElement>(".task-form .input")?.focus());
  };
  const open = (key: string): void => {
    setSelection({ tasks: new Set([key]), edge: null });
    opening = true;
    const there = shows("tasks");
    props.select(key, "tasks");
    if (there) enter();
  };
  createEffect(on(() => shows("tasks"), (shown) => {
    if (shown && opening) enter();
  }, { defer: true }));

  return (
    <div class="container-body">
      <Show when={narrow()}>
        <PartSwitch part={props.part} show={(part) => props.select(props.selected, part)} />
      </Show>
      <Show when={shows("tasks")}>
        <section class="container-forms" ref={(element) => (list = element)}>
          <TaskList
            editor={props.editor}
            selected={props.selected}
            select={props.select}
            chosen={selection().tasks}
            toggle={(key) => choose(toggleTask(selection(), key))}
          />
        </section>
      </Show>
      <Show when={shows("drawing")}>
        <aside class="container-graph">
          <ContainerGraph
            editor={props.editor}
            run={props.live.run()}
            selection={selection()}
            choose={choose}
            open={open}
          />
        </aside>
      </Show>
    </div>
  );
}

function PartSwitch(props: {
  readonly part: GraphPart;
  readonly show: (part: GraphPart) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <div class="container-parts">
      <div class="segments" role="group" aria-label={t("container.parts")}>
        <For each={graphParts}>
          {(part) => (
            <button
              type="button"
              class="segment"
              aria-pressed={props.part === part}
              onClick={() => props.show(part)}
            >
              {t(part === "tasks" ? "container.partTasks" : "container.partDrawing")}
            </button>
          )}
        </For>
      </div>
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
