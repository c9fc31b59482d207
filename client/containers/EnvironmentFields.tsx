import { Index, type JSX, Show } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { PlusIcon, XIcon } from "../ui/icons.ts";
import type { Variable } from "./draft_fields.ts";

/** Variables as rows of name and value. A value may have several lines, so they are no text of NAME=value. */
export function EnvironmentFields(props: {
  readonly variables: readonly Variable[];
  readonly fault: string | undefined;
  readonly change: (variables: readonly Variable[]) => void;
}): JSX.Element {
  const t = useTexts();
  const put = (place: number, change: Partial<Variable>): void =>
    props.change(
      props.variables.map((variable, index) => index === place ? { ...variable, ...change } : variable),
    );
  const remove = (place: number): void =>
    props.change(props.variables.filter((_variable, index) => index !== place));
  return (
    <fieldset class="field">
      <legend class="field-label">{t("task.environment")}</legend>
      <Index each={props.variables}>
        {(variable, index) => (
          <div class="variable-row">
            <input
              class="input mono"
              aria-label={t("task.variable", index + 1)}
              placeholder="NAME"
              spellcheck={false}
              autocapitalize="none"
              value={variable().name}
              onInput={(event) => put(index, { name: event.currentTarget.value })}
            />
            <textarea
              class="textarea mono"
              rows={Math.min(6, variable().value.split("\n").length)}
              aria-label={t("task.value", index + 1)}
              spellcheck={false}
              value={variable().value}
              onInput={(event) => put(index, { value: event.currentTarget.value })}
            />
            <button
              type="button"
              class="button quiet icon"
              aria-label={t("task.variableRemove", index + 1)}
              onClick={() => remove(index)}
            >
              <XIcon />
            </button>
          </div>
        )}
      </Index>
      <Show when={props.fault}>{(fault) => <span class="field-error" role="alert">{fault()}</span>}</Show>
      <div>
        <button
          type="button"
          class="button quiet"
          onClick={() => props.change([...props.variables, { name: "", value: "" }])}
        >
          <PlusIcon size={13} />
          {t("task.variableAdd")}
        </button>
      </div>
    </fieldset>
  );
}
