/** Who may do what, decided here and nowhere else. What concerns the viewer's own account needs no right. */
import { ForbiddenError } from "../../../schema/errors.ts";
import type { ProjectRole } from "../../../schema/states.ts";
import type { Viewer, Visible } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { hasRole, roleIn } from "./roles.ts";

/** The least role that each right needs in the project, and what it is for. */
const rights = {
  "run:start": { role: "OPERATOR", action: "start a run" },
  "run:cancel": { role: "OPERATOR", action: "cancel a run" },
  // Variables such as BASH_ENV are as good as a command.
  "run:variables": { role: "EDITOR", action: "set variables of a run" },
  "run:pause": { role: "OPERATOR", action: "pause" },
  "container:change": { role: "EDITOR", action: "change a container" },
  "variable:change": { role: "EDITOR", action: "change a variable" },
  "log:delete": { role: "EDITOR", action: "delete logs" },
  "audit:read": { role: "ADMIN", action: "read the audit log" },
  "task:run-as": { role: "ADMIN", action: "choose the user of a task" },
  "agent:change": { role: "ADMIN", action: "change an agent" },
  "container:move": { role: "ADMIN", action: "move a container" },
  "project:change": { role: "ADMIN", action: "change a project" },
  "project:create": { role: "ADMIN", action: "create a project" },
  "project:delete": { role: "ADMIN", action: "delete a project" },
  "member:change": { role: "ADMIN", action: "change a member" },
  "token:service": { role: "ADMIN", action: "manage service tokens" },
  "user:change": { role: "ADMIN", action: "change a user" },
  "token:revoke-others": { role: "ADMIN", action: "revoke another person's token" },
} as const satisfies Record<string, { readonly role: ProjectRole; readonly action: Action }>;
export type Right = keyof typeof rights;

/** What a right is needed on: something that belongs to a project, or the whole installation, which is for administrators. */
export type Subject = { readonly projectId: number } | "installation";

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
  const { role, action } = rights[right];
  const { username } = viewer;
  if (subject === "installation") {
    return viewer.admin ? null : new ForbiddenError(say("ADMINISTRATOR_NEEDED", { action, username }));
  }
  if (hasRole(roleIn(viewer, subject.projectId), role)) return null;
  return new ForbiddenError(say("ROLE_NEEDED", { action, username, role }));
}

/** The projects in which the viewer has the right, for what concerns many; throws ForbiddenError when there are none. */
export function authorisedProjects(viewer: Viewer, right: Right): Visible {
  const { role, action } = rights[right];
  const projects = projectsWith(viewer, right);
  if (projects.length > 0) return projects;
  throw new ForbiddenError(say("ROLE_NEEDED", { action, username: viewer.username, role }));
}

/** The same, none for somebody who has it nowhere. */
export function projectsWith(viewer: Viewer | null, right: Right): Visible {
  if (viewer === null) return [];
  const { role } = rights[right];
  const { roles } = viewer;
  if (typeof roles === "string") return hasRole(roles, role) ? "all" : [];
  return [...roles].filter(([, held]) => hasRole(held, role)).map(([id]) => id);
}
