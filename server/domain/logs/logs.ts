/** The stored output of all runs, for people: read, searched, taken away, removed. */
import type { Database } from "../../db/database.ts";
import type { Logs } from "./interface.ts";
import { readPlaceCursor } from "./cursor.ts";
import { openDownload } from "./download.ts";
import { readTaskRunPage } from "./read.ts";
import { removeLogs } from "./remove.ts";
import { readSearchPage } from "./search.ts";
import { readLogUsage } from "./usage.ts";

export function createLogs({ db }: { readonly db: Database }): Logs {
  return {
    ofTaskRun: (taskRunId, attempt, page) => readTaskRunPage(db, taskRunId, attempt, page),
    cursorOf: readPlaceCursor,
    search: (filter, page) => readSearchPage(db, filter, page),
    download: (target) => openDownload(db, target),
    usage: (project) => readLogUsage(db, project),
    remove: (viewer, input) => removeLogs(db, viewer, input),
  };
}
