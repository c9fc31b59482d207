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
    ofTaskRun: (visible, taskRunId, attempt, page) => readTaskRunPage(db, visible, taskRunId, attempt, page),
    cursorOf: readPlaceCursor,
    search: (visible, filter, page) => readSearchPage(db, visible, filter, page),
    download: (visible, target) => openDownload(db, visible, target),
    usage: (visible, project) => readLogUsage(db, visible, project),
    remove: (viewer, input) => removeLogs(db, viewer, input),
  };
}
