/** Which containers take longest and which fail most, by their newest runs: the work is bounded however long a history is. */
import { sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { InvalidInputError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { inProjects } from "../accounts/visible.ts";
import type { ContainerFigure, ContainerFigures } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import { refuseDays } from "./run_outcomes.ts";

const MAX_DAYS = 90;
const MAX_CONTAINERS = 100;
/** The newest runs that the figures are made of; the API's description names the number. */
const RUNS_READ = 10_000;
/** Several dashboards ask at once; such figures do not change from one second to the next. */
const FRESH_MS = 10_000;
/** Different questions whose answers are remembered. */
const ANSWERS_KEPT = 50;

interface Question {
  readonly visible: Visible;
  readonly days: number;
  readonly first: number;
}
type ReadContainerFigures = (question: Question) => Promise<ContainerFigures>;

interface FigureRow extends ContainerFigure, Record<string, unknown> {}

export function createContainerFigures(db: Database, clock: { now(): number }): ReadContainerFigures {
  const answers = new LRUCache<
    string,
    { readonly figures: readonly FigureRow[]; readonly goodUntil: number }
  >({
    max: ANSWERS_KEPT,
  });

  async function readFigures(visible: Visible, days: number): Promise<readonly FigureRow[]> {
    const key = `${visible} ${days}`;
    const known = answers.get(key);
    if (known !== undefined && known.goodUntil > clock.now()) return known.figures;
    const figures = await computeFigures(db, visible, days);
    answers.set(key, { figures, goodUntil: clock.now() + FRESH_MS });
    return figures;
  }

  return async ({ visible, days, first }) => {
    refuseDays(days, MAX_DAYS);
    if (first < 0 || first > MAX_CONTAINERS) {
      throw new InvalidInputError(
        say("FIGURES_FIRST", { first, most: MAX_CONTAINERS }),
        ["first"],
      );
    }
    const figures = await readFigures(visible, days);
    const timed = figures.filter(({ medianSeconds }) => medianSeconds !== null);
    const failing = figures.filter(({ failed }) => failed > 0);
    return {
      slowest: timed.toSorted((left, right) => (right.medianSeconds ?? 0) - (left.medianSeconds ?? 0))
        .slice(0, first),
      flakiest: failing.toSorted((left, right) =>
        right.failed / right.runs - left.failed / left.runs || right.failed - left.failed
      ).slice(0, first),
    };
  };
}

/** A run that was cancelled, or of a single task, says nothing about its container. */
async function computeFigures(
  db: Database,
  visible: Visible,
  days: number,
): Promise<readonly FigureRow[]> {
  return await db.execute<FigureRow>(sql`
    with newest as (
      select container_id, state, extract(epoch from finished_at - started_at) as seconds from runs
      where ${
    inProjects(visible, sql`project_id`)
  } and not single and created_at >= statement_timestamp() - make_interval(days => ${days}::int)
      order by created_at desc, id desc limit ${RUNS_READ})
    select newest.container_id as "containerId", count(*)::int as runs,
      (count(*) filter (where state = 'FAILED'))::int as failed,
      percentile_cont(0.5) within group (order by seconds) as "medianSeconds",
      percentile_cont(0.95) within group (order by seconds) as "p95Seconds"
    from newest join containers on containers.id = newest.container_id
    where state in ('SUCCEEDED', 'FAILED')
    group by newest.container_id`);
}
