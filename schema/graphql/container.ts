/** Containers: what they are. */
import { type SQL, sql } from "drizzle-orm";
import { containerOwnFields, scheduleFields } from "../definition/container.ts";
import { InvalidInputError } from "../errors.ts";
import { NO_ID } from "../ids.ts";
import { say } from "../sentences.ts";
import type { containers } from "../tables/container.ts";
import type { Schedule } from "../tables/schedule.ts";
import { FIRES_MOST, pageArguments, readCount, rowPageCost } from "./arguments.ts";
import { builder } from "./builder.ts";
import { ClockChangeType } from "./clock_change.ts";
import {
  ContainerVersion,
  ContainerVersionConnection,
  versionsOfContainer,
  versionsWindow,
} from "./container_version.ts";
import { shownFields } from "./definition_fields.ts";
import { NodeInterface } from "./node.ts";
import { ParameterType } from "./parameter.ts";
import { Run, RunConnection, runsOfContainer, runsWindow } from "./run.ts";
import { RunFilterInput } from "./run_filter.ts";
import { sentenceFields } from "./sentence_fields.ts";

const MAX_TASKS = 10_000;
const MAX_RELATIONS = 50_000;
/** The domain refuses to make more. */
const MAX_VARIABLES = 500;
/** What a strip of recent runs shows. */
const RECENT_USUAL = 20;
const RECENT_MOST = 100;

const SCHEDULE_FAULT = { columns: {}, with: { schedule: { columns: { fault: true } } } } as const;
const fault = sentenceFields("fault", true, "scheduleFault");
const { dst: _parts, ...plainFields } = scheduleFields;
const { tags, parameters: parametersField, ...ownFields } = containerOwnFields;

export function isFavorite({ id }: Pick<typeof containers, "id">, userId: number): SQL<boolean> {
  return sql`exists (select from favorites where favorites.container_id = ${id} and favorites.user_id = ${userId})`;
}

