/** How roles and scopes compare, and what a credential leaves of its owner's roles. Pure. */
import { type ProjectRole, projectRoles, type TokenScope, tokenScopes } from "../../../schema/states.ts";
import type { Roles, Viewer } from "./interface.ts";

/** What a credential may be used for when nothing limits it. */
export const ALL_SCOPES: readonly TokenScope[] = ["ADMINISTER"];

export function hasRole(role: ProjectRole | null, needed: ProjectRole): boolean {
  return role !== null && projectRoles.indexOf(role) >= projectRoles.indexOf(needed);
}

/** The role in a project; null where there is none. */
export function roleIn({ roles }: Pick<Viewer, "roles">, projectId: number): ProjectRole | null {
  return typeof roles === "string" ? roles : roles.get(projectId) ?? null;
}

/** The highest role that the viewer has anywhere. */
export function highestRole({ roles }: Pick<Viewer, "roles">): ProjectRole | null {
  if (typeof roles === "string") return roles;
  return projectRoles.findLast((role) => [...roles.values()].includes(role)) ?? null;
}

/** The highest role that the scopes allow; null: those of them that read nothing. */
export function roleOfScopes(scopes: readonly TokenScope[]): ProjectRole | null {
  return projectRoles.findLast((_role, index) => scopes.some((scope) => scope === tokenScopes[index])) ??
    null;
}

/** The role that a scope stands for; null for those that include nothing else. */
export function roleOfScope(scope: TokenScope): ProjectRole | null {
  return roleOfScopes([scope]);
}

export interface Held {
  readonly admin: boolean;
  /** By project id, inherited ones included. */
  readonly roles: Readonly<Record<string, ProjectRole>>;
  readonly scopes: readonly TokenScope[];
  /** The projects that the credential is limited to; null: it is not. */
  readonly reach: readonly number[] | null;
}

/** What is left of what somebody has. */
export function rolesOf({ admin, roles, scopes, reach }: Held): Roles {
  const most = roleOfScopes(scopes);
  if (most === null) return new Map();
  const cut = (role: ProjectRole): ProjectRole => hasRole(role, most) ? most : role;
  if (admin) return reach === null ? most : new Map(reach.map((id) => [id, most]));
  const held = Object.entries(roles).map(([id, role]) => [Number(id), cut(role)] as const);
  return new Map(held.filter(([id]) => reach === null || reach.includes(id)));
}

/** Whether two viewers may do the same. */
export function sameRights(one: Viewer, other: Viewer): boolean {
  return one.admin === other.admin && text(one.roles) === text(other.roles);
}

function text(roles: Roles): string {
  return typeof roles === "string" ? roles : JSON.stringify([...roles].sort(([a], [b]) => a - b));
}
