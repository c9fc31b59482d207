import type { JSX } from "solid-js";
import type { ContainerEditor } from "../containers/container_editor.ts";
import { ScheduleForm } from "./ScheduleForm.tsx";

/** When the container fires: what is planned, and what became of it. */
export default function ScheduleTab(props: { readonly editor: ContainerEditor }): JSX.Element {
  return (
    <section class="container-forms">
      <ScheduleForm editor={props.editor} />
    </section>
  );
}
