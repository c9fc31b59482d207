/** People, and how they come in: sign-in, password, tokens. */
import { ApiToken } from "./api_token.ts";
import { builder } from "./builder.ts";
import { stillThere, viewerOf } from "./arguments.ts";
import type { Context } from "./context.ts";
import type { SignedIn, SignInMethod } from "../../server/domain/accounts/interface.ts";
import { SignInKindEnum } from "./enums.ts";
import { resultUnion } from "./errors.ts";
import { Member } from "./member.ts";
import { NO_ID } from "../ids.ts";
import { NodeInterface } from "./node.ts";
import { planQuery } from "./plan.ts";

/** More than anybody tells apart. The domain refuses to make more. */
const MAX_API_TOKENS = 200;
const MAX_MEMBERSHIPS = 500;

export const User = builder.drizzleObject("users", {
  name: "User",
  description: "A person who can sign in.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    username: t.exposeString("username", {
      description: "What is typed to sign in; unique, upper and lower case alike.",
    }),
    displayName: t.exposeString("displayName", { description: "The name that others see." }),
    admin: t.exposeBoolean("admin", { description: "True for somebody who may do everything." }),
    disabled: t.exposeBoolean("disabled", {
      description: "True if the user cannot sign in and none of their tokens works.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When the account was made." }),
    lastSeenAt: t.field({
      type: "DateTime",
      nullable: true,
      description:
        "When the user last signed in or used one of their tokens, accurate to one minute. Null if never, and for viewers other than the user and administrators.",
      select: { columns: { id: true, lastSeenAt: true } },
      resolve: ({ id, lastSeenAt }, _args, context) =>
        context.viewer?.admin === true || isOwn(context, id) ? lastSeenAt : null,
    }),
    memberships: t.field({
      type: [Member],
      description:
        `The roles granted to the user, by slug of the project, at most ${MAX_MEMBERSHIPS}. Roles in projects that the viewer cannot see are omitted.`,
      select: {
        columns: { id: true },
        with: { memberships: { with: { project: { columns: { slug: true } } }, limit: MAX_MEMBERSHIPS } },
      },
      resolve: ({ memberships }) =>
        memberships.toSorted((one, other) => one.project.slug < other.project.slug ? -1 : 1)
          .map((member) => ({ ...member, shownIn: member.projectId })),
    }),
    signInKinds: t.field({
      type: [SignInKindEnum],
      description: "The ways in which the user can sign in.",
      select: { columns: { id: true, passwordHash: true }, with: { identities: { limit: 1 } } },
      resolve: ({ passwordHash, identities }) => [
        ...(identities.length > 0 ? ["OIDC" as const] : []),
        ...(passwordHash === null ? [] : ["PASSWORD" as const]),
      ],
    }),
    passwordChangeRequired: t.boolean({
      description:
        "True while the password is one that the server made, so that a new one should be chosen. Only the viewer's own is told: for anybody else it is false.",
      select: { columns: { id: true, passwordChangeRequired: true } },
      resolve: (user, _args, context) => user.passwordChangeRequired && isOwn(context, user.id),
    }),
    apiTokens: t.field({
      type: [ApiToken],
      description:
        `Tokens for scripts by name, at most ${MAX_API_TOKENS}. Only the viewer's own are told: for anybody else there are none.`,
      select: (_args, _context, nested) => ({
        columns: { id: true },
        with: { apiTokens: nested({ orderBy: { name: "asc" }, limit: MAX_API_TOKENS }) },
      }),
      resolve: (user, _args, context) => isOwn(context, user.id) ? user.apiTokens : [],
    }),
  }),
});

