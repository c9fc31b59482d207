/** Cron expressions, looked at before they are used. */
import { FIRES_MOST, readCount } from "./arguments.ts";
import { builder } from "./builder.ts";
import type { CronPreview } from "./context.ts";
import { resultUnion } from "./errors.ts";

const CronPreviewType = builder.objectRef<CronPreview>("CronPreview").implement({
  description: "What an expression means.",
  fields: (t) => ({
    description: t.exposeString("description", { description: "In words." }),
    fires: t.field({
      type: ["DateTime"],
      description: "Strictly after `from`; empty when there is none, ever.",
      resolve: ({ fires }) => fires,
    }),
    minimumGapSeconds: t.exposeFloat("minimumGapSeconds", {
      nullable: true,
      description: "Smallest gap between two fires in seconds; null when there are not two.",
    }),
  }),
});

const CronPreviewResult = resultUnion(
  "CronPreviewResult",
  CronPreviewType,
  ["InvalidCronError", "InvalidInputError"],
  "What the expression means, or where its fault is.",
);

builder.queryField("cronPreview", (t) =>
  t.field({
    type: CronPreviewResult.type,
    description: "`@every` counts from `from` here. language: en or zh.",
    args: {
      expression: t.arg.string({
        required: true,
        description: "Cron expression or macro, as a container takes it.",
      }),
      timezone: t.arg.string({
        defaultValue: "UTC",
        description: "IANA time zone that it is read in; null = UTC.",
      }),
      from: t.arg({ type: "DateTime", description: "Where to begin; null = now." }),
      count: t.arg.int({ defaultValue: 5, description: `How many fires at most, 0 to ${FIRES_MOST}.` }),
      language: t.arg.string({ defaultValue: "en", description: "Of the description: en or zh; null = en." }),
    },
    resolve: (_root, { expression, timezone, from, count, language }, { app }) =>
      CronPreviewResult.answer([], async () =>
        await app.schedules.preview({
          expression,
          timezone: timezone ?? "UTC",
          from: from ?? null,
          count: readCount(count),
          language: language ?? "en",
        })),
  }));
