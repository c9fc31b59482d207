/** Which containers take longest, and which fail most. */
import type { GraphQLResolveInfo } from "graphql";
import { searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import { withIds } from "../../server/db/conditions.ts";
import { Container } from "./container.ts";
import type { Context } from "./context.ts";
import type { ContainerFigure } from "../../server/domain/statistics/interface.ts";
import { planQuery } from "./plan.ts";
import { selects } from "./selection.ts";

interface FigureRow extends ContainerFigure {
  readonly container: { readonly id: number };
}
interface FiguresRow {
  readonly slowest: readonly FigureRow[];
  readonly flakiest: readonly FigureRow[];
}

const FigureType = builder.objectRef<FigureRow>("ContainerFigure").implement({
  description:
    "How a container's runs went. Runs of a single task, and those that were CANCELLED or have not ended, do not count.",
  fields: (t) => ({
    container: t.field({
      type: Container,
      description: "Whose runs.",
      resolve: ({ container }) => container,
    }),
    runs: t.exposeInt("runs", { description: "How many runs ended as SUCCEEDED or FAILED." }),
    failed: t.exposeInt("failed", { description: "How many of them FAILED." }),
    medianSeconds: t.exposeFloat("medianSeconds", {
      nullable: true,
      description: "Half of them took no longer, from start to end; null when none was started.",
    }),
    p95Seconds: t.exposeFloat("p95Seconds", {
      nullable: true,
      description: "95 of 100 took no longer; null when none was started.",
    }),
  }),
});

const FiguresType = builder.objectRef<FiguresRow>("ContainerFigures").implement({
  description: "The containers that stand out, by at most the 10,000 newest runs of the days asked for.",
  fields: (t) => ({
    slowest: t.field({
      type: [FigureType],
      description: "By the median of how long their runs took, longest first.",
      resolve: ({ slowest }) => slowest,
    }),
    flakiest: t.field({
      type: [FigureType],
      description: "By the share of runs that FAILED, greatest first; those without a failure are not in it.",
      resolve: ({ flakiest }) => flakiest,
    }),
  }),
});

builder.queryField("containerFigures", (t) =>
  t.field({
    type: FiguresType,
    description: "The slowest containers and the flakiest ones; some seconds old at most.",
    args: {
      project: t.arg.string({ description: "Slug of the project; null = all. An unknown one is NOT_FOUND." }),
      days: t.arg.int({
        defaultValue: 7,
        description: "Runs that were made within so many days, 1 to 90; null = 7.",
      }),
      first: t.arg.int({
        defaultValue: 10,
        description: "How many containers a list has at most, 0 to 100; null = 10.",
      }),
    },
    resolve: async (_root, { project, days, first }, context, info) => {
      const { slowest, flakiest } = await context.app.figures.containerFigures(context.visible, {
        project: searchText(project, ["project"]) ?? null,
        days: days ?? 7,
        first: first ?? 10,
      });
      return {
        slowest: await withContainers("slowest", slowest, context, info),
        flakiest: await withContainers("flakiest", flakiest, context, info),
      };
    },
  }));

async function withContainers(
  list: keyof FiguresRow,
  figures: readonly ContainerFigure[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<readonly FigureRow[]> {
  if (figures.length === 0 || !selects(info, list)) return [];
  const rows = await context.db.query.containers.findMany(
    planQuery(context, info, "Container", {
      columns: { id: true },
      where: withIds(figures.map(({ containerId }) => containerId)),
    }, [list, "container"]),
  );
  const containerOf = new Map(rows.map((row) => [row.id, row]));
  return figures.flatMap((figure) => {
    const container = containerOf.get(figure.containerId);
    // Deleted since the figures were made.
    return container === undefined ? [] : [{ ...figure, container }];
  });
}