const SignInPayload = builder.objectRef<SignedIn>("SignInPayload").implement({
  description: "A session. The same token is set as an HttpOnly cookie, so a browser need not keep it.",
  fields: (t) => ({
    token: t.exposeString("token", { description: "For `Authorization: Bearer`; shown this once." }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", description: "When the session ends by itself." }),
    user: t.field({
      type: User,
      description: "Who signed in.",
      resolve: async ({ userId }, _args, context, info) => {
        const query = planQuery(context, info, "User", { columns: { id: true }, where: { id: userId } });
        return stillThere(await context.db.query.users.findFirst(query), "user");
      },
    }),
  }),
});

const SignInResult = resultUnion(
  "SignInResult",
  SignInPayload,
  ["UnauthenticatedError", "LimitExceededError"],
  "The session, or why there is none.",
);
const ChangePasswordResult = resultUnion(
  "ChangePasswordResult",
  SignInPayload,
  ["UnauthenticatedError", "InvalidInputError", "LimitExceededError"],
  "The session that goes on, or why the password stays as it was.",
);
const SignInMethod = builder.objectRef<SignInMethod>("SignInMethod").implement({
  description: "A sign-in method that the server offers.",
  fields: (t) => ({
    kind: t.expose("kind", { type: SignInKindEnum, description: "The kind of sign-in." }),
    name: t.exposeString("name", { description: 'The display name, such as "Keycloak".' }),
    url: t.exposeString("url", {
      nullable: true,
      description:
        "The URL at which a browser starts the sign-in, such as /sign-in/oidc. Null for PASSWORD, which uses the mutation `signIn`.",
    }),
  }),
});

builder.queryField("signInMethods", (t) =>
  t.field({
    type: [SignInMethod],
    skipTypeScopes: true,
    description: "The sign-in methods that the server offers. Does not require authentication.",
    resolve: (_root, _args, { app }) => [...app.accounts.signInMethods],
  }));

builder.queryField("viewer", (t) =>
  t.field({
    type: User,
    nullable: true,
    description:
      "Who asks; null for a service token. Without a sign-in it is null, with an error of code UNAUTHENTICATED beside.",
    resolve: (_root, _args, context, info) =>
      context.db.query.users.findFirst(
        planQuery(context, info, "User", {
          columns: { id: true },
          where: { id: viewerOf(context).userId ?? NO_ID },
        }),
      ),
  }));

builder.mutationFields((t) => ({
  signIn: t.field({
    type: SignInResult.type,
    description:
      "Makes a session and sets its cookie; open to anybody. A wrong password and an unknown name are refused alike; too many tries for an account or from an address are LIMIT_EXCEEDED.",
    skipTypeScopes: true,
    args: {
      username: t.arg.string({ required: true, description: "Upper and lower case alike." }),
      password: t.arg.string({ required: true, description: "As it was set." }),
    },
    resolve: (_root, { username, password }, context) =>
      SignInResult.answer([], async () => {
        const session = await context.app.accounts.signIn({ username, password, address: context.address });
        context.sessionCookie.set(session.token, session.expiresAt);
        context.signedInUserId = session.userId;
        return session;
      }),
  }),
  signOut: t.boolean({
    description:
      "Ends the session or the API token that the call was made with: token and cookie stop working at once. Always true.",
    resolve: async (_root, _args, context) => {
      await context.app.accounts.signOut(viewerOf(context));
      context.sessionCookie.clear();
      return true;
    },
  }),
  changePassword: t.field({
    type: ChangePasswordResult.type,
    description:
      "Sets the viewer's own password and ends all other sessions. API tokens go on: revoke those that somebody else may know. A password that many people use is INVALID_INPUT.",
    args: {
      currentPassword: t.arg.string({ required: true, description: "The one that holds until now." }),
      newPassword: t.arg.string({ required: true, description: "The one that shall hold from now on." }),
    },
    resolve: (_root, { currentPassword, newPassword }, context) =>
      ChangePasswordResult.answer([], async () => {
        const input = { currentPassword, newPassword, address: context.address };
        const session = await context.app.accounts.changePassword(viewerOf(context), input);
        context.sessionCookie.set(session.token, session.expiresAt);
        return session;
      }),
  }),
}));

function isOwn({ signedInUserId, viewer }: Context, userId: number): boolean {
  return userId === (signedInUserId ?? viewer?.userId);
}
