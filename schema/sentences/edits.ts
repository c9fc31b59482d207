/** Refused changes of containers, tasks, relations and projects. */
import type { Action, Refused } from "./actions.ts";

interface Named extends Refused {
  readonly name: string;
}

interface Counted extends Refused {
  readonly count: number;
  readonly limit: number;
}

export const editSentences = {
  ONLY_LOOKS: ({ action, username }: { readonly action: Action; readonly username: string }) =>
    `Cannot ${action}: "${username}" may only look`,
  NO_CONTAINER: ({ action }: Refused) => `Cannot ${action}: there is no such container`,
  NO_TASK: ({ action }: Refused) => `Cannot ${action}: there is no such task`,
  NO_UPSTREAM: ({ action }: Refused) => `Cannot ${action}: there is no such upstream task`,
  NO_DOWNSTREAM: ({ action }: Refused) => `Cannot ${action}: there is no such downstream task`,
  NO_RELATION: ({ action }: Refused) => `Cannot ${action}: there is no such relation`,
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
    { slug, most, days }: { readonly slug: string; readonly most: number; readonly days: number },
  ) => `Cannot change project "${slug}": logRetentionDays has to be from 1 to ${most}, not ${days}`,
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

export const shownThings = ["container", "pause", "project", "relation", "run", "task", "user"] as const;
/** What an operation answers with. */
export type ShownThing = typeof shownThings[number];
