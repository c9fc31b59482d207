/**
 * What a signed-in person may do, decided here and nowhere else. Administrators may do all; others may look, and look
 * after their own sign-in, which needs no right.
 */
import { ForbiddenError } from "../../../schema/errors.ts";
import type { Viewer } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";

export const rights = [
  "container:change",
  "run:start",
  "run:cancel",
  "log:delete",
  "project:change",
  "token:revoke-others",
] as const;
type Right = typeof rights[number];

const actions: Readonly<Record<Right, Action>> = {
  "container:change": "change a container",
  "run:start": "start a run",
  "run:cancel": "cancel a run",
  "log:delete": "delete logs",
  "project:change": "change a project",
  "token:revoke-others": "revoke another person's token",
};

/** Throws ForbiddenError when the viewer does not have the right. */
export function authorise(viewer: Viewer, right: Right): void {
  if (holdsRight(viewer, right)) return;
  throw new ForbiddenError(say("ONLY_LOOKS", { action: actions[right], username: viewer.username }));
}

export function holdsRight(viewer: Pick<Viewer, "admin">, _right: Right): boolean {
  return viewer.admin;
}
