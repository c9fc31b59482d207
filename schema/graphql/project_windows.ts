/**
 * A page of the runs of several projects: a window of each, of which the page is the first part. Each is read by the index
 * of its project, where one condition on all of them would read the whole history.
 */
import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { runs } from "../tables/run.ts";
import { all } from "../../server/db/conditions.ts";
import { idArray } from "../../server/db/parameters.ts";
import type { Visible } from "../../server/domain/accounts/interface.ts";
import { inside, newestFirst, type Window } from "./pages.ts";

/** No condition for a viewer of everything, of one project or of none, whose rows one index gives in order. */
export function inProjectWindows(
  visible: Visible,
  window: Window,
  filter: (table: typeof runs) => readonly SQL[],
): (table: typeof runs) => readonly SQL[] {
  if (visible === "all" || visible.length < 2) return () => [];
  const order = newestFirst<typeof runs>();
  // The same columns under another name.
  const near = alias(runs, "near_runs") as unknown as typeof runs;
  const conditions = all([sql`${near.projectId} = own.id`, ...filter(near), ...inside(order, window, near)]);
  const sorted = sql.join(order.sort(near, window.direction), sql`, `);
  return (table) => [sql`${table.id} = any(array(
    select windows.id from unnest(${idArray(visible)}) own (id) cross join lateral (
      select ${near.id} from runs as near_runs where ${conditions} order by ${sorted} limit ${window.size + 1}
    ) windows))`];
}
