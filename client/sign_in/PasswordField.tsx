/** A password in a form: its label, what is wrong with it, and which password the browser may offer. */
import type { FieldElementProps, FieldPath, FieldValues } from "@modular-forms/solid";
import type { JSX } from "solid-js";
import { Field } from "../ui/Field.tsx";

export function PasswordField<Values extends FieldValues, Name extends FieldPath<Values>>(props: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly complete: "current-password" | "new-password";
  /** It is where the cursor stands at first. */
  readonly first?: boolean;
  readonly field: { readonly value: string | undefined; readonly error: string };
  readonly ties: FieldElementProps<Values, Name>;
}): JSX.Element {
  return (
    <Field label={props.label} error={props.field.error} hint={props.hint}>
      {(labels) => (
        <input
          {...props.ties}
          {...labels}
          class="input"
          type="password"
          autofocus={props.first ?? props.ties.autofocus}
          autocomplete={props.complete}
          value={props.field.value ?? ""}
        />
      )}
    </Field>
  );
}
