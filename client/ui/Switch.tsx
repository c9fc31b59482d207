import { Switch as Kobalte } from "@kobalte/core/switch";
import { type JSX, Show } from "solid-js";
import { useServices } from "../lib/services.ts";

/** Switches a setting on or off. The label is always said, and shown unless the place already says it. */
export function Switch(props: {
  readonly checked: boolean;
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly onChange: (checked: boolean) => void;
}): JSX.Element {
  const { readOnly } = useServices();
  return (
    <Kobalte
      class="switch"
      title={readOnly()}
      checked={props.checked}
      disabled={readOnly() !== undefined}
      onChange={(checked) => props.onChange(checked)}
    >
      <Kobalte.Input class="switch-input" aria-label={props.label} />
      <Kobalte.Control class="switch-track">
        <Kobalte.Thumb class="switch-thumb" />
      </Kobalte.Control>
      <Show when={!props.hideLabel}>
        <Kobalte.Label>{props.label}</Kobalte.Label>
      </Show>
    </Kobalte>
  );
}
