/** Who belongs to a project: the type, and how it is changed. */
import { decodeId } from "../ids.ts";
import { searchText, stillThere, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { ProjectRoleEnum } from "./enums.ts";
import { resultUnion } from "./errors.ts";
import { Member } from "./member.ts";
import { loadRow } from "./plan.ts";
import { Project } from "./project.ts";
import { User } from "./user.ts";

Member.implement({
  description: "A user with a role in a project.",
  fields: (t) => ({
    grantedAt: t.expose("grantedAt", { type: "DateTime", description: "When the role was granted." }),
    project: t.field({
      type: Project,
      description: "The project in which the role was granted: this project or one above it.",
      resolve: async ({ shownIn }, _args, context, info) =>
        stillThere(await loadRow(context, info, "Project", shownIn), "project"),
    }),
    role: t.expose("role", { type: ProjectRoleEnum, description: "The role of the user." }),
    user: t.field({
      type: User,
      description: "The user.",
      resolve: async ({ userId }, _args, context, info) =>
        stillThere(await loadRow(context, info, "User", userId), "user"),
    }),
  }),
});

const MemberResult = resultUnion(
  "MemberResult",
  Member,
  ["ForbiddenError", "InvalidInputError", "NotFoundError"],
  "The updated membership, or the error that prevented the change.",
);

builder.mutationField("setMember", (t) =>
  t.field({
    type: MemberResult.type,
    description:
      "Grants a user a role in a project, or replaces or removes the role. Requires the role ADMIN in the project.",
    args: {
      project: t.arg.string({ required: true, description: "The slug of the project." }),
      role: t.arg({
        type: ProjectRoleEnum,
        description:
          "The role to grant. Null removes the membership; the result then contains the removed role.",
      }),
      userId: t.arg.id({ required: true, description: "The ID of the user." }),
    },
    resolve: (_root, { project, role, userId }, context) =>
      MemberResult.answer([], async () => {
        const member = await context.app.projects.setMember(viewerOf(context), {
          project: searchText(project, ["project"]),
          userId: decodeId("User", userId),
          role: role ?? null,
        });
        return { ...member, shownIn: member.projectId };
      }),
  }));
