/** What can be done to projects. */
import type { GraphQLResolveInfo } from "graphql";
import { encodeId } from "../ids.ts";
import { searchText, stillThere, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import type { Context } from "./context.ts";
import { DeleteResult } from "./deletion.ts";
import { resultUnion } from "./errors.ts";
import { planQuery } from "./plan.ts";
import { Project } from "./project.ts";

const ProjectResult = resultUnion(
  "ProjectResult",
  Project,
  ["InvalidInputError", "NotFoundError", "ForbiddenError", "ConflictError", "LimitExceededError"],
  "The project as it is now, or why nothing was changed.",
);

const CreateProjectInput = builder.inputType("CreateProjectInput", {
  description: "A new project. Null for a field with a default selects the default.",
  fields: (t) => ({
    description: t.string({ defaultValue: "", description: "A description for people. May be empty." }),
    name: t.string({ required: true, description: "The name: 1 to 200 characters." }),
    parent: t.string({
      description:
        "The slug of the project above the new one, in which the viewer must have the role ADMIN. Null creates a top-level project, which requires an administrator. Projects can be nested up to 3 levels.",
    }),
    slug: t.string({
      required: true,
      description:
        "The slug: 1 to 63 lowercase letters, digits and hyphens, unique among all projects. Cannot be changed.",
    }),
  }),
});

builder.mutationFields((t) => ({
  createProject: t.field({
    type: ProjectResult.type,
    description: "Creates a project. The viewer becomes ADMIN of it.",
    args: {
      input: t.arg({
        type: CreateProjectInput,
        required: true,
        description: "Parameters for createProject.",
      }),
    },
    resolve: (_root, { input }, context, info) =>
      ProjectResult.answer(["input"], async () => {
        const { id, viewer } = await context.app.projects.create(viewerOf(context), {
          ...input,
          slug: searchText(input.slug, ["slug"]),
          parent: searchText(input.parent, ["parent"]),
        });
        Object.assign(context, context.sightOf(viewer));
        return await findProject(id, context, info);
      }),
  }),
  updateProject: t.field({
    type: ProjectResult.type,
    description: "Changes settings of a project. Arguments left out keep their value.",
    args: {
      slug: t.arg.string({
        required: true,
        description: "Slug of the project; an unknown one is NOT_FOUND.",
      }),
      logRetentionDays: t.arg.int({
        description:
          "Days for which its output is kept, 1 to 36500; null = as the server has it. Fewer days than before take effect within the hour.",
      }),
      name: t.arg.string({ description: "The name: 1 to 200 characters." }),
      description: t.arg.string({ description: "A description for people. May be empty." }),
      runRetentionDays: t.arg.int({
        description:
          "How long runs and slots are kept, in days, 1 to 36500. Null uses the default of the server.",
      }),
    },
    resolve: (_root, { slug, ...fields }, context, info) =>
      ProjectResult.answer([], async () => {
        const input = { ...fields, slug: searchText(slug, ["slug"]) };
        return await findProject(await context.app.projects.update(viewerOf(context), input), context, info);
      }),
  }),
  deleteProject: t.field({
    type: DeleteResult.type,
    description:
      'Deletes an empty project. Returns CONFLICT for "default", and if the project has containers, projects below it or agents that work for no other project.',
    args: { slug: t.arg.string({ required: true, description: "The slug of the project." }) },
    resolve: (_root, { slug }, context) =>
      DeleteResult.answer([], async () => {
        const id = await context.app.projects.remove(viewerOf(context), searchText(slug, ["slug"]));
        return { deletedId: encodeId("Project", id) };
      }),
  }),
}));

async function findProject(
  id: number,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<{ readonly id: number }> {
  const query = planQuery(context, info, "Project", { columns: { id: true }, where: { id } });
  return stillThere(await context.db.query.projects.findFirst(query), "project");
}
