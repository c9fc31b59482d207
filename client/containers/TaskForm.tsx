import { createSignal, type JSX, Show } from "solid-js";
import { namesOf } from "../../schema/definition/field.ts";
import { CommandField } from "../editor/CommandField.tsx";
import { useTexts } from "../lib/services.ts";
import { Field } from "../ui/Field.tsx";
import { ChevronRightIcon, Trash2Icon } from "../ui/icons.ts";
import { NumberInput } from "../ui/NumberInput.tsx";
import { Switch } from "../ui/Switch.tsx";
import { changeTask, removeTask, type TaskDraft, type Wait } from "./container_draft.ts";
import type { ContainerEditor } from "./container_editor.ts";
import { formFields } from "./draft_fields.ts";
import { EnvironmentFields } from "./EnvironmentFields.tsx";
import { WaitFields } from "./WaitFields.tsx";

/** The other fields are in the part that is opened. */
const shownAlways: readonly string[] = ["name", "command"];

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
    props.editor.change((draft) => changeTask(draft, key, fields), `${key}.${subject}`);
  const fault = (field: string): string | undefined => props.editor.faults()[`tasks.${key}.${field}`];
  const hiddenFault = (): boolean =>
    namesOf(formFields).some((field) => !shownAlways.includes(field) && fault(field) !== undefined);
  const remove = (): void => {
    props.editor.change((draft) => removeTask(draft, key));
    props.removed();
  };
  return (
    <div class="task-form form">
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
        <Switch
          checked={props.task.enabled}
          label={t("task.enabled")}
          onChange={(enabled) => change({ enabled }, "enabled")}
        />
        <Switch
          checked={props.task.keepLogs}
          label={t("task.keepLogs")}
          onChange={(keepLogs) => change({ keepLogs }, "keepLogs")}
        />
        <Switch
          checked={props.task.mergeOutput}
          label={t("task.mergeOutput")}
          onChange={(mergeOutput) => change({ mergeOutput }, "mergeOutput")}
        />
      </div>
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
        <button type="button" class="button quiet danger" onClick={remove}>
          <Trash2Icon size={14} />
          {t("task.delete")}
        </button>
      </div>
      <Show when={more() || hiddenFault()}>
        <Limits task={props.task} change={change} fault={fault} />
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
        <Field label={t("task.timeout")} hint={t("task.seconds")} error={props.fault("timeoutSeconds")}>
          {(ties) => (
            <NumberInput
              ties={ties}
              value={props.task.timeoutSeconds}
              change={(timeoutSeconds) => props.change({ timeoutSeconds }, "timeoutSeconds")}
            />
          )}
        </Field>
        <Field
          label={t("task.killGrace")}
          hint={t("task.secondsOnly")}
          error={props.fault("killGraceSeconds")}
        >
          {(ties) => (
            <NumberInput
              ties={ties}
              value={props.task.killGraceSeconds}
              change={(killGraceSeconds) => props.change({ killGraceSeconds }, "killGraceSeconds")}
            />
          )}
        </Field>
        <Field label={t("task.retries")} hint={t("task.retriesHint")} error={props.fault("maxRetries")}>
          {(ties) => (
            <NumberInput
              ties={ties}
              value={props.task.maxRetries}
              change={(maxRetries) => props.change({ maxRetries }, "maxRetries")}
            />
          )}
        </Field>
        <Field
          label={t("task.retryDelay")}
          hint={t("task.retryDelayHint")}
          error={props.fault("retryDelaySeconds")}
        >
          {(ties) => (
            <NumberInput
              ties={ties}
              value={props.task.retryDelaySeconds}
              change={(retryDelaySeconds) => props.change({ retryDelaySeconds }, "retryDelaySeconds")}
            />
          )}
        </Field>
      </div>
      <div class="field-grid">
        <Field label={t("task.shell")} error={props.fault("shell")}>
          {(ties) => (
            <input
              {...ties}
              class="input mono"
              value={props.task.shell}
              onInput={(event) => props.change({ shell: event.currentTarget.value }, "shell")}
            />
          )}
        </Field>
        <Field label={t("task.directory")} hint={t("task.directoryHint")} error={props.fault("directory")}>
          {(ties) => (
            <input
              {...ties}
              class="input mono"
              value={props.task.directory}
              onInput={(event) => props.change({ directory: event.currentTarget.value }, "directory")}
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
