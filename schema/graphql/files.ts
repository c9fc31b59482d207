/** Containers as YAML files: written, planned and applied. */
import { textOf } from "../sentences.ts";
import { searchText, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { Container } from "./container.ts";
import { readContainersById } from "./container_list.ts";
import { PlanActionEnum } from "./enums.ts";
import { resultUnion } from "./errors.ts";
import { messageOf } from "./refusals.ts";
import type {
  FileFault,
  MovedFires,
  Plan,
  PlanInput,
  PlannedContainer,
} from "../../server/domain/files/interface.ts";

/** A plan reads up to 5,000 tasks and evaluates a week of each schedule. */
const PLAN_COST = 1_000;

const DefinitionFileInput = builder.inputType("DefinitionFileInput", {
  description: "A definition file: YAML with one document for each container.",
  fields: (t) => ({
    path: t.string({
      required: true,
      description: "The path, for error messages and for the order of files.",
    }),
    text: t.string({ required: true, description: "The content, at most 4 MiB for all files together." }),
  }),
});

const ExpectedVersionInput = builder.inputType("ExpectedVersionInput", {
  description: "A container that a plan must still find at this version.",
  fields: (t) => ({
    name: t.string({ required: true, description: "The name of the container." }),
    version: t.int({
      required: true,
      description: "The version it had when the plan was made; 0 = it did not exist.",
    }),
  }),
});

const FileFaultType = builder.objectRef<FileFault>("FileFault").implement({
  description: "Something in a definition file that cannot be used.",
  fields: (t) => ({
    path: t.exposeString("path", { description: "The path of the file." }),
    line: t.exposeInt("line", { description: "The line, from 1." }),
    column: t.exposeInt("column", { description: "The column, from 1." }),
    message: t.string({
      description: "What is wrong and what is allowed.",
      resolve: ({ message }) => textOf(message),
    }),
    messageValues: t.field({
      type: "JSON",
      description: "The message as an object with key, values and text (in English), for other languages.",
      resolve: ({ message }) => messageOf(message),
    }),
  }),
});

const MovedFiresType = builder.objectRef<MovedFires>("MovedFires").implement({
  description: "How the next seven days of fires change.",
  fields: (t) => ({
    addedCount: t.exposeInt("addedCount", { description: "Fires that would be new." }),
    removedCount: t.exposeInt("removedCount", { description: "Fires that would no longer happen." }),
    firstAdded: t.field({
      type: ["DateTime"],
      description: "The first 20 added fires.",
      resolve: ({ firstAdded }) => firstAdded,
    }),
    firstRemoved: t.field({
      type: ["DateTime"],
      description: "The first 20 removed fires.",
      resolve: ({ firstRemoved }) => firstRemoved,
    }),
  }),
});

const PlannedContainerType = builder.objectRef<PlannedContainer>("PlannedContainer").implement({
  description: "What a plan does to one container.",
  fields: (t) => ({
    action: t.expose("action", { type: PlanActionEnum, description: "What would happen." }),
    name: t.exposeString("name", { description: "The name of the container." }),
    path: t.exposeString("path", { nullable: true, description: "The path of its file; null for DELETE." }),
    version: t.exposeInt("version", { description: "The current version; 0 when it does not exist." }),
    changes: t.stringList({
      description: 'The changes in words, such as `task "load": command changed`. Empty for UNCHANGED.',
      resolve: ({ changes }) => changes.map(textOf),
    }),
    changeMessages: t.field({
      type: ["JSON"],
      description: "The changes as objects with key, values and text (in English), for other languages.",
      resolve: ({ changes }) => changes.map(messageOf),
    }),
    fires: t.field({
      type: MovedFiresType,
      nullable: true,
      description: "Null when the fires stay the same.",
      resolve: ({ fires }) => fires,
    }),
  }),
});

const PlanType = builder.objectRef<Plan>("Plan").implement({
  description: "The result of planFiles.",
  fields: (t) => ({
    containers: t.field({
      type: [PlannedContainerType],
      description: "The containers by name.",
      resolve: ({ containers }) => containers,
    }),
    faults: t.field({
      type: [FileFaultType],
      description: "Everything that is wrong with the files. A plan with faults cannot be applied.",
      resolve: ({ faults }) => faults,
    }),
  }),
});

const PlanResult = resultUnion(
  "PlanResult",
  PlanType,
  ["ForbiddenError", "InvalidInputError", "NotFoundError"],
  "What the files would change, or why that cannot be told.",
);

interface Applied {
  readonly containers: readonly { readonly id: number }[];
  readonly deleted: readonly string[];
}
const AppliedFilesType = builder.objectRef<Applied>("AppliedFiles").implement({
  description: "The result of applyFiles.",
  fields: (t) => ({
    containers: t.field({
      type: [Container],
      description: "The containers that were created or changed.",
      resolve: ({ containers }) => containers,
    }),
    deleted: t.stringList({
      description: "The names of the containers that were deleted.",
      resolve: ({ deleted }) => [...deleted],
    }),
  }),
});

const ApplyFilesResult = resultUnion(
  "ApplyFilesResult",
  AppliedFilesType,
  ["ConflictError", "ForbiddenError", "InvalidInputError", "LimitExceededError", "NotFoundError"],
  "All files are applied, or none.",
);

const projectText = { defaultValue: "default", description: "The slug of the project." };

builder.queryFields((t) => ({
  exportFiles: t.string({
    description: "Containers of a project as YAML files that planFiles reads.",
    complexity: PLAN_COST,
    args: {
      container: t.arg.string({ description: "The name of one container; null = all." }),
      project: t.arg.string(projectText),
    },
    resolve: (_root, { container, project }, { app, visible }) =>
      app.files.export(visible, {
        project: searchText(project ?? "default", ["project"]),
        container: searchText(container ?? null, ["container"]),
      }),
  }),
  planFiles: t.field({
    type: PlanResult.type,
    description: "What definition files would change. Nothing is stored.",
    complexity: PLAN_COST,
    args: {
      files: t.arg({ type: [DefinitionFileInput], required: true, description: "The files." }),
      project: t.arg.string(projectText),
      prune: t.arg.boolean({
        defaultValue: false,
        description:
          "True plans the deletion of containers of the same source that are in none of the files.",
      }),
      source: t.arg.string({ description: "Names the set of files, such as a repository; null = none." }),
    },
    resolve: (_root, args, context) =>
      PlanResult.answer([], () => context.app.files.plan(viewerOf(context), readSet(args))),
  }),
}));

builder.mutationField("applyFiles", (t) =>
  t.field({
    type: ApplyFilesResult.type,
    description:
      "Applies definition files. CONFLICT, with nothing applied, when a container is not at its expected version.",
    args: {
      expected: t.arg({
        type: [ExpectedVersionInput],
        description: "Versions from the plan; null = not checked.",
      }),
      files: t.arg({ type: [DefinitionFileInput], required: true, description: "The files." }),
      project: t.arg.string(projectText),
      prune: t.arg.boolean({
        defaultValue: false,
        description: "True deletes containers of the same source that are in none of the files.",
      }),
      source: t.arg.string({ description: "Names the set of files; null = none." }),
    },
    resolve: (_root, args, context, info) =>
      ApplyFilesResult.answer([], async () => {
        const input = { ...readSet(args), expected: args.expected ?? null };
        const { containerIds, deleted } = await context.app.files.apply(viewerOf(context), input);
        return { containers: await readContainersById(containerIds, context, info, ["containers"]), deleted };
      }),
  }));

interface FileSet {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly project?: string | null | undefined;
  readonly prune?: boolean | null | undefined;
  readonly source?: string | null | undefined;
}

function readSet({ files, project, prune, source }: FileSet): PlanInput {
  return {
    files,
    project: searchText(project ?? "default", ["project"]),
    prune: prune ?? false,
    source: source ?? null,
  };
}
