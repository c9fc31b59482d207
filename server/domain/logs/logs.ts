/** The stored output of all runs, for people: read, searched, removed. */
import type { Database, Logs } from "../../../schema/graphql/context.ts";
import { readTaskRunPage } from "./read.ts";
import { removeLogs } from "./remove.ts";
import { readSearchPage } from "./search.ts";

export function createLogs({ db }: { readonly db: Database }): Logs {
  return {
    ofTaskRun: (taskRunId, attempt, page) => readTaskRunPage(db, taskRunId, attempt, page),
    search: (filter, page) => readSearchPage(db, filter, page),
    remove: (viewer, input) => removeLogs(db, viewer, input),
  };
}
