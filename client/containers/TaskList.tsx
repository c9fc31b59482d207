/** The tasks of the draft: one line each, the selected one unfolded into its form. */
import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  For,
  type JSX,
  on,
  onCleanup,
  Show,
} from "solid-js";
import { tellingLine } from "../lib/commands.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Blank } from "../ui/faces.tsx";
import { ChevronRightIcon, PlusIcon } from "../ui/icons.ts";
import { addTask, type TaskDraft, type Wait } from "./container_draft.ts";
import type { ContainerEditor } from "./container_editor.ts";
import { TaskForm } from "./TaskForm.tsx";

const FIRST_ROWS = 60;
const MORE_ROWS = 120;
/** What the drawing beside it needs more comes between. */
const ROWS_REST_MS = 50;

export function TaskList(props: {
  readonly editor: ContainerEditor;
  readonly selected: string | null;
  readonly select: (key: string | null) => void;
  /** What is selected here and on the drawing, the open one among them. */
  readonly chosen: ReadonlySet<string>;
  /** Adds a task to what is selected, or takes it out. */
  readonly toggle: (key: string) => void;
}): JSX.Element {
  const { clock } = useServices();
  const t = useTexts();
  let added = 0;
  const add = (): void => {
    const key = `new-${clock()}-${++added}`;
    props.editor.change((draft) => addTask(draft, key, (number) => t("task.fresh", number)));
    props.select(key);
  };
  const rows = createRows(props);
  return (
    <>
      <Show
        when={props.editor.draft.tasks.length > 0}
        fallback={<Blank title={t("task.emptyTitle")} text={t("task.emptyText")} />}
      >
        <ul class="sheet task-list">
          <For each={rows()}>
            {(task) => (
              <TaskItem
                task={task}
                editor={props.editor}
                open={props.selected === task.key}
                chosen={props.chosen.has(task.key)}
                toggle={(several) => {
                  if (several) props.toggle(task.key);
                  else props.select(props.selected === task.key ? null : task.key);
                }}
                select={props.select}
              />
            )}
          </For>
        </ul>
      </Show>
      <div class="task-add">
        <ChangeButton class="button" onClick={add}>
          <PlusIcon />
          {t("task.add")}
        </ChangeButton>
      </div>
    </>
  );
}

/** The first rows at once and the others when there is time for them: a long list must not hold up the drawing. */
function createRows(
  props: { readonly editor: ContainerEditor; readonly selected: string | null },
): Accessor<readonly TaskDraft[]> {
  const [shown, setShown] = createSignal(FIRST_ROWS);
  const selectedPlace = createMemo(() =>
    props.editor.plain().tasks.findIndex(({ key }) => key === props.selected)
  );
  createEffect(() => {
    if (shown() >= props.editor.draft.tasks.length) return;
    const waiting = setTimeout(() => setShown((count) => count + MORE_ROWS), ROWS_REST_MS);
    onCleanup(() => clearTimeout(waiting));
  });
  return createMemo(() => props.editor.draft.tasks.slice(0, Math.max(shown(), selectedPlace() + 1)));
}

function TaskItem(props: {
  readonly task: TaskDraft;
  readonly editor: ContainerEditor;
  readonly open: boolean;
  readonly chosen: boolean;
  /** `several`: with what is selected already. */
  readonly toggle: (several: boolean) => void;
  readonly select: (key: string | null) => void;
}): JSX.Element {
  const t = useTexts();
  const formId = createUniqueId();
  let item: HTMLLIElement | undefined;
  createEffect(on(() => props.open, (open) => {
    if (!open) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    item?.scrollIntoView({ block: "nearest", behavior: still ? "instant" : "smooth" });
  }, { defer: true }));
  const waits = (): readonly Wait[] => props.editor.waitsOf(props.task.key);
  const faulty = (): boolean =>
    Object.keys(props.editor.faults()).some((field) => field.startsWith(`tasks.${props.task.key}.`));
  return (
    <li
      ref={(element) => (item = element)}
      class="task-item"
      classList={{
        open: props.open,
        chosen: props.chosen && !props.open,
        changed: props.editor.changed().has(props.task.key),
        faulty: faulty(),
      }}
    >
      <button
        type="button"
        class="task-line"
        data-row
        aria-expanded={props.open}
        aria-controls={formId}
        onClick={(event) => props.toggle(event.shiftKey || event.ctrlKey || event.metaKey)}
      >
        <ChevronRightIcon size={14} class="task-chevron" />
        <span class="task-name truncate">{props.task.name || "…"}</span>
        <Show when={props.chosen && !props.open}>
          <span class="unseen">{t("task.chosen")}</span>
        </Show>
        <code class="task-command truncate muted">{tellingLine(props.task.command)}</code>
        <span class="task-marks">
          <Show when={!props.task.enabled}>
            <span class="chip">{t("task.disabled")}</span>
          </Show>
          <WaitMarks waits={waits()} nameOf={props.editor.nameOf} />
        </span>
      </button>
      <div id={formId}>
        <Show when={props.open}>
          <TaskForm
            task={props.task}
            waits={waits()}
            editor={props.editor}
            removed={() => props.select(null)}
          />
        </Show>
      </div>
    </li>
  );
}

/** What a task waits for, shortly: one name, or how many. */
function WaitMarks(props: {
  readonly waits: readonly Wait[];
  readonly nameOf: (key: string) => string;
}): JSX.Element {
  const t = useTexts();
  const names = (): readonly string[] => props.waits.map(({ upstream }) => props.nameOf(upstream));
  return (
    <Show when={props.waits.length > 0}>
      <span class="chip truncate" title={names().join(", ")}>
        {t("task.after")} {props.waits.length === 1 ? names()[0] : t("task.afterMany", props.waits.length)}
      </span>
    </Show>
  );
}
