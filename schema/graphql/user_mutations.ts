/** Lists of users, and what administrators can do with them. */
import { sql } from "drizzle-orm";
import type { GraphQLResolveInfo } from "graphql";
import { decodeId } from "../ids.ts";
import { users } from "../tables/user.ts";
import { all, given } from "../../server/db/conditions.ts";
import type { MadePassword } from "../../server/domain/accounts/interface.ts";
import { knownUsers } from "../../server/domain/accounts/visible.ts";
import { pageArguments, rowPageCost, searchText, stillThere, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { countedConnectionType } from "./connections.ts";
import type { Context } from "./context.ts";
import { DeleteResult } from "./deletion.ts";
import { resultUnion } from "./errors.ts";
import { byText, type CountedPage, type PageArguments, pageOf, readWindow, windowQuery } from "./pages.ts";
import { planQuery } from "./plan.ts";
import { User } from "./user.ts";

const UserConnection = countedConnectionType(User, "User", "A page of users, ordered by username.");

const UserResult = resultUnion(
  "UserResult",
  User,
  ["ConflictError", "ForbiddenError", "InvalidInputError", "NotFoundError"],
  "The updated user, or the error that prevented the change.",
);

const PasswordPayload = builder.objectRef<MadePassword>("PasswordPayload").implement({
  description: "A generated password. It is shown only once and must be changed at the first sign-in.",
  fields: (t) => ({
    password: t.exposeString("password", { description: "The generated password." }),
    user: t.field({
      type: User,
      description: "The user that the password belongs to.",
      resolve: ({ userId }, _args, context, info) => findUser(userId, context, info),
    }),
  }),
});

const PasswordResult = resultUnion(
  "PasswordResult",
  PasswordPayload,
  ["ConflictError", "ForbiddenError", "InvalidInputError", "NotFoundError"],
  "The generated password, or the error that prevented the change.",
);

const CreateUserInput = builder.inputType("CreateUserInput", {
  description: "A new user. The server generates the password.",
  fields: (t) => ({
    admin: t.boolean({
      defaultValue: false,
      description: "True makes the user an administrator with all rights.",
    }),
    displayName: t.string({ description: "The display name. Null uses the username." }),
    username: t.string({
      required: true,
      description: "The username: 1 to 200 characters, unique, case-insensitive.",
    }),
  }),
});

const UpdateUserInput = builder.inputType("UpdateUserInput", {
  description:
    "Changes to a user. Omitted fields keep their value. Null for a non-nullable field returns INVALID_INPUT.",
  fields: (t) => ({
    admin: t.boolean({
      description:
        "True makes the user an administrator with all rights. Removing the last administrator returns CONFLICT.",
    }),
    disabled: t.boolean({
      description:
        "True ends all sessions, streams and tokens of the user immediately and prevents new ones. Disabling the last administrator returns CONFLICT.",
    }),
    displayName: t.string({ description: "The display name." }),
    id: t.id({ required: true, description: "The ID of the user." }),
  }),
});

builder.queryField("users", (t) =>
  t.field({
    type: UserConnection,
    description:
      "Users ordered by username. A viewer with the role ADMIN in any project sees all users; other viewers see only users who share a project with them.",
    complexity: rowPageCost,
    args: {
      ...pageArguments(t.arg),
      nameContains: t.arg.string({
        description: "A substring of the username or display name. Null returns all.",
      }),
    },
    resolve: (_root, args, context, info) => readUsers(args, context, info),
  }));

builder.mutationFields((t) => ({
  createUser: t.field({
    type: PasswordResult.type,
    description: "Creates a user with a generated password. Requires an administrator.",
    args: {
      input: t.arg({ type: CreateUserInput, required: true, description: "Parameters for createUser." }),
    },
    resolve: (_root, { input }, context) =>
      PasswordResult.answer(["input"], () => context.app.accounts.users.create(viewerOf(context), input)),
  }),
  updateUser: t.field({
    type: UserResult.type,
    description: "Changes a user. Requires an administrator.",
    args: {
      input: t.arg({ type: UpdateUserInput, required: true, description: "Parameters for updateUser." }),
    },
    resolve: (_root, { input }, context, info) =>
      UserResult.answer(["input"], async () => {
        const patch = { ...input, id: decodeId("User", input.id) };
        return await findUser(
          await context.app.accounts.users.update(viewerOf(context), patch),
          context,
          info,
        );
      }),
  }),
  resetPassword: t.field({
    type: PasswordResult.type,
    description:
      "Generates a new password for a user, ends all of their sessions and resets the limit on failed sign-ins.",
    args: { id: t.arg.id({ required: true, description: "The ID of the user." }) },
    resolve: (_root, { id }, context) =>
      PasswordResult.answer(
        [],
        () => context.app.accounts.users.resetPassword(viewerOf(context), decodeId("User", id)),
      ),
  }),
  deleteUser: t.field({
    type: DeleteResult.type,
    description:
      "Deletes a user with their tokens and roles. Records of their actions are kept under their name. Deleting the last administrator returns CONFLICT.",
    args: { id: t.arg.id({ required: true, description: "The ID of the user." }) },
    resolve: (_root, { id }, context) =>
      DeleteResult.answer([], async () => {
        await context.app.accounts.users.remove(viewerOf(context), decodeId("User", id));
        return { deletedId: id };
      }),
  }),
}));

async function findUser(
  id: number,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<{ readonly id: number }> {
  const query = planQuery(context, info, "User", { columns: { id: true }, where: { id } });
  return stillThere(await context.db.query.users.findFirst(query), "user");
}

async function readUsers(
  { nameContains, ...args }: PageArguments & { readonly nameContains?: string | null | undefined },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CountedPage<{ readonly id: number }>> {
  const order = byText<typeof users, { readonly username: string; readonly id: number }>(
    (table) => table.username,
    (row) => row.username,
  );
  const window = readWindow(args, order);
  const filter = (table: typeof users): ReturnType<typeof sql>[] => [
    knownUsers(context.viewer, table.id),
    ...given(
      searchText(nameContains, ["nameContains"]),
      (part) =>
        sql`(strpos(lower(${table.username}), lower(${part})) > 0
        or strpos(lower(${table.displayName}), lower(${part})) > 0)`,
    ),
  ];
  const query = planQuery(context, info, "User", {
    columns: { id: true, username: true },
    ...windowQuery(order, window, filter),
  }, ["edges", "node"]);
  const page = pageOf(
    order,
    window,
    await context.db.query.users.findMany(query),
    filter,
    async (beyond) =>
      await context.db.query.users.findFirst({ columns: { id: true }, ...beyond }) !== undefined,
  );
  return { ...page, totalCount: async () => await context.db.$count(users, all(filter(users))) };
}
