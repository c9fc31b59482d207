/** Refused changes of containers, tasks, relations and projects. */
import type { ProjectRole } from "../states.ts";
import type { Action, Refused } from "./actions.ts";

interface Named extends Refused {
  readonly name: string;
}

interface RoleNeeded {
  readonly action: Action;
  readonly username: string;
  readonly role: ProjectRole;
}

interface Counted extends Refused {
  readonly count: number;
  readonly limit: number;
}

export const editSentences = {
  ROLE_NEEDED: ({ action, username, role }: RoleNeeded) =>
    `Cannot ${action}: "${username}" needs the role ${role} in the project; ask one of its administrators`,
  ADMINISTRATOR_NEEDED: ({ action, username }: Omit<RoleNeeded, "role">) =>
    `Cannot ${action}: "${username}" is not an administrator`,
  NO_CONTAINER: ({ action }: Refused) => `Cannot ${action}: there is no such container`,
  NO_TASK: ({ action }: Refused) => `Cannot ${action}: there is no such task`,
  NO_UPSTREAM: ({ action }: Refused) => `Cannot ${action}: there is no such upstream task`,
  NO_DOWNSTREAM: ({ action }: Refused) => `Cannot ${action}: there is no such downstream task`,
  NO_RELATION: ({ action }: Refused) => `Cannot ${action}: there is no such relation`,
  NO_AGENT: ({ action }: Refused) => `Cannot ${action}: there is no such agent`,
  LABEL_RESERVED: ({ label }: { readonly label: string }) =>
    `Cannot update agent: labels that begin with agent:, os: or arch: are set by the server, and "${label}" is one of them`,
  AGENT_PROJECTS: () => "Cannot update agent: it has to work for at least one project",
  AGENT_NAME_TAKEN: ({ name }: { readonly name: string }) =>
    `Cannot update agent: there is already an agent "${name}"`,
  PLACEMENTS_MANY: ({ most }: { readonly most: number }) =>
    `Cannot start the run: there are ${most} different combinations of project and required labels already`,
  NO_PROJECT: ({ action, slug }: Refused & { readonly slug: string }) =>
    `Cannot ${action}: there is no project "${slug}"`,
  NO_VERSION: ({ action, name, version }: Named & { readonly version: number }) =>
    `Cannot ${action}: container "${name}" has no version ${version}`,
  VERSION_NOT_KEPT: ({ action, name, version }: Named & { readonly version: number }) =>
    `Cannot ${action}: version ${version} of container "${name}" was made before versions were kept`,
  OTHER_VERSION: (
    { action, name, version, expected }: Named & { readonly version: number; readonly expected: number },
  ) =>
    `Cannot ${action}: container "${name}" is at version ${version}, the change was made on ${expected}; ` +
    "read it again and repeat the change",
  NAME_MISSING: ({ action }: Refused) => `Cannot ${action}: a name is needed`,
  COMMAND_MISSING: ({ action }: Refused) => `Cannot ${action}: a command is needed`,
  CONTAINER_NAME_TAKEN: ({ action, name }: Named) =>
    `Cannot ${action}: the project has a container "${name}" already`,
  CONTAINER_RUNS: ({ name }: { readonly name: string }) =>
    `Cannot delete container "${name}": a run of it is active; cancel the run or wait for its end`,
  TASK_NAME_TAKEN: ({ action, name }: Named) =>
    `Cannot ${action}: the container has a task "${name}" already`,
  TOO_MANY_TASKS: ({ action, count, limit }: Counted) =>
    `Cannot ${action}: the container has ${count} tasks, at most ${limit} are allowed`,
  TOO_MANY_RELATIONS: ({ action, count, limit }: Counted) =>
    `Cannot ${action}: the container has ${count} relations, at most ${limit} are allowed`,
  TOO_MANY_MOVES: ({ action }: Refused) => `Cannot ${action}: no container has so many tasks`,
  WAITS_FOR_ITSELF: ({ action, name }: Named) => `Cannot ${action}: task "${name}" cannot wait for itself`,
  DIFFERENT_CONTAINERS: (
    { action, upstream, downstream }: Refused & { readonly upstream: string; readonly downstream: string },
  ) => `Cannot ${action}: tasks "${upstream}" and "${downstream}" are in different containers`,
  RELATION_PRESENT: ({ action }: Refused) =>
    `Cannot ${action}: there is a relation between these tasks already; change its condition`,
  CYCLE_CLOSED: ({ action, cycle }: Refused & { readonly cycle: readonly string[] }) =>
    `Cannot ${action}: it would close the cycle ${[...cycle, cycle[0]].join(" -> ")}`,
  PROJECT_DAYS: (
    { slug, field, most, days }: {
      readonly slug: string;
      readonly field: "logRetentionDays" | "runRetentionDays";
      readonly most: number;
      readonly days: number;
    },
  ) => `Cannot change project "${slug}": ${field} has to be from 1 to ${most}, not ${days}`,
  PROJECT_SLUG: ({ slug }: { readonly slug: string }) =>
    `Cannot create project "${slug}": a slug has 1 to 63 lower-case letters, digits and hyphens, and begins with no hyphen`,
  PROJECT_SLUG_TAKEN: ({ slug }: { readonly slug: string }) =>
    `Cannot create project "${slug}": the slug is taken`,
  PROJECT_DEEP: ({ slug, most }: { readonly slug: string; readonly most: number }) =>
    `Cannot create project "${slug}": projects are nested at most ${most} levels`,
  PROJECTS_MANY: ({ slug, most }: { readonly slug: string; readonly most: number }) =>
    `Cannot create project "${slug}": there are ${most} beside it already`,
  PROJECT_DEFAULT: () => 'Cannot delete project "default": it always exists',
  PROJECT_IN_USE: ({ slug }: { readonly slug: string }) =>
    `Cannot delete project "${slug}": it has containers, projects below it or agents of its own; move or delete them first`,
  CONTAINER_ACTIVE: ({ name }: { readonly name: string }) =>
    `Cannot move container "${name}": a run of it is active; cancel the run or wait for its end`,
  DELETED_MEANWHILE: ({ what }: { readonly what: ShownThing }) =>
    `Cannot show ${what}: it was deleted meanwhile`,
} as const;

