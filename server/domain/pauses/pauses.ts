/** Pausing and going on. */
import { eq, isNull, sql } from "drizzle-orm";
import { InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { pauses } from "../../../schema/tables/project.ts";
import type { Given } from "../../../schema/given.ts";
import type { Database } from "../../db/database.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import type { Viewer } from "../accounts/interface.ts";
import { audit, type AuditSubject } from "../audit/audit.ts";
import { authorise } from "../accounts/rights.ts";
import { visibleTo } from "../accounts/visible.ts";
import { findProject } from "../projects/projects.ts";
import type { Pauses } from "./interface.ts";

const MAX_REASON = 500;

export function createPauses({ db, bus }: { readonly db: Database; readonly bus: Bus }): Pauses {
  return {
    async pause(viewer, input): Promise<number> {
      const action = "pause";
      const reason = input.reason.trim();
      if (reason === "" || [...reason].length > MAX_REASON || reason.includes("\0")) {
        throw new InvalidInputError(say("PAUSE_REASON", { action, most: MAX_REASON }), ["reason"]);
      }
      return await transaction(db, async (tx, after) => {
        const projectId = await authorisedProject(tx, viewer, input.project, action);
        const [row] = await tx.execute<{ id: number }>(sql`
          insert into pauses (project_id, reason, paused_by) values (${projectId}, ${reason}, ${viewer.userId})
          on conflict (coalesce(project_id, 0)) do update
            set reason = excluded.reason, paused_by = excluded.paused_by
          returning id`);
        if (row === undefined) throw new Error("An insert gave no row back");
        await audit(tx, viewer, "pause", subjectOfPause(projectId, input.project), {
          reason: { before: null, after: reason },
        });
        after(() => bus.publish({ kind: "queue" }));
        return row.id;
      });
    },
    async resume(viewer, input): Promise<number> {
      const action = "resume";
      return await transaction(db, async (tx, after) => {
        const projectId = await authorisedProject(tx, viewer, input.project, action);
        const [row] = await tx.delete(pauses)
          .where(projectId === null ? isNull(pauses.projectId) : eq(pauses.projectId, projectId))
          .returning({ id: pauses.id });
        if (row === undefined) throw new NotFoundError(say("NOT_PAUSED", { action }), ["project"]);
        await audit(tx, viewer, "resume", subjectOfPause(projectId, input.project));
        after(() => bus.publish({ kind: "queue" }));
        return row.id;
      });
    },
  };
}

function subjectOfPause(projectId: number | null, slug: Given<string>): AuditSubject {
  return projectId === null
    ? { kind: null, id: null, text: "everything", projectId }
    : { kind: "Project", id: projectId, text: `project "${slug}"`, projectId };
}

/** Null: everything. */
async function authorisedProject(
  tx: Transaction,
  viewer: Viewer,
  slug: Given<string>,
  action: Action,
): Promise<number | null> {
  if (slug === undefined || slug === null) {
    authorise(viewer, "run:pause", "installation");
    return null;
  }
  const missing = { message: say("NO_PROJECT", { action, slug }), path: ["project"] };
  const projectId = await findProject(tx, visibleTo(viewer), slug, missing);
  authorise(viewer, "run:pause", { projectId });
  return projectId;
}
