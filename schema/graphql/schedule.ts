/** Cron expressions, looked at before they are used, and what a change of a schedule would do. */
import type { ClockChange } from "../definition/field.ts";
import { FIRES_MOST, readCount } from "./arguments.ts";
import { builder } from "./builder.ts";
import { ClockChangeInput } from "./clock_change.ts";
import type { CronPreview, FireTime, Simulation } from "../../server/domain/schedules/interface.ts";
import { ClockChangeKindEnum, MisfirePolicyEnum, OverlapPolicyEnum } from "./enums.ts";
import { resultUnion } from "./errors.ts";
import { decodeId } from "../ids.ts";

/** A simulation looks at up to 20,000 fires. */
const SIMULATION_COST = 1_000;

const FireTimeType = builder.objectRef<FireTime>("FireTime").implement({
  description: "A fire as an instant and as the clock of its zone shows it.",
  fields: (t) => ({
    at: t.expose("at", { type: "DateTime", description: "When." }),
    local: t.exposeString("local", { description: "On the clock of the zone: YYYY-MM-DD HH:MM:SS." }),
    offset: t.exposeString("offset", { description: "Of the zone from UTC then, e.g. +02:00." }),
    clockChange: t.expose("clockChange", {
      type: ClockChangeKindEnum,
      nullable: true,
      description: "What a change of the clocks has to do with it; null when nothing.",
    }),
  }),
});

const CronPreviewType = builder.objectRef<CronPreview>("CronPreview").implement({
  description: "What an expression means.",
  fields: (t) => ({
    description: t.exposeString("description", { description: "In words." }),
    fires: t.field({
      type: ["DateTime"],
      description: "Strictly after `from`; empty when there is none, ever.",
      resolve: ({ fires }) => fires,
    }),
    times: t.field({
      type: [FireTimeType],
      description: "The same fires, with the local time of each and what the clocks did to it.",
      resolve: ({ times }) => times,
    }),
    minimumGapSeconds: t.exposeFloat("minimumGapSeconds", {
      nullable: true,
      description: "Smallest gap between two fires in seconds; null when there are not two.",
    }),
    warning: t.exposeString("warning", {
      nullable: true,
      description:
        "In words, why the expression is accepted but hardly meant: it never fires. Null when all is well.",
    }),
  }),
});

const CronPreviewResult = resultUnion(
  "CronPreviewResult",
  CronPreviewType,
  ["InvalidCronError", "InvalidInputError"],
  "What the expression means, or where its fault is.",
);

const MovedFireType = builder.objectRef<Simulation["moved"][number]>("MovedFire").implement({
  description: "A fire that would come at another instant.",
  fields: (t) => ({
    from: t.expose("from", { type: "DateTime", description: "When it comes now." }),
    to: t.expose("to", { type: "DateTime", description: "When it would come." }),
  }),
});

const SimulationType = builder.objectRef<Simulation>("Simulation").implement({
  description:
    "Which slots would run under the changed settings and do not now, and the other way round. A run is taken to last as long as the median of the last ones, and a server to be down when the ledger says so.",
  fields: (t) => ({
    kept: t.exposeInt("kept", { description: "Slots that run now and would run." }),
    added: t.field({
      type: ["DateTime"],
      description: "Slots that would be new, oldest first.",
      resolve: ({ added }) => added,
    }),
    lost: t.field({
      type: ["DateTime"],
      description: "Slots that would be gone, oldest first.",
      resolve: ({ lost }) => lost,
    }),
    moved: t.field({
      type: [MovedFireType],
      description: "Slots that would come at another instant, less than a day away; in their order.",
      resolve: ({ moved }) => moved,
    }),
  }),
});

const SimulationResult = resultUnion(
  "SimulationResult",
  SimulationType,
  ["InvalidCronError", "InvalidInputError", "NotFoundError"],
  "What the change would do, or why that cannot be told.",
);

builder.queryFields((t) => ({
  cronPreview: t.field({
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
      dst: t.arg({
        type: ClockChangeInput,
        description:
          "What becomes of times that a clock change leaves out or brings twice; null = SHIFT, FIRST.",
      }),
      from: t.arg({ type: "DateTime", description: "Where to begin; null = now." }),
      count: t.arg.int({ defaultValue: 5, description: `How many fires at most, 1 to ${FIRES_MOST}.` }),
      language: t.arg.string({ defaultValue: "en", description: "Of the description: en or zh; null = en." }),
    },
    resolve: (_root, { expression, timezone, dst, from, count, language }, { app }) =>
      CronPreviewResult.answer([], async () =>
        await app.schedules.preview({
          expression,
          timezone: timezone ?? "UTC",
          dst: readClockChange(dst),
          from: from ?? null,
          count: readCount(count),
          language: language ?? "en",
        })),
  }),
  simulate: t.field({
    type: SimulationResult.type,
    description:
      "What a change of a container's schedule would add, move or lose, before it is saved. The container counts as enabled.",
    complexity: SIMULATION_COST,
    args: {
      containerId: t.arg.id({ required: true, description: "Whose schedule; an unknown one is NOT_FOUND." }),
      from: t.arg({ type: "DateTime", required: true, description: "The first instant that is looked at." }),
      to: t.arg({
        type: "DateTime",
        required: true,
        description:
          "The first instant that is not looked at, 366 days after from at most; with more than 10,000 fires between the two it is INVALID_INPUT.",
      }),
      expression: t.arg.string({ description: "The changed expression; null = as it is." }),
      timezone: t.arg.string({ description: "The changed time zone; null = as it is." }),
      dst: t.arg({
        type: ClockChangeInput,
        description: "The changed rule for clock changes; null = as it is.",
      }),
      misfire: t.arg({
        type: MisfirePolicyEnum,
        description: "The changed misfire policy; null = as it is.",
      }),
      overlap: t.arg({
        type: OverlapPolicyEnum,
        description: "The changed overlap policy; null = as it is.",
      }),
    },
    resolve: (
      _root,
      { containerId, from, to, expression, timezone, dst, misfire, overlap },
      { app, visible },
    ) =>
      SimulationResult.answer([], () =>
        app.schedules.simulate(visible, {
          containerId: decodeId("Container", containerId),
          from,
          to,
          expression: expression ?? null,
          timezone: timezone ?? null,
          dst: dst ?? null,
          misfire: misfire ?? null,
          overlap: overlap ?? null,
        })),
  }),
}));

function readClockChange(given: typeof ClockChangeInput.$inferInput | null | undefined): ClockChange | null {
  if (given === null || given === undefined) return null;
  return { missing: given.missing ?? "SHIFT", repeated: given.repeated ?? "FIRST" };
}
