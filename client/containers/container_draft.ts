/**
 * The editor's draft of a container: plain values and pure changes of them. Tasks are known by a key that outlives a
 * renaming, so that what waits for a task keeps waiting for it whatever it is called.
 */
import { containerOwnFields } from "../../schema/definition/container.ts";
import type { Position } from "../../schema/definition/field.ts";
import { taskDefaults } from "../../schema/definition/task.ts";
import type { MissingTime, RelationCondition, RepeatedTime } from "../../schema/states.ts";
import type { ResultOf } from "../graphql/tada.ts";
import type { DefinitionFragment } from "./container_documents.ts";
import type { ContainerTab } from "./container_tabs.ts";
import { parameterInputOf } from "./parameter_draft.ts";
import { type DraftValues, formFields, settingsFields, toDraft } from "./draft_fields.ts";

export type Definition = ResultOf<typeof DefinitionFragment>;

export interface SettingsDraft extends DraftValues<typeof settingsFields> {
  readonly missing: MissingTime;
  readonly repeated: RepeatedTime;
}

export interface TaskDraft extends DraftValues<typeof formFields> {
  readonly key: string;
  /** Null: not saved yet. */
  readonly id: string | null;
  readonly position: Position | null;
}

/** `downstream` waits for `upstream`. */
export interface Wait {
  readonly upstream: string;
  readonly downstream: string;
  readonly condition: RelationCondition;
}

export interface ContainerDraft {
  readonly settings: SettingsDraft;
  readonly tasks: readonly TaskDraft[];
  readonly waits: readonly Wait[];
}

export function draftOf(definition: Definition): ContainerDraft {
  return {
    settings: settingsOf(definition),
    tasks: definition.tasks.map(taskDraftOf),
    waits: definition.relations.map(({ upstream, downstream, condition }) => ({
      upstream: upstream.id,
      downstream: downstream.id,
      condition,
    })),
  };
}

/** Field by field: what the client adds to an answer for its own use must not come back as input. */
function settingsOf(definition: Definition): SettingsDraft {
  const { missing, repeated } = definition.dst;
  return { ...toDraft(settingsFields, definition), missing, repeated };
}

function taskDraftOf(task: Definition["tasks"][number]): TaskDraft {
  const { id, position: { x, y } } = task;
  return { key: id, id, ...toDraft(formFields, task), position: { x, y } };
}

export function changeSettings(draft: ContainerDraft, change: Partial<SettingsDraft>): ContainerDraft {
  return { ...draft, settings: { ...draft.settings, ...change } };
}

export function changeTask(draft: ContainerDraft, key: string, change: Partial<TaskDraft>): ContainerDraft {
  return { ...draft, tasks: draft.tasks.map((task) => task.key === key ? { ...task, ...change } : task) };
}

/** A new task at the end, named by the first number that is free. */
export function addTask(
  draft: ContainerDraft,
  key: string,
  named: (number: number) => string,
): ContainerDraft {
  const names = new Set(draft.tasks.map(({ name }) => name));
  let number = draft.tasks.length + 1;
  while (names.has(named(number))) number++;
  const task = { ...toDraft(formFields, taskDefaults), key, id: null, name: named(number), position: null };
  return { ...draft, tasks: [...draft.tasks, task] };
}

export function removeTask(draft: ContainerDraft, key: string): ContainerDraft {
  return {
    ...draft,
    tasks: draft.tasks.filter((task) => task.key !== key),
    waits: draft.waits.filter(({ upstream, downstream }) => upstream !== key && downstream !== key),
  };
}

/** Lets `downstream` wait for `upstream`, or changes how; null takes the wait away. */
export function setWait(
  draft: ContainerDraft,
  upstream: string,
  downstream: string,
  condition: RelationCondition | null,
): ContainerDraft {
  const same = (wait: Wait): boolean => wait.upstream === upstream && wait.downstream === downstream;
  if (condition === null) return { ...draft, waits: draft.waits.filter((wait) => !same(wait)) };
  const wait = { upstream, downstream, condition };
  const present = draft.waits.some(same);
  return {
    ...draft,
    waits: present ? draft.waits.map((old) => same(old) ? wait : old) : [...draft.waits, wait],
  };
}

/** Tasks that `key` may yet wait for: neither itself, nor waited for already, nor waiting for it by any way round. */
export function possibleUpstreams(draft: ContainerDraft, key: string): readonly TaskDraft[] {
  const barred = downstreamOf(draft.waits, key);
  for (const { upstream, downstream } of draft.waits) if (downstream === key) barred.add(upstream);
  return draft.tasks.filter((task) => !barred.has(task.key));
}

