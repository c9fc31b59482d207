import type { JSX } from "solid-js";
import type { FieldTies } from "./Field.tsx";

/** A whole number; null while the field is empty or no number yet. */
export function NumberInput(props: {
  readonly ties: FieldTies;
  readonly value: number | null;
  readonly least?: number;
  readonly change: (value: number | null) => void;
}): JSX.Element {
  return (
    <input
      {...props.ties}
      class="input"
      type="number"
      inputmode="numeric"
      step="1"
      min={props.least ?? 0}
      value={props.value ?? ""}
      onInput={(event) => {
        const { valueAsNumber } = event.currentTarget;
        props.change(Number.isInteger(valueAsNumber) ? valueAsNumber : null);
      }}
    />
  );
}
