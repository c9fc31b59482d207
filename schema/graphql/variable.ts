/** Variables and secrets of projects and containers. */
import { decodeId, decodeOptionalId } from "../ids.ts";
import { stillThere, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { DeleteResult } from "./deletion.ts";
import { resultUnion } from "./errors.ts";
import { NodeInterface } from "./node.ts";
import { planQuery } from "./plan.ts";
import { User } from "./user.ts";

const Variable = builder.drizzleObject("variables", {
  name: "Variable",
  description:
    "An environment variable for every task of a project or container. Variables of the task override those of its container, which override those of the project, which override those of projects above it.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    container: t.relation("container", {
      nullable: true,
      description: "The container that defines the variable. Null if the project defines it.",
    }),
    project: t.relation("project", { description: "The project that the variable belongs to." }),
    name: t.exposeString("name", {
      description: "The name in the environment. Unique within its project or container.",
    }),
    secret: t.boolean({
      description:
        "True if the value is encrypted, cannot be read through the API, is sent only to agents that run work which needs it, and is replaced by *** in output. The following forms are replaced: plain, base64, base64url, URL-encoded, JSON-escaped and shell-quoted, and each single line of at least 6 characters.",
      select: { columns: { keyId: true } },
      resolve: ({ keyId }) => keyId !== null,
    }),
    value: t.exposeString("value", { nullable: true, description: "The value. Null for a secret." }),
    updatedAt: t.expose("updatedAt", { type: "DateTime", description: "When the value was last set." }),
    updatedBy: t.relation("updatedByUser", {
      type: User,
      nullable: true,
      description: "Who last set the value. Null if the user was deleted.",
    }),
  }),
});

const VariableResult = resultUnion(
  "VariableResult",
  Variable,
  ["ConflictError", "ForbiddenError", "InvalidInputError", "LimitExceededError", "NotFoundError"],
  "The updated variable, or the error that prevented the change.",
);

const SetVariableInput = builder.inputType("SetVariableInput", {
  description: "A variable or secret to create or update.",
  fields: (t) => ({
    containerId: t.id({
      description: "The ID of the container to define it in. Null defines it in the project.",
    }),
    name: t.string({
      required: true,
      description: "The name: [A-Za-z_][A-Za-z0-9_]*, at most 200 characters, not starting with ORRERY_.",
    }),
    project: t.string({
      defaultValue: "default",
      description: "The slug of the project. Ignored if `containerId` is given.",
    }),
    secret: t.boolean({
      defaultValue: false,
      description:
        "True encrypts the value and hides it from the API. The value must then have at least 6 characters, because shorter values cannot be redacted from output. A secret cannot be changed to a plain variable; delete it first.",
    }),
    value: t.string({ required: true, description: "The value. At most 64 KiB." }),
  }),
});

builder.mutationFields((t) => ({
  setVariable: t.field({
    type: VariableResult.type,
    description: "Creates a variable or secret, or updates its value. Requires the role EDITOR.",
    args: {
      input: t.arg({ type: SetVariableInput, required: true, description: "Parameters for setVariable." }),
    },
    resolve: (_root, { input }, context, info) =>
      VariableResult.answer(["input"], async () => {
        const containerId = decodeOptionalId("Container", input.containerId);
        const id = await context.app.variables.set(viewerOf(context), { ...input, containerId });
        const query = planQuery(context, info, "Variable", { columns: { id: true }, where: { id } });
        return stillThere(await context.db.query.variables.findFirst(query), "variable");
      }),
  }),
  deleteVariable: t.field({
    type: DeleteResult.type,
    description: "Deletes a variable or secret. Running tasks keep the value they were started with.",
    args: { id: t.arg.id({ required: true, description: "The ID of the variable." }) },
    resolve: (_root, { id }, context) =>
      DeleteResult.answer([], async () => {
        await context.app.variables.remove(viewerOf(context), { id: decodeId("Variable", id) });
        return { deletedId: id };
      }),
  }),
}));
