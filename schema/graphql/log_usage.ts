/** How much room stored output takes. */
import { searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import type { LogUsage } from "../../server/domain/logs/interface.ts";

const LogDayType = builder.objectRef<LogUsage["days"][number]>("LogDay").implement({
  description: "Output that was stored on one day.",
  fields: (t) => ({
    day: t.exposeString("day", { description: "The day in UTC, as YYYY-MM-DD." }),
    bytes: t.exposeFloat("bytes", { description: "Bytes that it takes in the database, compressed." }),
    lines: t.exposeFloat("lines", { description: "How many lines." }),
  }),
});

const LogUsageType = builder.objectRef<LogUsage>("LogUsage").implement({
  description: "Output that is stored now.",
  fields: (t) => ({
    bytes: t.exposeFloat("bytes", {
      description:
        "Bytes that it takes in the database, compressed, with what it is searched by; without indexes.",
    }),
    lines: t.exposeFloat("lines", { description: "How many lines." }),
    days: t.field({
      type: [LogDayType],
      description: "By the day on which it was stored, oldest first; days without output are left out.",
      resolve: ({ days }) => days,
    }),
  }),
});

builder.queryField("logUsage", (t) =>
  t.field({
    type: LogUsageType,
    description: "How much output is stored, and of which days.",
    args: {
      project: t.arg.string({ description: "Slug of the project; null = all. An unknown one is NOT_FOUND." }),
    },
    resolve: (_root, { project }, { app, visible }) =>
      app.logs.usage(visible, searchText(project, ["project"]) ?? null),
  }));
