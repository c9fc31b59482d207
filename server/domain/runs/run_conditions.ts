/** Which runs a list holds, as SQL. */
import { gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import { runCauses, runStates } from "../../../schema/states.ts";
import type { runs } from "../../../schema/tables/run.ts";
import { given, ofProject } from "../../db/conditions.ts";
import type { RunFilter } from "./interface.ts";

/** A project by its slug, to be found by the statement that uses it. */
export interface RunConditions extends RunFilter {
  readonly projectSlug?: string | null | undefined;
}

export function runConditions(table: typeof runs, filter: RunConditions): SQL[] {
  return [
    ...given(filter.projectId, (id) => sql`${table.projectId} = ${id}`),
    ...given(filter.projectSlug, (slug) => ofProject(table.projectId, slug)),
    ...given(filter.containerId, (id) => sql`${table.containerId} = ${id}`),
    ...given(
      filter.states,
      (states) => inArray(table.state, runStates.filter((known) => states.includes(known))),
    ),
    ...given(
      filter.causes,
      (causes) => inArray(table.cause, runCauses.filter((known) => causes.includes(known))),
    ),
    ...given(filter.from, (from) => gte(table.createdAt, from)),
    ...given(filter.to, (to) => lt(table.createdAt, to)),
  ];
}
