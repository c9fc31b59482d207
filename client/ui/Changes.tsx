/** Controls that change something. Whoever has read-only access sees them disabled, with the reason. */
import { type JSX, splitProps } from "solid-js";
import { useServices } from "../lib/services.ts";

/** A button that changes something; `title` is shown to those who may press it. */
export function ChangeButton(
  props: JSX.ButtonHTMLAttributes<HTMLButtonElement> & {
    /** It starts or stops runs, and changes nothing else. */
    readonly runs?: boolean;
  },
): JSX.Element {
  const services = useServices();
  const [own, rest] = splitProps(props, ["runs"]);
  const readOnly = (): string | undefined => services.readOnly(own.runs ? "run" : undefined);
  return (
    <button
      type="button"
      {...rest}
      disabled={props.disabled === true || readOnly() !== undefined}
      title={readOnly() ?? props.title}
    />
  );
}

/** All fields and buttons in it, without a box of its own. */
export function Changes(props: { readonly children: JSX.Element }): JSX.Element {
  const { readOnly } = useServices();
  return (
    <fieldset
      class="changes"
      role={readOnly() === undefined ? "presentation" : "group"}
      disabled={readOnly() !== undefined}
      title={readOnly()}
    >
      {props.children}
    </fieldset>
  );
}
