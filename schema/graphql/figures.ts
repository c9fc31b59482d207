/** Figures for the dashboard. */
import { searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import type { DayOutcome, HostStats, Overview } from "../../server/domain/statistics/interface.ts";
import { decodeOptionalId } from "../ids.ts";

const OverviewType = builder.objectRef<Overview>("Overview").implement({
  description:
    "Counts for the dashboard, as of now. The day is today in the time zone asked for, by the database's clock.",
  fields: (t) => ({
    containers: t.exposeInt("containers", { description: "How many containers there are." }),
    enabledContainers: t.exposeInt("enabledContainers", { description: "How many of them are enabled." }),
    running: t.exposeInt("running", { description: "Runs that are RUNNING." }),
    waiting: t.exposeInt("waiting", { description: "Runs that are QUEUED." }),
    succeededToday: t.exposeInt("succeededToday", {
      description: "Runs that SUCCEEDED since the day began.",
    }),
    failedToday: t.exposeInt("failedToday", { description: "Runs that FAILED since the day began." }),
    cancelledToday: t.exposeInt("cancelledToday", {
      description: "Runs that were CANCELLED since the day began.",
    }),
    missedToday: t.exposeInt("missedToday", {
      description: "Slots of today that were MISSED.",
    }),
    lateToday: t.exposeInt("lateToday", {
      description: "Slots of today whose run had no task started within its container's lateAfterSeconds.",
    }),
    lateNow: t.exposeInt("lateNow", {
      description: "Late slots, of whatever day, whose run still has no task started.",
    }),
  }),
});

export const HostStatsType = builder.objectRef<HostStats>("HostStats").implement({
  description: "How busy a machine is.",
  fields: (t) => ({
    at: t.expose("at", { type: "DateTime", description: "When it was measured." }),
    cpuPercent: t.exposeFloat("cpuPercent", {
      description: "Of all processors together, 0 to 100, since the measurement before.",
    }),
    memoryUsedBytes: t.exposeFloat("memoryUsedBytes", {
      description: "Memory in use, caches that can be given back not counted.",
    }),
    memoryTotalBytes: t.exposeFloat("memoryTotalBytes", { description: "Memory that the machine has." }),
    load: t.floatList({
      description: "Load average of the last 1, 5 and 15 minutes; zeros where the system has none.",
      resolve: ({ load }) => [...load],
    }),
    processMemoryBytes: t.exposeFloat("processMemoryBytes", {
      description: "Resident memory of the server itself.",
    }),
    running: t.exposeInt("running", { description: "Processes of tasks that the agent there has now." }),
    spoolUsedBytes: t.exposeFloat("spoolUsedBytes", {
      description:
        "Room that output takes on the agent's disk until the server has taken it and its attempt is over.",
    }),
    spoolLimitBytes: t.exposeFloat("spoolLimitBytes", {
      description:
        "Room that it may take: when it is used up, the agent takes no work until there is room again.",
    }),
  }),
});

const DayOutcomeType = builder.objectRef<DayOutcome>("DayOutcome").implement({
  description: "How many runs ended on one day, by how they ended.",
  fields: (t) => ({
    day: t.exposeString("day", { description: "The day, YYYY-MM-DD." }),
    succeeded: t.exposeInt("succeeded", { description: "Runs that SUCCEEDED." }),
    failed: t.exposeInt("failed", { description: "Runs that FAILED." }),
    cancelled: t.exposeInt("cancelled", { description: "Runs that were CANCELLED." }),
  }),
});

builder.queryFields((t) => ({
  overview: t.field({
    type: OverviewType,
    description: "Counts for the dashboard; of one project, or of all that the viewer may see.",
    args: {
      project: t.arg.string({ description: "Slug of the project; null = all. An unknown one is NOT_FOUND." }),
      timezone: t.arg.string({
        defaultValue: "UTC",
        description: "IANA time zone whose midnight begins the day; null = UTC.",
      }),
    },
    resolve: (_root, { project, timezone }, { app, visible }) =>
      app.figures.overview(visible, {
        project: searchText(project, ["project"]) ?? null,
        timezone: searchText(timezone, ["timezone"]) ?? "UTC",
      }),
  }),
  hostHistory: t.field({
    type: [HostStatsType],
    description:
      "How busy the server's host, or an agent's, was: measured every 15 s, oldest first, kept in memory since the server's start.",
    complexity: { field: 1, multiplier: 100 },
    args: {
      agentId: t.arg.id({ description: "Id of the agent; null = the server. An unknown one is NOT_FOUND." }),
      minutes: t.arg.int({ defaultValue: 60, description: "How far back, 1 to 60; null = 60." }),
    },
    resolve: async (_root, { agentId, minutes }, { app }) => [
      ...await app.figures.hostHistory(decodeOptionalId("Agent", agentId) ?? null, minutes ?? 60),
    ],
  }),
  runOutcomes: t.field({
    type: [DayOutcomeType],
    description:
      "How many runs ended on each of the last days and how, the oldest day first, today included.",
    args: {
      project: t.arg.string({ description: "Slug of the project; null = all. An unknown one is NOT_FOUND." }),
      days: t.arg.int({ defaultValue: 7, description: "How many days, 1 to 90; null = 7." }),
      timezone: t.arg.string({
        defaultValue: "UTC",
        description: "IANA time zone whose midnights divide the days; null = UTC.",
      }),
    },
    resolve: async (_root, { project, days, timezone }, { app, visible }) => [
      ...await app.figures.runOutcomes(visible, {
        project: searchText(project, ["project"]) ?? null,
        days: days ?? 7,
        timezone: searchText(timezone, ["timezone"]) ?? "UTC",
      }),
    ],
  }),
  hostStats: t.field({
    type: HostStatsType,
    description: "Of the server's own host, or an agent's.",
    args: {
      agentId: t.arg.id({ description: "Id of the agent; null = the server. An unknown one is NOT_FOUND." }),
    },
    resolve: (_root, { agentId }, { app }) =>
      app.figures.hostStats(decodeOptionalId("Agent", agentId) ?? null),
  }),
}));