export const Container = builder.drizzleObject("containers", {
  name: "Container",
  description: "A group of tasks that is scheduled and run as one DAG.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    project: t.relation("project", { description: "Where it lives." }),
    favorite: t.boolean({
      description: "True when the viewer marked it as a favourite.",
      select: (_args, { viewer }) => ({
        columns: {},
        extras: { favorite: (table: typeof containers) => isFavorite(table, viewer?.userId ?? NO_ID) },
      }),
      resolve: ({ favorite }) => favorite,
    }),
    tags: t.exposeStringList("tags", { description: tags.description }),
    ...shownFields(ownFields, (name, options) => t.expose(name, options)),
    ...shownFields(plainFields, (name, options) =>
      t.field({
        ...options,
        select: { columns: {}, with: { schedule: { columns: { [name]: true } } } },
        // The column that was selected, which is computed and so has no type.
        resolve: ({ schedule }) => (schedule as Pick<Schedule, typeof name>)[name],
      })),
    parameters: t.field({
      type: [ParameterType],
      description: parametersField.description,
      select: { columns: { parameters: true } },
      resolve: ({ parameters }) => [...parameters],
    }),
    scheduleText: t.string({
      nullable: true,
      description: "The expression in words, without its time zone; null without an expression.",
      args: {
        language: t.arg.string({ defaultValue: "en", description: "Of the words: en or zh; null = en." }),
      },
      select: { columns: { id: true }, with: { schedule: { columns: { expression: true } } } },
      resolve: ({ id, schedule }, { language }, { app }) =>
        schedule.expression === null
          ? null
          : app.schedules.describe({ containerId: id, expression: schedule.expression }, language ?? "en"),
    }),
    dst: t.field({
      type: ClockChangeType,
      description: scheduleFields.dst.description,
      select: { columns: {}, with: { schedule: { columns: { missingTime: true, repeatedTime: true } } } },
      resolve: ({ schedule }) => ({ missing: schedule.missingTime, repeated: schedule.repeatedTime }),
    }),
    scheduleFault: t.string({
      ...fault.text,
      description:
        "Why its expression could not be planned any more, for people; it names no slots until it is changed. Null when it could.",
      ...ofSchedule(fault.text),
    }),
    scheduleFaultKey: t.string({ ...fault.key, ...ofSchedule(fault.key) }),
    scheduleFaultValues: t.field({ ...fault.values, ...ofSchedule(fault.values) }),
    source: t.exposeString("source", {
      nullable: true,
      description:
        "What created the container and updates it, such as a directory of files or a crontab; null for people.",
    }),
    version: t.exposeInt("version", {
      description:
        "Grows by one with every change of what would run (tasks, relations, settings); positions, names of the container, descriptions and enabled do not count. Runs keep theirs.",
    }),
    tasks: t.relation("tasks", {
      description: `Its tasks, the oldest first; at most ${MAX_TASKS}.`,
      query: { orderBy: { id: "asc" }, limit: MAX_TASKS },
    }),
    relations: t.relation("relations", {
      description: `Its relations, the oldest first; at most ${MAX_RELATIONS}.`,
      query: { orderBy: { id: "asc" }, limit: MAX_RELATIONS },
    }),
    variables: t.relation("variables", {
      description:
        `Variables and secrets defined in the container, by name, at most ${MAX_VARIABLES}. A change does not create a new version: tasks use the values that are current when they start.`,
      query: { orderBy: { name: "asc" }, limit: MAX_VARIABLES },
    }),
    nextFires: t.field({
      type: ["DateTime"],
      description:
        `The next fire times, at most ${FIRES_MOST}; none without an expression and for a disabled container.`,
      args: {
        count: t.arg.int({ defaultValue: 5, description: `How many at most, 0 to ${FIRES_MOST}.` }),
      },
      select: { with: { schedule: true } },
      resolve: ({ schedule }, { count }, { app }) => app.schedules.nextFires(schedule, readCount(count)),
    }),
    recentRuns: t.field({
      type: [Run],
      description: `Its last runs, newest first, at most ${RECENT_MOST}.`,
      args: {
        count: t.arg.int({
          defaultValue: RECENT_USUAL,
          description: `How many at most, 0 to ${RECENT_MOST}.`,
        }),
      },
      complexity: ({ count }) => ({
        field: 1,
        multiplier: Math.min(Math.max(count ?? RECENT_USUAL, 1), RECENT_MOST),
      }),
      select: ({ count }, _context, nested) => ({
        columns: {},
        with: {
          recentRuns: nested({ orderBy: { createdAt: "desc", id: "desc" }, limit: readRecent(count) }),
        },
      }),
      resolve: ({ recentRuns }) => recentRuns,
    }),
    lastRun: t.field({
      type: Run,
      nullable: true,
      description:
        "The newest run, in whatever state; null when it never ran. Runs of a single task do not count.",
      select: (_args, _context, nested) => ({
        columns: {},
        with: {
          runs: nested({ where: { single: false }, orderBy: { createdAt: "desc", id: "desc" }, limit: 1 }),
        },
      }),
      resolve: ({ runs }) => runs[0] ?? null,
    }),
    runs: t.field({
      type: RunConnection,
      description: "Its runs, newest first. A filter for another container or project matches none.",
      complexity: rowPageCost,
      args: {
        ...pageArguments(t.arg),
        filter: t.arg({ type: RunFilterInput, description: "Which runs; null = all." }),
      },
      select: (args, _context, nested) => ({
        columns: { id: true },
        with: { runs: nested(runsWindow(args), ["edges", "node"], "Run") },
      }),
      resolve: ({ id, runs }, args, context) => runsOfContainer(id, runs, args, context),
    }),
    versions: t.field({
      type: ContainerVersionConnection,
      description: "What it was before, newest first; the first is what it is now.",
      complexity: rowPageCost,
      args: pageArguments(t.arg),
      select: (args, _context, nested) => ({
        columns: { id: true },
        with: { changes: nested(versionsWindow(args), ["edges", "node"], "ContainerVersion") },
      }),
      resolve: ({ id, changes }, args, context) => versionsOfContainer(id, changes, args, context),
    }),
    versionAt: t.field({
      type: ContainerVersion,
      nullable: true,
      description: "One of its versions; null when it has none of that number.",
      args: { version: t.arg.int({ required: true, description: "Number of the version; the first is 1." }) },
      select: ({ version }, _context, nested) => ({
        columns: {},
        with: { changes: nested({ where: { version }, limit: 1 }) },
      }),
      resolve: ({ changes }) => changes[0] ?? null,
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
    updatedAt: t.expose("updatedAt", {
      type: "DateTime",
      description: "When it, one of its tasks or one of its relations was last changed.",
    }),
  }),
});

function readRecent(count: number | null | undefined): number {
  const asked = count ?? RECENT_USUAL;
  if (asked >= 0 && asked <= RECENT_MOST) return asked;
  throw new InvalidInputError(say("RECENT_COUNT", { count: asked, most: RECENT_MOST }), ["count"]);
}

/** The schedule is a row of its own. */
function ofSchedule<T>(
  { resolve }: { readonly resolve: (schedule: Parameters<typeof fault.text.resolve>[0]) => T },
): {
  readonly select: typeof SCHEDULE_FAULT;
  readonly extensions: Record<string, never>;
  readonly resolve: (container: { readonly schedule: Parameters<typeof resolve>[0] }) => T;
} {
  return { select: SCHEDULE_FAULT, extensions: {}, resolve: ({ schedule }) => resolve(schedule) };
}
