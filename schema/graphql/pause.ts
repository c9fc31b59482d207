/** The switch that holds back schedules and queued runs. */
import { searchText, stillThere, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { DeleteResult } from "./deletion.ts";
import { resultUnion } from "./errors.ts";
import { encodeId } from "../ids.ts";
import { planQuery } from "./plan.ts";

const Pause = builder.drizzleObject("pauses", {
  name: "Pause",
  description:
    'While it holds, no schedule and no queued run starts anything; slots are recorded as SKIPPED "paused".',
  select: { columns: { id: true } },
  fields: (t) => ({
    project: t.relation("project", { nullable: true, description: "The project; null = everything." }),
    reason: t.exposeString("reason", { description: "Why, for people." }),
    since: t.expose("since", { type: "DateTime", description: "Since when." }),
    pausedBy: t.relation("pausedByUser", {
      nullable: true,
      description: "Who paused; null when they are gone.",
    }),
  }),
});

const PauseResult = resultUnion(
  "PauseResult",
  Pause,
  ["ForbiddenError", "InvalidInputError", "NotFoundError"],
  "The pause, or why nothing is paused.",
);

builder.queryField("pauses", (t) =>
  t.field({
    type: [Pause],
    description: "Whether everything, or a project, is paused, and why. At most one for each project.",
    resolve: (_root, _args, context, info) =>
      context.db.query.pauses.findMany(
        planQuery(context, info, "Pause", { columns: { id: true }, orderBy: { id: "asc" } }),
      ),
  }));

builder.mutationFields((t) => ({
  pause: t.field({
    type: PauseResult.type,
    description: "Pauses a project, or everything. Runs that are active go on.",
    args: {
      reason: t.arg.string({ required: true, description: "Why, 1 to 500 characters." }),
      project: t.arg.string({
        description: "The slug of the project; null = everything, which needs an administrator.",
      }),
    },
    resolve: (_root, { reason, project }, context, info) =>
      PauseResult.answer([], async () => {
        const input = { reason, project: searchText(project, ["project"]) };
        const id = await context.app.pauses.pause(viewerOf(context), input);
        const query = planQuery(context, info, "Pause", { columns: { id: true }, where: { id } });
        return stillThere(await context.db.query.pauses.findFirst(query), "pause");
      }),
  }),
  resume: t.field({
    type: DeleteResult.type,
    description: "Ends a pause.",
    args: { project: t.arg.string({ description: "The slug of the project; null = everything." }) },
    resolve: (_root, { project }, context) =>
      DeleteResult.answer([], async () => {
        const input = { project: searchText(project, ["project"]) };
        return { deletedId: encodeId("Pause", await context.app.pauses.resume(viewerOf(context), input)) };
      }),
  }),
}));
