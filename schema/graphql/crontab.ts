/** Crontabs: looked at, and made into containers. */
import { searchText, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { Container } from "./container.ts";
import { readContainersById } from "./container_list.ts";
import { OverlapPolicyEnum } from "./enums.ts";
import { resultUnion } from "./errors.ts";
import { messageOf } from "./refusals.ts";
import { textOf } from "../sentences.ts";
import type { CrontabInput, CrontabJob } from "../../server/domain/crontab/interface.ts";

const PREVIEW_COST = 100;

const CrontabKindEnum = builder.enumType("CrontabKind", {
  description: "The kind of a crontab.",
  values: {
    SYSTEM: { description: "/etc/crontab or a file of /etc/cron.d: the sixth field is a user." },
    USER: { description: "The output of `crontab -l`: no user field." },
  } as const,
});

const CrontabInputType = builder.inputType("CrontabInput", {
  description: "A crontab to read.",
  fields: (t) => ({
    kind: t.field({ type: CrontabKindEnum, required: true, description: "The kind of the file." }),
    project: t.string({
      defaultValue: "default",
      description: "The slug of the project for the containers.",
    }),
    shadow: t.boolean({
      defaultValue: true,
      description:
        "True imports in shadow mode: slots are recorded and nothing runs. A container that left shadow mode stays live when it is imported again. Ignored by previewCrontab.",
    }),
    source: t.string({
      required: true,
      description:
        "Where the text comes from, such as /etc/cron.d/backup. Importing the same source again updates the same containers.",
    }),
    text: t.string({ required: true, description: "The text, at most 1 MiB and 10,000 lines." }),
    timezone: t.string({
      defaultValue: "UTC",
      description: "The IANA time zone of the machine that runs the crontab; CRON_TZ lines override it.",
    }),
    user: t.string({ description: "The user of a USER crontab; null for the user of the agent." }),
  }),
});

const CrontabJobType = builder.objectRef<CrontabJob>("CrontabJob").implement({
  description: "One job of a crontab, and the container that it becomes.",
  fields: (t) => ({
    command: t.exposeString("command", {
      description: "The command as the task runs it, with `\\%` replaced by `%`.",
    }),
    containerName: t.exposeString("containerName", { description: "The name of the container." }),
    cronFires: t.field({
      type: ["DateTime"],
      description:
        "The next 20 fires by cron's own rules, to compare with nextFires; empty for @reboot, and where cron chooses a time at random.",
      resolve: ({ cronFires }) => cronFires,
    }),
    description: t.exposeString("description", {
      description: "From the comments directly above the line; may be empty.",
    }),
    directory: t.exposeString("directory", {
      nullable: true,
      description: "The directory of a leading `cd`, when it was taken out of the command; null otherwise.",
    }),
    environment: t.field({
      type: "JSON",
      description: "The variables that hold at this line, as an object of strings.",
      resolve: ({ environment }) => environment,
    }),
    expression: t.exposeString("expression", {
      nullable: true,
      description:
        "The schedule as it is imported, such as `*/5 * * * *` or `@reboot`; null when it could not be read.",
    }),
    fault: t.string({
      nullable: true,
      description: "Why the line cannot be imported; null when it can.",
      resolve: ({ fault }) => fault === null ? null : textOf(fault),
    }),
    faultMessage: t.field({
      type: "JSON",
      nullable: true,
      description:
        "The fault as an object with key, values and text (in English), for other languages; null without one.",
      resolve: ({ fault }) => fault === null ? null : messageOf(fault),
    }),
    line: t.exposeInt("line", { description: "The line in the file, from 1." }),
    nextFires: t.field({
      type: ["DateTime"],
      description: "The next 20 fires; empty for @reboot.",
      resolve: ({ nextFires }) => nextFires,
    }),
    noteMessages: t.field({
      type: ["JSON"],
      description: "The notes as objects with key, values and text (in English), for other languages.",
      resolve: ({ notes }) => notes.map(messageOf),
    }),
    notes: t.stringList({
      description:
        "What changes by the import, such as `flock -n became overlap SKIP`, and what is not kept, such as mail of all output.",
      resolve: ({ notes }) => notes.map(textOf),
    }),
    overlap: t.expose("overlap", {
      type: OverlapPolicyEnum,
      description: "Overlap policy of the container.",
    }),
    standardInput: t.exposeString("standardInput", {
      nullable: true,
      description:
        "The text after the first unescaped `%`, with further ones as line feeds; null when there is none.",
    }),
    timeoutSeconds: t.exposeInt("timeoutSeconds", {
      description: "Limit taken from a leading `timeout`; 0 = none.",
    }),
    timezone: t.exposeString("timezone", { description: "The IANA time zone that the line is read in." }),
    user: t.exposeString("user", {
      nullable: true,
      description: "The user that runs the command; null for the user of the agent.",
    }),
  }),
});

const CrontabPreviewType = builder.objectRef<{ readonly jobs: readonly CrontabJob[] }>("CrontabPreview")
  .implement({
    description: "The jobs of a crontab in the order of the file, also those that cannot be imported.",
    fields: (t) => ({
      jobs: t.field({ type: [CrontabJobType], description: "The jobs.", resolve: ({ jobs }) => jobs }),
    }),
  });

const CrontabPreviewResult = resultUnion(
  "CrontabPreviewResult",
  CrontabPreviewType,
  ["ForbiddenError", "InvalidInputError"],
  "What the crontab would become, or why it cannot be read.",
);

interface Imported {
  readonly containers: readonly { readonly id: number }[];
  readonly skippedLines: readonly number[];
}
const ImportedCrontabType = builder.objectRef<Imported>("ImportedCrontab").implement({
  description: "The containers of a crontab import.",
  fields: (t) => ({
    containers: t.field({
      type: [Container],
      description: "One for each job that can be imported, in the order of the file.",
      resolve: ({ containers }) => containers,
    }),
    skippedLines: t.field({
      type: ["Int"],
      description: "The lines that were not imported.",
      resolve: ({ skippedLines }) => skippedLines,
    }),
  }),
});

const ImportCrontabResult = resultUnion(
  "ImportCrontabResult",
  ImportedCrontabType,
  ["ForbiddenError", "InvalidInputError", "LimitExceededError", "NotFoundError"],
  "The containers of the crontab, or why nothing was imported.",
);

builder.queryField("previewCrontab", (t) =>
  t.field({
    type: CrontabPreviewResult.type,
    description: "What importCrontab would create. Nothing is stored.",
    complexity: PREVIEW_COST,
    args: { input: t.arg({ type: CrontabInputType, required: true, description: "The crontab." }) },
    resolve: (_root, { input }, context) =>
      CrontabPreviewResult.answer(["input"], async () => ({
        jobs: await context.app.crontabs.preview(viewerOf(context), readInput(input)),
      })),
  }));

builder.mutationField("importCrontab", (t) =>
  t.field({
    type: ImportCrontabResult.type,
    description: "Creates or updates a container for each job of a crontab.",
    args: { input: t.arg({ type: CrontabInputType, required: true, description: "The crontab." }) },
    resolve: (_root, { input }, context, info) =>
      ImportCrontabResult.answer(["input"], async () => {
        const { containerIds, skippedLines } = await context.app.crontabs.import(
          viewerOf(context),
          readInput(input),
        );
        return {
          containers: await readContainersById(containerIds, context, info, ["containers"]),
          skippedLines,
        };
      }),
  }));

function readInput(input: typeof CrontabInputType.$inferInput): CrontabInput {
  return {
    kind: input.kind,
    project: searchText(input.project ?? "default", ["project"]),
    shadow: input.shadow ?? true,
    source: input.source,
    text: input.text,
    timezone: input.timezone ?? "UTC",
    user: input.user ?? null,
  };
}
