/** The parameters of a container's runs, each with what is asked of its values. */
import { Index, type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { Field } from "../ui/Field.tsx";
import { PlusIcon, XIcon } from "../ui/icons.ts";
import { Select } from "../ui/Select.tsx";
import { newParameter, type ParameterDraft, parameterKinds } from "./parameter_draft.ts";

interface ParameterRowProps {
  readonly parameter: ParameterDraft;
  readonly number: number;
  readonly change: (change: Partial<ParameterDraft>) => void;
  readonly remove: () => void;
}

export function ParameterFields(props: {
  readonly parameters: readonly ParameterDraft[];
  readonly fault: string | undefined;
  readonly change: (parameters: readonly ParameterDraft[]) => void;
}): JSX.Element {
  const t = useTexts();
  const put = (place: number, change: Partial<ParameterDraft>): void =>
    props.change(
      props.parameters.map((parameter, index) => index === place ? { ...parameter, ...change } : parameter),
    );
  return (
    <fieldset class="field parameters">
      <legend class="field-label">{t("settings.parameters")}</legend>
      <span class="field-hint">{t("settings.parametersHint")}</span>
      <Index each={props.parameters}>
        {(parameter, index) => (
          <ParameterRow
            parameter={parameter()}
            number={index + 1}
            change={(change) => put(index, change)}
            remove={() => props.change(props.parameters.filter((_other, place) => place !== index))}
          />
        )}
      </Index>
      <Show when={props.fault}>{(fault) => <span class="field-error" role="alert">{fault()}</span>}</Show>
      <div>
        <button
          type="button"
          class="button quiet"
          onClick={() => props.change([...props.parameters, newParameter])}
        >
          <PlusIcon size={13} />
          {t("parameters.add")}
        </button>
      </div>
    </fieldset>
  );
}

function ParameterRow(props: ParameterRowProps): JSX.Element {
  const t = useTexts();
  const kind = (): ParameterDraft["kind"] => props.parameter.kind;
  return (
    <div class="parameter-row" role="group" aria-label={t("parameters.group", props.number)}>
      <TextField {...props} part="name" label={t("parameters.name")} mono />
      <Field label={t("parameters.kind")}>
        {(ties) => (
          <Select
            ties={ties}
            value={kind()}
            options={parameterKinds.filter((option) => option !== "other" || kind() === "other")}
            nameOf={(option) => t(`parameters.kinds.${option}`)}
            change={(chosen) => props.change({ kind: chosen })}
          />
        )}
      </Field>
      <TextField {...props} part="default" label={t("parameters.default")} mono />
      <TextField {...props} part="title" label={t("parameters.title")} />
      <TextField {...props} part="description" label={t("parameters.description")} />
      <Show when={kind() === "text"}>
        <TextField {...props} part="pattern" label={t("parameters.pattern")} mono />
      </Show>
      <Show when={kind() === "integer" || kind() === "number"}>
        <TextField {...props} part="minimum" label={t("parameters.minimum")} mono />
        <TextField {...props} part="maximum" label={t("parameters.maximum")} mono />
      </Show>
      <Show when={kind() === "choice"}>
        <Field label={t("parameters.choices")}>
          {(ties) => (
            <textarea
              {...ties}
              class="textarea mono"
              rows={3}
              value={props.parameter.choices}
              onInput={(event) => props.change({ choices: event.currentTarget.value })}
            />
          )}
        </Field>
      </Show>
      <div class="parameter-end">
        <label class="check">
          <input
            type="checkbox"
            checked={props.parameter.required}
            onChange={(event) => props.change({ required: event.currentTarget.checked })}
          />
          {t("parameters.required")}
        </label>
        <button
          type="button"
          class="button quiet icon"
          aria-label={t("parameters.remove", props.parameter.name || String(props.number))}
          onClick={() => props.remove()}
        >
          <XIcon />
        </button>
      </div>
    </div>
  );
}

function TextField(
  props: ParameterRowProps & {
    readonly part: "name" | "title" | "description" | "pattern" | "minimum" | "maximum" | "default";
    readonly label: string;
    readonly mono?: boolean;
  },
): JSX.Element {
  return (
    <Field label={props.label}>
      {(ties) => (
        <input
          {...ties}
          class="input"
          classList={{ mono: props.mono ?? false }}
          autocomplete="off"
          spellcheck={false}
          value={props.parameter[props.part]}
          onInput={(event) => props.change({ [props.part]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}
