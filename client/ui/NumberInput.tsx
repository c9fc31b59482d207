import type { JSX } from "solid-js";
import type { FieldTies } from "./Field.tsx";

/** A whole number; null while the field is empty, no number yet, or above the most that it takes. */
export function NumberInput(props: {
  readonly ties: FieldTies;
  readonly value: number | null;
  readonly least?: number;
  readonly most?: number;
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
      max={props.most}
      value={props.value ?? ""}
      onInput={(event) => {
        const { valueAsNumber, validity } = event.currentTarget;
        const within = !validity.rangeOverflow && !validity.rangeUnderflow;
        props.change(
          Number.isInteger(valueAsNumber) && (within || props.most === undefined) ? valueAsNumber : null,
        );
      }}
    />
  );
}
