/** The fields of a container. Those of its schedule are kept in a row of their own. */
import { MAX_PARAMETERS } from "./parameter.ts";
import { defaultsOf, field, loudFields, type Values } from "./field.ts";

export const NAME_CHARACTERS = 200;
export const DESCRIPTION_CHARACTERS = 10_000;
const NO_TAGS: string[] = [];
export const MAX_TAGS = 20;
export const TAG_CHARACTERS = 40;
export const MAX_SECONDS = 366 * 24 * 3600;

/** What its own row holds. */
export const containerOwnFields = {
  name: field(
    { kind: "name", max: NAME_CHARACTERS, quiet: true, label: "settings.name" },
    `1 to ${NAME_CHARACTERS} characters, unique inside its project.`,
  ),
  description: field(
    {
      kind: "description",
      default: "",
      max: DESCRIPTION_CHARACTERS,
      quiet: true,
      label: "settings.description",
    },
    "For people; may be empty.",
  ),
  tags: field(
    { kind: "tags", default: NO_TAGS, max: MAX_TAGS, quiet: true, label: "settings.tags" },
    `Free words for grouping and filtering, lower case, at most ${MAX_TAGS} of at most ${TAG_CHARACTERS} characters.`,
  ),
  enabled: field(
    { kind: "boolean", default: true, quiet: true, label: "task.enabled" },
    "False: its schedule names no slots. It can still be started by hand or API.",
  ),
  shadow: field(
    { kind: "boolean", default: false, quiet: true, label: "settings.shadow" },
    "True: slots are recorded as SKIPPED and nothing runs by schedule.",
  ),
  timeoutSeconds: field(
    { kind: "integer", default: 0, min: 0, max: MAX_SECONDS, label: "settings.timeout" },
    "Limit for a whole run; 0 = none.",
  ),
  maxParallel: field(
    { kind: "integer", default: 0, min: 0, max: 100_000, label: "settings.maxParallel" },
    "How many task runs of one run may be running at once; 0 = no limit but the agents' own.",
  ),
  priority: field(
    { kind: "integer", default: 0, min: -1_000_000, max: 1_000_000, label: "settings.priority" },
    "Who goes first when agents are short; higher first.",
  ),
  parameters: field(
    { kind: "parameters", default: [], label: "settings.parameters" },
    `Typed parameters of its runs, in the order of the form; at most ${MAX_PARAMETERS}.`,
  ),
};

/** What the row of its schedule holds. */
export const scheduleFields = {
  expression: field(
    { kind: "expression", default: null, label: "schedule.expression" },
    "Cron expression (5, 6 or 7 fields, or a macro such as @hourly or @every 30s); null = started by hand or API only.",
  ),
  timezone: field(
    { kind: "timezone", default: "UTC", label: "schedule.timezone" },
    "IANA time zone that the expression is read in.",
  ),
  overlap: field(
    { kind: "OverlapPolicy", default: "SKIP", label: "schedule.overlap" },
    "What happens when a run is asked for while one is active.",
  ),
  misfire: field(
    { kind: "MisfirePolicy", default: "ONCE", label: "schedule.misfire" },
    "What becomes of slots that came while no server was up.",
  ),
  dst: field(
    { kind: "clockChange", default: { missing: "SHIFT", repeated: "FIRST" }, label: "schedule.dst" },
    "What becomes of times that a clock change leaves out or brings twice. An expression with a wildcard or a step in the hour keeps real time and does not go by it.",
  ),
  lateAfterSeconds: field(
    {
      kind: "integer",
      default: 300,
      statedDefault: false,
      min: 1,
      max: MAX_SECONDS,
      label: "schedule.lateAfter",
    },
    "A slot whose run has no task started after so many seconds is late.",
  ),
  maxCatchUp: field(
    {
      kind: "integer",
      default: 100,
      statedDefault: false,
      min: 1,
      max: 10_000,
      label: "schedule.maxCatchUp",
    },
    "With the misfire policy ALL, so many missed slots are caught up with at most; the rest is recorded as missed.",
  ),
};

export const containerFields = { ...containerOwnFields, ...scheduleFields } as const;

export type ContainerFields = typeof containerFields;

/** The settings that count as a version. */
export const settingFields = loudFields(containerFields);
export type VersionSettings = Values<typeof settingFields>;
export const settingDefaults = defaultsOf(settingFields);
export const scheduleDefaults = defaultsOf(scheduleFields);
