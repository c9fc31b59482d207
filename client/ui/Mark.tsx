/** The mark: three bodies on rings. Turning, it says that something runs. */
import type { JSX } from "solid-js";

export function Mark(props: { readonly size?: number; readonly turning?: boolean }): JSX.Element {
  return (
    <svg
      class="mark"
      classList={{ turning: props.turning ?? false }}
      width={props.size ?? 16}
      height={props.size ?? 16}
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      aria-hidden="true"
    >
      <g opacity="0.45">
        <circle cx="16" cy="16" r="5.5" />
        <circle cx="16" cy="16" r="9.75" />
        <circle cx="16" cy="16" r="14" />
      </g>
      <g fill="currentColor" stroke="none">
        <circle cx="16" cy="16" r="2.5" />
        <circle class="orbit" cx="16" cy="10.5" r="1.9" />
        <circle class="orbit second" cx="24.4" cy="20.9" r="2.3" />
        <circle class="orbit third" cx="4" cy="23.2" r="2.8" />
      </g>
    </svg>
  );
}
