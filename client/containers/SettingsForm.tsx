import type { JSX } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { Field } from "../ui/Field.tsx";
import { NumberInput } from "../ui/NumberInput.tsx";
import { changeSettings, type SettingsDraft } from "./container_draft.ts";
import type { ContainerEditor } from "./container_editor.ts";

export function SettingsForm(props: { readonly editor: ContainerEditor }): JSX.Element {
  const t = useTexts();
  const settings = (): SettingsDraft => props.editor.draft.settings;
  const change = (fields: Partial<SettingsDraft>, subject: keyof SettingsDraft): void =>
    props.editor.change((draft) => changeSettings(draft, fields), `settings.${subject}`);
  const fault = (field: keyof SettingsDraft): string | undefined =>
    props.editor.faults()[`settings.${field}`];
  return (
    <div class="sheet form padded">
      <Field label={t("settings.name")} error={fault("name")}>
        {(ties) => (
          <input
            {...ties}
            class="input"
            autocomplete="off"
            value={settings().name}
            onInput={(event) => change({ name: event.currentTarget.value }, "name")}
          />
        )}
      </Field>
      <Field label={t("settings.description")} error={fault("description")}>
        {(ties) => (
          <textarea
            {...ties}
            class="textarea"
            rows={3}
            value={settings().description}
            onInput={(event) => change({ description: event.currentTarget.value }, "description")}
          />
        )}
      </Field>
      <div class="field-grid">
        <Field label={t("settings.timeout")} hint={t("task.seconds")} error={fault("timeoutSeconds")}>
          {(ties) => (
            <NumberInput
              ties={ties}
              value={settings().timeoutSeconds}
              change={(timeoutSeconds) => change({ timeoutSeconds }, "timeoutSeconds")}
            />
          )}
        </Field>
        <Field
          label={t("settings.maxParallel")}
          hint={t("settings.maxParallelHint")}
          error={fault("maxParallel")}
        >
          {(ties) => (
            <NumberInput
              ties={ties}
              value={settings().maxParallel}
              change={(maxParallel) => change({ maxParallel }, "maxParallel")}
            />
          )}
        </Field>
        <Field label={t("settings.priority")} hint={t("settings.priorityHint")} error={fault("priority")}>
          {(ties) => (
            <NumberInput
              ties={ties}
              least={-1_000_000}
              value={settings().priority}
              change={(priority) => change({ priority }, "priority")}
            />
          )}
        </Field>
      </div>
    </div>
  );
}
