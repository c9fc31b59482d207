/** What becomes of times that a change of the clocks leaves out or brings twice. */
import { builder } from "./builder.ts";
import type { ClockChange } from "../../server/domain/schedules/interface.ts";
import { MissingTimeEnum, RepeatedTimeEnum } from "./enums.ts";

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
    missing: t.field({ type: MissingTimeEnum, defaultValue: "SHIFT", description: texts.missing }),
    repeated: t.field({ type: RepeatedTimeEnum, defaultValue: "FIRST", description: texts.repeated }),
  }),
});
