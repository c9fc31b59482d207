/** Tokens for scripts. */
import { type SQL, sql } from "drizzle-orm";
import { decodeId, encodeId } from "../ids.ts";
import { apiTokens } from "../tables/user.ts";
import type { MadeToken } from "../../server/domain/accounts/interface.ts";
import { viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { DeleteResult } from "./deletion.ts";
import { TokenScopeEnum } from "./enums.ts";
import { resultUnion } from "./errors.ts";

const previousEndMs = (table: typeof apiTokens): SQL<number | null> =>
  sql`case when ${table.previousTokenExpiresAt} > clock_timestamp()
    then (extract(epoch from ${table.previousTokenExpiresAt}) * 1000)::float8 end`;

export const ApiToken = builder.drizzleObject("apiTokens", {
  name: "ApiToken",
  description: "A token for scripts. What it is made of was shown once, when it was made.",
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({
      description: "For revokeApiToken and rotateApiToken.",
      resolve: ({ id }) => encodeId("ApiToken", id),
    }),
    name: t.exposeString("name", {
      description:
        "What it is for; unique among its maker's tokens, or among the service tokens of its project.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
    lastUsedAt: t.expose("lastUsedAt", {
      type: "DateTime",
      nullable: true,
      description: "When a call last came with it, exact to a minute; null when none did yet.",
    }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      nullable: true,
      description: "When it stops, or stopped, working by itself; null = never.",
    }),
    previousTokenExpiresAt: t.field({
      type: "DateTime",
      nullable: true,
      description:
        "Until when the token that was replaced by the last rotation remains valid. Null if it is no longer valid.",
      select: { columns: {}, extras: { previousEndMs } },
      resolve: ({ previousEndMs: at }) => at === null ? null : new Date(at),
    }),
    scopes: t.expose("scopes", { type: [TokenScopeEnum], description: "What the token may be used for." }),
    agentLabels: t.exposeStringList("agentLabels", {
      description:
        "Labels assigned to agents that are enrolled with this token. Agents cannot choose their own labels, so they cannot obtain work that is not intended for them. Empty without the scope ENROL_AGENTS.",
    }),
    service: t.boolean({
      description:
        "True if the token belongs to its project instead of a user. It remains valid when its creator is deleted.",
      select: { columns: { userId: true } },
      resolve: ({ userId }) => userId === null,
    }),
    project: t.relation("project", {
      nullable: true,
      description:
        "The project that the token is limited to, including the projects below it. Null if the token is not limited to a project.",
    }),
  }),
});

const ApiTokenPayload = builder.objectRef<MadeToken>("ApiTokenPayload")
  .implement({
    description: "The token is shown this once; only its hash is kept.",
    fields: (t) => ({
      id: t.id({ description: "For revokeApiToken.", resolve: ({ id }) => encodeId("ApiToken", id) }),
      token: t.exposeString("token", {
        description: "For `Authorization: Bearer`; it has its maker's rights within its scopes and project.",
      }),
    }),
  });

const ApiTokenResult = resultUnion(
  "ApiTokenResult",
  ApiTokenPayload,
  ["InvalidInputError", "ForbiddenError", "NotFoundError"],
  "The new token, or why there is none.",
);

builder.mutationFields((t) => ({
  createApiToken: t.field({
    type: ApiTokenResult.type,
    description:
      "Makes a token for scripts that has the viewer's rights within its scopes and its project. Asked for with an API token, it may do no more and has to end no later.",
    args: {
      name: t.arg.string({
        required: true,
        description: "What it is for; unique among the viewer's tokens, 1 to 200 characters.",
      }),
      expiresAt: t.arg({ type: "DateTime", description: "When it ends; null = never." }),
      project: t.arg.string({
        description:
          "The slug of the project to limit the token to, including the projects below it. Null means no limit. Required for service tokens and for ENROL_AGENTS.",
      }),
      scopes: t.arg({
        type: [TokenScopeEnum],
        description:
          "What the token may be used for. Null means everything that its owner may do, except agents and metrics. More than the viewer may do returns FORBIDDEN.",
      }),
      service: t.arg.boolean({
        defaultValue: false,
        description:
          "True creates a service token, which belongs to the project. Requires the role ADMIN there.",
      }),
      agentLabels: t.arg.stringList({
        defaultValue: [],
        description: "Labels for agents that are enrolled with the token. Only with ENROL_AGENTS.",
      }),
    },
    resolve: (_root, args, context) =>
      ApiTokenResult.answer([], () =>
        context.app.accounts.createApiToken(viewerOf(context), {
          ...args,
          expiresAt: args.expiresAt ?? null,
        })),
  }),
  rotateApiToken: t.field({
    type: ApiTokenResult.type,
    description:
      "Replaces an API token with a new one that has the same name, project, scopes and expiry. Both are valid until the overlap has passed.",
    args: {
      id: t.arg.id({ required: true, description: "The ID of the token." }),
      overlapSeconds: t.arg.int({
        defaultValue: 0,
        description:
          "How long the old token remains valid, in seconds. Between 0 and 2,592,000; null means 0.",
      }),
    },
    resolve: (_root, { id, overlapSeconds }, context) =>
      ApiTokenResult.answer([], () =>
        context.app.accounts.rotateApiToken(viewerOf(context), {
          id: decodeId("ApiToken", id),
          overlapSeconds: overlapSeconds ?? 0,
        })),
  }),
  revokeApiToken: t.field({
    type: DeleteResult.type,
    description:
      "Ends a token of the viewer, or of a project where the viewer is ADMIN, at once, with the tokens that were made with it and the streams that they opened.",
    args: { id: t.arg.id({ required: true, description: "Id of the token." }) },
    resolve: (_root, { id }, context) =>
      DeleteResult.answer([], async () => {
        await context.app.accounts.revokeApiToken(viewerOf(context), decodeId("ApiToken", id));
        return { deletedId: id };
      }),
  }),
}));
