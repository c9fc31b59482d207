/** A button that shows an icon alone: its name is read out, and shown to whoever points at it. */
import type { JSX } from "solid-js";
import { useServices } from "../lib/services.ts";

export function IconButton(props: {
  readonly name: string;
  /** The keys that do the same, for whoever points at it. */
  readonly keys?: string;
  /** Given where it stays pressed. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  /** It changes something: disabled, with the reason, for those with read-only access. */
  readonly changes?: boolean;
  readonly class?: string;
  readonly press: () => void;
  readonly children: JSX.Element;
}): JSX.Element {
  const { readOnly } = useServices();
  const barred = (): string | undefined => props.changes ? readOnly() : undefined;
  return (
    <button
      type="button"
      class={`button quiet icon ${props.class ?? ""}`}
      aria-label={props.name}
      title={barred() ?? (props.keys === undefined ? props.name : `${props.name} (${props.keys})`)}
      aria-pressed={props.pressed}
      disabled={props.disabled === true || barred() !== undefined}
      onClick={() => props.press()}
    >
      {props.children}
    </button>
  );
}
