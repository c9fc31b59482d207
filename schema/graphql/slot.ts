/** What was due and what became of it, what did not run, and what is to come. */
import type { GraphQLResolveInfo } from "graphql";
import { searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import { sentenceFields } from "./sentence_fields.ts";
import { withIds } from "../../server/db/conditions.ts";
import { Container } from "./container.ts";
import type { Context } from "./context.ts";
import type { MissedSlot, SlotRow, UpcomingSlot } from "../../server/domain/schedules/interface.ts";
import { MissedKindEnum, SlotOutcomeEnum } from "./enums.ts";
import { planQuery } from "./plan.ts";
import { Run } from "./run.ts";
import { selects } from "./selection.ts";

const SLOTS_USUAL = 100;
const SLOTS_MOST = 500;
const MISSED_USUAL = 50;
const UPCOMING_USUAL = 500;
const UPCOMING_HOURS = 24;

interface Row {
  readonly id: number;
}
type Slot = SlotRow & { readonly run: Row | null };
type Missed = MissedSlot & { readonly container: Row; readonly run: Row | null };
type Upcoming = UpcomingSlot & { readonly container: Row };

const reason = sentenceFields("reason", true);

const SlotType = builder.objectRef<Slot>("Slot").implement({
  description: "An instant that a schedule named, and what became of it. It is written once and stays.",
  fields: (t) => ({
    at: t.expose("at", { type: "DateTime", description: "The instant." }),
    outcome: t.expose("outcome", { type: SlotOutcomeEnum, description: "What became of it." }),
    reason: t.string({
      ...reason.text,
      description: "Why it did not simply fire, for people; null when it did.",
    }),
    reasonKey: t.string(reason.key),
    reasonValues: t.field(reason.values),
    run: t.field({
      type: Run,
      nullable: true,
      description: "The run that it made or that stands for it; null when there is none, or none any more.",
      resolve: ({ run }) => run,
    }),
    late: t.exposeBoolean("late", {
      description: "True when its run had no task started within the container's lateAfterSeconds.",
    }),
    lateSeconds: t.exposeFloat("lateSeconds", {
      nullable: true,
      description:
        "How many seconds after the instant the first task of its run started; null when none has, or the run is gone.",
    }),
  }),
});

const MissedFireType = builder.objectRef<Missed>("MissedFire").implement({
  description: "A slot that did not run, or not in time.",
  fields: (t) => ({
    at: t.expose("at", { type: "DateTime", description: "When it was due." }),
    container: t.field({
      type: Container,
      description: "Whose schedule named it.",
      resolve: ({ container }) => container,
    }),
    kind: t.expose("kind", { type: MissedKindEnum, description: "What is wrong with it." }),
    reason: t.string({
      ...reason.text,
      description: "Why, for people; null for one that is merely late.",
    }),
    reasonKey: t.string(reason.key),
    reasonValues: t.field(reason.values),
    run: t.field({
      type: Run,
      nullable: true,
      description: "The run that is late; null when there is none.",
      resolve: ({ run }) => run,
    }),
  }),
});

const UpcomingFireType = builder.objectRef<Upcoming>("UpcomingFire").implement({
  description: "A slot to come.",
  fields: (t) => ({
    at: t.expose("at", { type: "DateTime", description: "When." }),
    container: t.field({
      type: Container,
      description: "Whose schedule names it.",
      resolve: ({ container }) => container,
    }),
  }),
});

builder.drizzleObjectField(Container, "slots", (t) =>
  t.field({
    type: [SlotType],
    description: "What was due and what became of each, newest first.",
    complexity: ({ first }) => costOf(first ?? SLOTS_USUAL, SLOTS_MOST),
    args: {
      from: t.arg({ type: "DateTime", description: "Only from this instant on; null = from the first." }),
      to: t.arg({ type: "DateTime", description: "Only before this instant; null = to the last." }),
      first: t.arg.int({
        defaultValue: SLOTS_USUAL,
        description: `How many at most, 0 to ${SLOTS_MOST}; null = ${SLOTS_USUAL}.`,
      }),
    },
    select: { columns: { id: true } },
    resolve: async ({ id }, { from, to, first }, context, info) => {
      const range = { from: from ?? null, to: to ?? null, first: first ?? SLOTS_USUAL };
      return await withRuns(await context.app.schedules.slots(context.visible, id, range), context, info);
    },
  }));

builder.queryFields((t) => ({
  didNotRun: t.field({
    type: [MissedFireType],
    description:
      "Slots of the last 24 hours that were skipped, missed, or whose run did not start in time; newest first. Those of deleted containers are left out.",
    complexity: ({ first }) => costOf(first ?? MISSED_USUAL, SLOTS_MOST),
    args: {
      project: t.arg.string({ description: "Slug of the project; null = all. An unknown one is NOT_FOUND." }),
      first: t.arg.int({
        defaultValue: MISSED_USUAL,
        description: `How many at most, 0 to ${SLOTS_MOST}; null = ${MISSED_USUAL}.`,
      }),
    },
    resolve: async (_root, { project, first }, context, info) => {
      const input = { project: searchText(project, ["project"]) ?? null, first: first ?? MISSED_USUAL };
      const rows = await context.app.schedules.didNotRun(context.visible, input);
      return await withContainers(await withRuns(rows, context, info), context, info);
    },
  }),
  upcoming: t.field({
    type: [UpcomingFireType],
    description: "The fires to come of all enabled containers together, oldest first.",
    complexity: ({ first }) => costOf(first ?? UPCOMING_USUAL, UPCOMING_USUAL),
    args: {
      project: t.arg.string({ description: "Slug of the project; null = all. An unknown one is NOT_FOUND." }),
      hours: t.arg.int({
        defaultValue: UPCOMING_HOURS,
        description: `How far ahead, 1 to 744 hours; null = ${UPCOMING_HOURS}.`,
      }),
      first: t.arg.int({
        defaultValue: UPCOMING_USUAL,
        description: `How many at most, 0 to ${UPCOMING_USUAL}; null = ${UPCOMING_USUAL}.`,
      }),
    },
    resolve: async (_root, { project, hours, first }, context, info) => {
      const rows = await context.app.schedules.upcoming(context.visible, {
        project: searchText(project, ["project"]) ?? null,
        hours: hours ?? UPCOMING_HOURS,
        first: first ?? UPCOMING_USUAL,
      });
      return await withContainers(rows, context, info);
    },
  }),
}));

function costOf(first: number, most: number): { readonly field: number; readonly multiplier: number } {
  return { field: 10, multiplier: Math.min(Math.max(first, 1), most) };
}

/** One statement for the runs of all rows; a run that retention has removed is told as null. */
async function withRuns<T extends { readonly runId: number | null }>(
  rows: readonly T[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<(T & { readonly run: Row | null })[]> {
  const ids = selects(info, "run") ? rows.flatMap(({ runId }) => runId ?? []) : [];
  const runs = ids.length === 0 ? [] : await context.db.query.runs.findMany(
    planQuery(context, info, "Run", { columns: { id: true }, where: withIds([...new Set(ids)]) }, ["run"]),
  );
  const runOf = new Map(runs.map((run) => [run.id, run]));
  return rows.map((row) => ({ ...row, run: runOf.get(row.runId ?? 0) ?? null }));
}

/** Likewise; a row whose container was deleted meanwhile has nothing left to tell. */
async function withContainers<T extends { readonly containerId: number }>(
  rows: readonly T[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<(T & { readonly container: Row })[]> {
  const ids = [...new Set(rows.map(({ containerId }) => containerId))];
  const containers = ids.length === 0 ? [] : await context.db.query.containers.findMany(
    planQuery(context, info, "Container", { columns: { id: true }, where: withIds(ids) }, ["container"]),
  );
  const containerOf = new Map(containers.map((container) => [container.id, container]));
  return rows.flatMap((row) => {
    const container = containerOf.get(row.containerId);
    return container === undefined ? [] : [{ ...row, container }];
  });
}
