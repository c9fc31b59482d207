import { For, type JSX } from "solid-js";
import type { FieldTies } from "./Field.tsx";

/** One of a few known values: the browser's own control, which every hand and every phone knows. */
export function Select<Value extends string>(props: {
  readonly ties?: FieldTies;
  readonly label?: string;
  readonly class?: string;
  readonly value: Value;
  readonly options: readonly Value[];
  readonly nameOf: (value: Value) => string;
  readonly change: (value: Value) => void;
}): JSX.Element {
  return (
    <select
      {...props.ties}
      class={`select ${props.class ?? ""}`}
      aria-label={props.label}
      onChange={(event) => {
        const chosen = props.options.find((option) => option === event.currentTarget.value);
        if (chosen !== undefined) props.change(chosen);
      }}
    >
      <For each={props.options}>
        {/* A value set on the select itself would come before its options. */}
        {(option) => <option value={option} selected={option === props.value}>{props.nameOf(option)}</option>}
      </For>
    </select>
  );
}
