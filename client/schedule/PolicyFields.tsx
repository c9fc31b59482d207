/** What becomes of fires that meet an active run, a server that was down, or a change of the clocks. */
import type { JSX } from "solid-js";
import { misfirePolicies, missingTimes, overlapPolicies, repeatedTimes } from "../../schema/states.ts";
import { useTexts } from "../lib/services.ts";
import { Field } from "../ui/Field.tsx";
import { NumberInput } from "../ui/NumberInput.tsx";
import { Select } from "../ui/Select.tsx";
import type { ScheduleForm } from "./schedule_form.ts";

export function PolicyFields(props: { readonly form: ScheduleForm }): JSX.Element {
  return (
    <div class="policies">
      <RunPolicies form={props.form} />
      <ClockPolicies form={props.form} />
    </div>
  );
}

function RunPolicies(props: { readonly form: ScheduleForm }): JSX.Element {
  const t = useTexts();
  return (
    <>
      <Field
        label={t("schedule.overlap")}
        hint={t(`overlapHints.${props.form.settings.overlap}`)}
        error={props.form.fault("overlap")}
      >
        {(ties) => (
          <Select
            ties={ties}
            value={props.form.settings.overlap}
            options={overlapPolicies}
            nameOf={(one) => t(`overlaps.${one}`)}
            change={(overlap) => props.form.change({ overlap }, "overlap")}
          />
        )}
      </Field>
      <Field
        label={t("schedule.misfire")}
        hint={t(`misfireHints.${props.form.settings.misfire}`)}
        error={props.form.fault("misfire")}
      >
        {(ties) => (
          <Select
            ties={ties}
            value={props.form.settings.misfire}
            options={misfirePolicies}
            nameOf={(one) => t(`misfires.${one}`)}
            change={(misfire) => props.form.change({ misfire }, "misfire")}
          />
        )}
      </Field>
      <Field
        label={t("schedule.maxCatchUp")}
        hint={t("schedule.maxCatchUpHint")}
        error={props.form.fault("maxCatchUp")}
      >
        {(ties) => (
          <NumberInput
            ties={ties}
            value={props.form.settings.maxCatchUp}
            change={(maxCatchUp) => props.form.change({ maxCatchUp }, "maxCatchUp")}
          />
        )}
      </Field>
    </>
  );
}

function ClockPolicies(props: { readonly form: ScheduleForm }): JSX.Element {
  const t = useTexts();
  return (
    <>
      <Field
        label={t("schedule.missing")}
        hint={t(`missingHints.${props.form.settings.missing}`)}
        error={props.form.fault("dst")}
      >
        {(ties) => (
          <Select
            ties={ties}
            value={props.form.settings.missing}
            options={missingTimes}
            nameOf={(one) => t(`missingTimes.${one}`)}
            change={(missing) => props.form.change({ missing }, "missing")}
          />
        )}
      </Field>
      <Field label={t("schedule.repeated")} hint={t(`repeatedHints.${props.form.settings.repeated}`)}>
        {(ties) => (
          <Select
            ties={ties}
            value={props.form.settings.repeated}
            options={repeatedTimes}
            nameOf={(one) => t(`repeatedTimes.${one}`)}
            change={(repeated) => props.form.change({ repeated }, "repeated")}
          />
        )}
      </Field>
      <Field
        label={t("schedule.lateAfter")}
        hint={t("schedule.lateAfterHint")}
        error={props.form.fault("lateAfterSeconds")}
      >
        {(ties) => (
          <NumberInput
            ties={ties}
            value={props.form.settings.lateAfterSeconds}
            change={(lateAfterSeconds) => props.form.change({ lateAfterSeconds }, "lateAfterSeconds")}
          />
        )}
      </Field>
    </>
  );
}
