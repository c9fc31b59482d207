/**
 * Who may do what, decided here and nowhere else. Administrators may do everything; others may read, and manage their own
 * sign-in, which needs no right.
 */
import { ForbiddenError } from "../../../schema/errors.ts";
import type { Viewer, Visible } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { includesProject, visibleTo } from "./visible.ts";

export const rights = [
  "container:change",
  "run:start",
  "run:cancel",
  "log:delete",
  "project:change",
  "run:pause",
  "token:revoke-others",
] as const;
export type Right = typeof rights[number];

/** What a right is needed on: something that belongs to a project, or the whole installation. */
export type Subject = { readonly projectId: number } | "installation";

const actions: Readonly<Record<Right, Action>> = {
  "container:change": "change a container",
  "run:start": "start a run",
  "run:cancel": "cancel a run",
  "log:delete": "delete logs",
  "project:change": "change a project",
  "run:pause": "pause",
  "token:revoke-others": "revoke another person's token",
};

/**
 * Throws ForbiddenError when the viewer does not have the right on the subject. Call it once the subject was found among
 * what the viewer may see: what they may not see is NOT_FOUND, as if it did not exist.
 */
export function authorise(viewer: Viewer, right: Right, subject: Subject): void {
  const error = findForbidden(viewer, right, subject);
  if (error !== null) throw error;
}

/** Null when the viewer has the right on the subject. */
export function findForbidden(viewer: Viewer, right: Right, subject: Subject): ForbiddenError | null {
  const visible = visibleTo(viewer);
  const inside = subject === "installation" ? visible === "all" : includesProject(visible, subject.projectId);
  return viewer.admin && inside ? null : forbidden(viewer, right);
}

/** The projects in which the viewer has the right, for what concerns many; throws ForbiddenError when there are none. */
export function authorisedProjects(viewer: Viewer, right: Right): Visible {
  if (!viewer.admin) throw forbidden(viewer, right);
  return visibleTo(viewer);
}

function forbidden({ username }: Viewer, right: Right): ForbiddenError {
  return new ForbiddenError(say("ONLY_LOOKS", { action: actions[right], username }));
}