/** Refused definitions, saved whole. */
export const saveSentences = {
  SAVED_TASKS_TOO_MANY: ({ count, limit }: { readonly count: number; readonly limit: number }) =>
    `Cannot save container: it has ${count} tasks, at most ${limit} are allowed`,
  SAVED_RELATIONS_TOO_MANY: ({ count, limit }: { readonly count: number; readonly limit: number }) =>
    `Cannot save container: it has ${count} relations, at most ${limit} are allowed`,
  SAVED_TASK_LACKS: (
    { number, missing }: { readonly number: number; readonly missing: "name" | "command" },
  ) => `Cannot save container: task ${number} needs a ${missing}`,
  SAVED_TASK_NAMED_TWICE: ({ name }: { readonly name: string }) =>
    `Cannot save container: two tasks are named "${name}"`,
  SAVED_TASK_UNKNOWN: () => "Cannot save container: the container has no such task",
  SAVED_TASK_LISTED_TWICE: ({ name }: { readonly name: string }) =>
    `Cannot save container: task "${name}" is listed twice`,
  SAVED_RELATION_UNKNOWN_TASK: ({ name }: { readonly name: string }) =>
    `Cannot save container: a relation names task "${name}", which is not listed`,
  SAVED_RELATION_TWICE: (
    { upstream, downstream }: { readonly upstream: string; readonly downstream: string },
  ) => `Cannot save container: two relations lead from "${upstream}" to "${downstream}"`,
  SAVED_CYCLE: ({ cycle }: { readonly cycle: readonly string[] }) =>
    `Cannot save container: its relations close the cycle ${[...cycle, cycle[0]].join(" -> ")}`,
} as const;

export const shownThings = [
  "agent",
  "container",
  "pause",
  "project",
  "relation",
  "run",
  "task",
  "token",
  "user",
  "variable",
] as const;
/** What an operation answers with. */
export type ShownThing = typeof shownThings[number];