/** What each task waits for, by its key. */
export function waitsByTask(draft: ContainerDraft): ReadonlyMap<string, readonly Wait[]> {
  const found = new Map<string, Wait[]>();
  for (const wait of draft.waits) {
    const waits = found.get(wait.downstream);
    if (waits === undefined) found.set(wait.downstream, [wait]);
    else waits.push(wait);
  }
  return found;
}

/** The draft on top of what somebody else saved: tasks that they deleted are made anew. */
export function draftOnTop(draft: ContainerDraft, theirs: Definition): ContainerDraft {
  const present = new Set(theirs.tasks.map(({ id }) => id));
  return {
    ...draft,
    tasks: draft.tasks.map((task) => task.id === null || present.has(task.id) ? task : { ...task, id: null }),
  };
}

/** The tabs of the page on which something differs. */
export function changedParts(base: ContainerDraft, draft: ContainerDraft): ReadonlySet<ContainerTab> {
  const parts = new Set<ContainerTab>();
  for (const field of changedSettings(base, draft)) {
    parts.add(field in containerOwnFields ? "settings" : "schedule");
  }
  if (countTasks(base, draft) > 0 || countDifferent(base.waits, draft.waits, waitKey) > 0) parts.add("graph");
  return parts;
}

/** How many things differ: a task, a wait, a setting each count one, and so does the drawing if only places differ. */
export function countChanges(base: ContainerDraft, draft: ContainerDraft): number {
  return changedSettings(base, draft).length + countTasks(base, draft) +
    countDifferent(base.waits, draft.waits, waitKey);
}

/** Keys of the tasks that are new or differ from what is saved. */
export function changedTasks(base: ContainerDraft, draft: ContainerDraft): ReadonlySet<string> {
  const saved = new Map(base.tasks.map((task) => [task.key, contentOf(task)]));
  return new Set(
    draft.tasks.filter((task) => saved.get(task.key) !== contentOf(task)).map(({ key }) => key),
  );
}

/** Where a task is drawn is nothing that it does. */
function contentOf(task: TaskDraft): string {
  return JSON.stringify({ ...task, position: null });
}

function countTasks(base: ContainerDraft, draft: ContainerDraft): number {
  const unplaced = ({ tasks }: ContainerDraft): readonly TaskDraft[] =>
    tasks.map((task) => ({ ...task, position: null }));
  const places = new Map(base.tasks.map(({ key, position }) => [key, position]));
  const moved = draft.tasks.some(({ key, position }) => {
    const before = places.get(key);
    return before !== undefined && (before?.x !== position?.x || before?.y !== position?.y);
  });
  return countDifferent(unplaced(base), unplaced(draft), ({ key }) => key) + (moved ? 1 : 0);
}

function changedSettings(base: ContainerDraft, draft: ContainerDraft): readonly (keyof SettingsDraft)[] {
  // Object.keys forgets the type of the keys.
  const fields = Object.keys(draft.settings) as (keyof SettingsDraft)[];
  return fields.filter((field) =>
    field === "parameters"
      ? textOfParameters(base) !== textOfParameters(draft)
      : base.settings[field] !== draft.settings[field]
  );
}

/** By what would be saved: the form keeps what a kind that was chosen for a moment has no use for. */
function textOfParameters({ settings }: ContainerDraft): string {
  return JSON.stringify(settings.parameters.map(parameterInputOf));
}

function waitKey({ upstream, downstream }: Wait): string {
  return `${upstream} ${downstream}`;
}

function downstreamOf(waits: readonly Wait[], key: string): Set<string> {
  const next = new Map<string, string[]>();
  for (const { upstream, downstream } of waits) next.set(upstream, [...next.get(upstream) ?? [], downstream]);
  const found = new Set([key]);
  // A set is walked in the order of insertion, new members included.
  for (const upstream of found) for (const downstream of next.get(upstream) ?? []) found.add(downstream);
  return found;
}

function countDifferent<T>(base: readonly T[], now: readonly T[], keyOf: (item: T) => string): number {
  const saved = new Map(base.map((item) => [keyOf(item), JSON.stringify(item)]));
  const added = now.filter((item) => saved.get(keyOf(item)) !== JSON.stringify(item)).length;
  const present = new Set(now.map(keyOf));
  return added + base.filter((item) => !present.has(keyOf(item))).length;
}
