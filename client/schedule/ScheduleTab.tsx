/** When the container fires: what became of its last slots, what is planned, and what a change would do. */
import type { JSX } from "solid-js";
import type { ShownContainer } from "../containers/container_documents.ts";
import type { ContainerEditor } from "../containers/container_editor.ts";
import { useTexts } from "../lib/services.ts";
import { Changes } from "../ui/Changes.tsx";
import { ExpressionField } from "./ExpressionField.tsx";
import { PolicyFields } from "./PolicyFields.tsx";
import { createPreview } from "./preview.ts";
import { RhythmFields } from "./RhythmFields.tsx";
import { createScheduleForm } from "./schedule_form.ts";
import { SchedulePreview } from "./SchedulePreview.tsx";
import { Simulator } from "./Simulator.tsx";
import { SlotStrip } from "./SlotStrip.tsx";
import { ZoneField } from "./ZoneField.tsx";
import "./schedule.css";

export default function ScheduleTab(props: {
  readonly editor: ContainerEditor;
  readonly container: ShownContainer;
}): JSX.Element {
  const t = useTexts();
  const form = createScheduleForm(props.editor);
  const preview = createPreview(form);
  return (
    <div class="schedule">
      <SlotStrip container={props.container} />
      <div class="schedule-columns">
        <section class="sheet form padded" aria-label={t("schedule.when")}>
          <Changes>
            <RhythmFields form={form} />
          </Changes>
          <ExpressionField form={form} preview={preview()} />
          <Changes>
            <ZoneField form={form} />
          </Changes>
        </section>
        <section class="schedule-side">
          <SchedulePreview preview={preview()} paused={!props.container.enabled} />
          <Simulator container={props.container} form={form} editor={props.editor} preview={preview()} />
        </section>
        <section class="sheet form padded" aria-label={t("schedule.policies")}>
          <Changes>
            <PolicyFields form={form} />
          </Changes>
        </section>
      </div>
    </div>
  );
}
