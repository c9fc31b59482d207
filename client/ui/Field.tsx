/** A field with its label, hint and refusal, tied together for those who hear the page. */
import { createUniqueId, type JSX, Show } from "solid-js";
import { CircleAlertIcon } from "./icons.ts";

/** What the control inside has to wear. */
export interface FieldTies {
  readonly id: string;
  readonly "aria-invalid": "true" | "false";
  readonly "aria-describedby": string | undefined;
}

export function Field(props: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | null | undefined;
  readonly class?: string;
  readonly children: (ties: FieldTies) => JSX.Element;
}): JSX.Element {
  const id = createUniqueId();
  const ties: FieldTies = {
    id,
    get "aria-invalid"(): "true" | "false" {
      return props.error ? "true" : "false";
    },
    get "aria-describedby"(): string | undefined {
      return props.error ? `${id}-error` : props.hint ? `${id}-hint` : undefined;
    },
  };
  return (
    <div class={`field ${props.class ?? ""}`}>
      <label class="field-label" for={id}>{props.label}</label>
      {props.children(ties)}
      <Show when={props.error}>
        {(error) => (
          <span class="field-error" id={`${id}-error`} role="alert">
            <CircleAlertIcon size={12} />
            {error()}
          </span>
        )}
      </Show>
      <Show when={props.hint && !props.error}>
        <span class="field-hint" id={`${id}-hint`}>{props.hint}</span>
      </Show>
    </div>
  );
}
