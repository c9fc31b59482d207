import { For, type JSX, Show } from "solid-js";
import { joinRules, type RelationCondition, relationConditions } from "../../schema/states.ts";
import { conditionLooks } from "../dag/graph_model.ts";
import { useTexts } from "../lib/services.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { XIcon } from "../ui/icons.ts";
import { Select } from "../ui/Select.tsx";
import { changeTask, possibleUpstreams, setWait, type TaskDraft, type Wait } from "./container_draft.ts";
import type { ContainerEditor } from "./container_editor.ts";

/** What a task waits for, each with how it has to end. Only what closes no cycle can be added. */
export function WaitFields(props: {
  readonly task: TaskDraft;
  readonly waits: readonly Wait[];
  readonly editor: ContainerEditor;
  readonly fault: string | undefined;
}): JSX.Element {
  const t = useTexts();
  const nameOf = (key: string): string => props.editor.nameOf(key) || "…";
  const set = (upstream: string, condition: RelationCondition | null): void =>
    void props.editor.change((draft) => setWait(draft, upstream, props.task.key, condition));
  const possible = (): readonly TaskDraft[] => possibleUpstreams(props.editor.plain(), props.task.key);
  return (
    <fieldset class="field waits">
      <legend class="field-label">{t("task.waits")}</legend>
      <Show when={props.waits.length === 0}>
        <span class="muted">{t("task.waitsNone")}</span>
      </Show>
      <For each={props.waits.map(({ upstream }) => upstream)}>
        {(upstream) => (
          <WaitRow
            name={nameOf(upstream)}
            condition={props.waits.find((wait) => wait.upstream === upstream)?.condition ?? "SUCCESS"}
            set={(condition) => set(upstream, condition)}
          />
        )}
      </For>
      <div class="waits-foot">
        <Show
          when={possible().length > 0}
          fallback={<span class="field-hint">{t("task.noMoreTasks")}</span>}
        >
          <select
            class="select waits-add"
            aria-label={t("task.waitsAdd")}
            onChange={(event) => {
              set(event.currentTarget.value, "SUCCESS");
              event.currentTarget.value = "";
            }}
          >
            <option value="" selected>{t("task.waitsAdd")}</option>
            <For each={possible()}>{(task) => <option value={task.key}>{task.name || "…"}</option>}</For>
          </select>
        </Show>
        <Show when={props.waits.length > 1}>
          <label class="waits-join">
            <span>{t("task.join")}</span>
            <Select
              value={props.task.join}
              options={joinRules}
              nameOf={(rule) => t(`joins.${rule}`)}
              change={(join) => props.editor.change((draft) => changeTask(draft, props.task.key, { join }))}
            />
          </label>
        </Show>
      </div>
      <Show when={props.fault}>{(fault) => <span class="field-error" role="alert">{fault()}</span>}</Show>
    </fieldset>
  );
}

function WaitRow(props: {
  readonly name: string;
  readonly condition: RelationCondition;
  readonly set: (condition: RelationCondition | null) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <div class="wait-row" data-tone={conditionLooks[props.condition].tone}>
      <span class="wait-line" data-line={conditionLooks[props.condition].line} aria-hidden="true" />
      <span class="truncate">{props.name}</span>
      <Select
        label={t("task.condition", props.name)}
        value={props.condition}
        options={relationConditions}
        nameOf={(one) => t(`conditions.${one}`)}
        change={(condition) => props.set(condition)}
      />
      <IconButton name={t("task.waitsRemove", props.name)} press={() => props.set(null)}>
        <XIcon />
      </IconButton>
    </div>
  );
}
