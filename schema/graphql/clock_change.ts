/** What becomes of times that a change of the clocks leaves out or brings twice. */
import { scheduleFields } from "../definition/container.ts";
import type { ClockChange } from "../definition/field.ts";
import { builder } from "./builder.ts";
import { MissingTimeEnum, RepeatedTimeEnum } from "./enums.ts";

const usual = scheduleFields.dst.default;

const texts = {
  missing: "What becomes of a time that the clocks leave out when they are put forward.",
  repeated: "What becomes of a time that comes twice when the clocks are put back.",
} as const;

export const ClockChangeType = builder.objectRef<ClockChange>("ClockChange").implement({
  description: "What becomes of times that a change of the clocks leaves out or brings twice.",
  fields: (t) => ({
    missing: t.expose("missing", { type: MissingTimeEnum, description: texts.missing }),
    repeated: t.expose("repeated", { type: RepeatedTimeEnum, description: texts.repeated }),
  }),
});

export const ClockChangeInput = builder.inputType("ClockChangeInput", {
  description:
    "What becomes of times that a change of the clocks leaves out or brings twice. What is left out is the default, null is as it was.",
  fields: (t) => ({
    missing: t.field({ type: MissingTimeEnum, defaultValue: usual.missing, description: texts.missing }),
    repeated: t.field({ type: RepeatedTimeEnum, defaultValue: usual.repeated, description: texts.repeated }),
  }),
});
