import { For, type JSX } from "solid-js";
import { containerOwnFields } from "../../schema/definition/container.ts";
import { namesOfKind } from "../../schema/definition/field.ts";
import { useTexts } from "../lib/services.ts";
import { Changes } from "../ui/Changes.tsx";
import { Field } from "../ui/Field.tsx";
import { NumberInput } from "../ui/NumberInput.tsx";
import { changeSettings, type SettingsDraft } from "./container_draft.ts";
import { ParameterFields } from "./ParameterFields.tsx";
import type { ContainerEditor } from "./container_editor.ts";

const numberHints = {
  timeoutSeconds: "task.seconds",
  maxParallel: "settings.maxParallelHint",
  priority: "settings.priorityHint",
} as const;

export function SettingsForm(props: { readonly editor: ContainerEditor }): JSX.Element {
  const t = useTexts();
  const settings = (): SettingsDraft => props.editor.draft.settings;
  const change = (fields: Partial<SettingsDraft>, subject: keyof SettingsDraft): void =>
    void props.editor.change((draft) => changeSettings(draft, fields), `settings.${subject}`);
  const fault = (field: keyof SettingsDraft): string | undefined =>
    props.editor.faults()[`settings.${field}`];
  return (
    <div class="sheet form padded">
      <Changes>
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
        <Field label={t("settings.tags")} hint={t("settings.tagsHint")} error={fault("tags")}>
          {(ties) => (
            <input
              {...ties}
              class="input"
              autocomplete="off"
              value={settings().tags}
              onInput={(event) => change({ tags: event.currentTarget.value }, "tags")}
            />
          )}
        </Field>
        <div class="field-grid">
          <For each={namesOfKind(containerOwnFields, "integer")}>
            {(name) => (
              <Field
                label={t(containerOwnFields[name].label)}
                hint={t(numberHints[name])}
                error={fault(name)}
              >
                {(ties) => (
                  <NumberInput
                    ties={ties}
                    least={containerOwnFields[name].min}
                    value={settings()[name]}
                    change={(value) => change({ [name]: value }, name)}
                  />
                )}
              </Field>
            )}
          </For>
        </div>
        <ParameterFields
          parameters={settings().parameters}
          fault={fault("parameters")}
          change={(parameters) => change({ parameters }, "parameters")}
        />
      </Changes>
    </div>
  );
}
