import { createSignal, For, type JSX, Show } from "solid-js";
import { namesOf, namesOfKind } from "../../schema/definition/field.ts";
import { offlinePolicies } from "../../schema/states.ts";
import { CommandField } from "../editor/CommandField.tsx";
import { useTexts } from "../lib/services.ts";
import { ChangeButton, Changes } from "../ui/Changes.tsx";
import { Field } from "../ui/Field.tsx";
import { ChevronRightIcon, Trash2Icon } from "../ui/icons.ts";
import { NumberInput } from "../ui/NumberInput.tsx";
import { Select } from "../ui/Select.tsx";
import { Switch } from "../ui/Switch.tsx";
import { changeTask, removeTask, type TaskDraft, type Wait } from "./container_draft.ts";
import type { ContainerEditor } from "./container_editor.ts";
import { formFields } from "./draft_fields.ts";
import { EnvironmentFields } from "./EnvironmentFields.tsx";
import { WaitFields } from "./WaitFields.tsx";

/** The other fields are in the part that is opened. */
const shownAlways: readonly string[] = ["name", "command"];

const numberHints = {
  timeoutSeconds: "task.seconds",
  killGraceSeconds: "task.secondsOnly",
  maxRetries: "task.retriesHint",
  retryDelaySeconds: "task.retryDelayHint",
  offlineSeconds: "task.secondsOnly",
} as const;

export interface TaskFormProps {
  readonly task: TaskDraft;
  readonly waits: readonly Wait[];
  readonly editor: ContainerEditor;
  readonly removed: () => void;
}

export function TaskForm(props: TaskFormProps): JSX.Element {
  const t = useTexts();
  const [more, setMore] = createSignal(false);
  const key = props.task.key; // A row keeps its task.
  const change = (fields: Partial<TaskDraft>, subject: keyof TaskDraft): void =>
    void props.editor.change((draft) => changeTask(draft, key, fields), `${key}.${subject}`);
  const fault = (field: string): string | undefined => props.editor.faults()[`tasks.${key}.${field}`];
  const hiddenFault = (): boolean =>
    namesOf(formFields).some((field) => !shownAlways.includes(field) && fault(field) !== undefined);
  const remove = (): void => {
    props.editor.change((draft) => removeTask(draft, key));
    props.removed();
  };
  return (
    <div class="task-form form">
      <Changes>
        <Field label={t("task.name")} error={fault("name")}>
          {(ties) => (
            <input
              {...ties}
              class="input"
              autocomplete="off"
              value={props.task.name}
              onInput={(event) => change({ name: event.currentTarget.value }, "name")}
            />
          )}
        </Field>
        <Field label={t("task.command")} hint={t("task.commandHint")} error={fault("command")}>
          {(ties) => (
            <CommandField
              ties={ties}
              label={t("task.command")}
              value={props.task.command}
              shell={props.task.shell}
              change={(command) => change({ command }, "command")}
            />
          )}
        </Field>
        <WaitFields task={props.task} waits={props.waits} editor={props.editor} fault={fault("waits")} />
        <div class="toolbar task-switches">
          <For each={namesOfKind(formFields, "boolean")}>
            {(name) => (
              <Switch
                checked={props.task[name]}
                label={t(formFields[name].label)}
                onChange={(on) => change({ [name]: on }, name)}
              />
            )}
          </For>
        </div>
      </Changes>
      <div class="toolbar task-foot">
        <button
          type="button"
          class="button quiet fold"
          aria-expanded={more() || hiddenFault()}
          onClick={() => setMore(!more())}
        >
          <ChevronRightIcon size={14} />
          {t("task.more")}
        </button>
        <span class="spread" />
        <ChangeButton class="button quiet danger" onClick={remove}>
          <Trash2Icon size={14} />
          {t("task.delete")}
        </ChangeButton>
      </div>
      <Show when={more() || hiddenFault()}>
        <Changes>
          <Limits task={props.task} change={change} fault={fault} />
        </Changes>
      </Show>
    </div>
  );
}

function Limits(props: {
  readonly task: TaskDraft;
  readonly change: (fields: Partial<TaskDraft>, subject: keyof TaskDraft) => void;
  readonly fault: (field: string) => string | undefined;
}): JSX.Element {
  const t = useTexts();
  return (
    <>
      <div class="field-grid">
        <For each={namesOfKind(formFields, "integer")}>
          {(name) => (
            <Field label={t(formFields[name].label)} hint={t(numberHints[name])} error={props.fault(name)}>
              {(ties) => (
                <NumberInput
                  ties={ties}
                  least={formFields[name].min}
                  value={props.task[name]}
                  change={(value) => props.change({ [name]: value }, name)}
                />
              )}
            </Field>
          )}
        </For>
      </div>
      <div class="field-grid">
        <For each={namesOfKind(formFields, "path")}>
          {(name) => (
            <Field
              label={t(formFields[name].label)}
              hint={name === "shell" ? undefined : t(`task.${name}Hint`)}
              error={props.fault(name)}
            >
              {(ties) => (
                <input
                  {...ties}
                  class="input mono"
                  value={props.task[name]}
                  onInput={(event) => props.change({ [name]: event.currentTarget.value }, name)}
                />
              )}
            </Field>
          )}
        </For>
      </div>
      <div class="field-grid">
        <Field
          label={t("task.requiredLabels")}
          hint={t("task.requiredLabelsHint")}
          error={props.fault("requiredLabels")}
        >
          {(ties) => (
            <input
              {...ties}
              class="input"
              autocomplete="off"
              value={props.task.requiredLabels}
              onInput={(event) =>
                props.change({ requiredLabels: event.currentTarget.value }, "requiredLabels")}
            />
          )}
        </Field>
        <Field label={t("task.offline")} hint={t(`offlineHints.${props.task.offline}`)} error={undefined}>
          {(ties) => (
            <Select
              ties={ties}
              value={props.task.offline}
              options={offlinePolicies}
              nameOf={(policy) => t(`offlinePolicies.${policy}`)}
              change={(offline) => props.change({ offline }, "offline")}
            />
          )}
        </Field>
      </div>
      <EnvironmentFields
        variables={props.task.environment}
        fault={props.fault("environment")}
        change={(environment) => props.change({ environment }, "environment")}
      />
      <Field label={t("task.description")} error={props.fault("description")}>
        {(ties) => (
          <textarea
            {...ties}
            class="textarea"
            rows={2}
            value={props.task.description}
            onInput={(event) => props.change({ description: event.currentTarget.value }, "description")}
          />
        )}
      </Field>
    </>
  );
}
