/** What differs between two versions: settings, tasks and relations that came, went or changed. */
import type { RelationCondition } from "../../schema/states.ts";
import type { Fields, VersionRelation, VersionShape, VersionTask } from "./version_shape.ts";

export type ChangeKind = "added" | "removed" | "changed";

export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

export interface TaskChange {
  readonly kind: ChangeKind;
  /** As it is called afterwards; a removed one as it was. */
  readonly name: string;
  /** All content of one that came or went, else what changed. */
  readonly fields: readonly FieldChange[];
}

export interface RelationChange {
  readonly kind: ChangeKind;
  readonly upstream: string;
  readonly downstream: string;
  readonly before: RelationCondition | null;
  readonly after: RelationCondition | null;
}

export interface VersionDiff {
  readonly settings: readonly FieldChange[];
  readonly tasks: readonly TaskChange[];
  readonly relations: readonly RelationChange[];
}

/** What a task that came or went is worth telling of; the rest is as for any task. */
const TELLING_FIELDS: ReadonlySet<string> = new Set(["command"]);

export function diffVersions(before: VersionShape, after: VersionShape): VersionDiff {
  const pairs = pairTasks(before.tasks, after.tasks);
  const renamed = new Map(pairs.flatMap(([old, now]) => old && now ? [[old.name, now.name] as const] : []));
  return {
    settings: diffFields(before.settings, after.settings),
    tasks: pairs.flatMap(([old, now]) => diffTask(old, now)),
    relations: diffRelations(before.relations.map((relation) => rename(relation, renamed)), after.relations),
  };
}

/** True when there is nothing to tell. */
export function sameVersions({ settings, tasks, relations }: VersionDiff): boolean {
  return settings.length + tasks.length + relations.length === 0;
}

type TaskPair = readonly [VersionTask | undefined, VersionTask | undefined];

/** By id first; a task that was made anew is the one of its name. Removed ones come last. */
function pairTasks(before: readonly VersionTask[], after: readonly VersionTask[]): readonly TaskPair[] {
  const left = new Set(before);
  const byId = new Map(before.map((task) => [task.id, task]));
  const byName = new Map(before.map((task) => [task.name, task]));
  const ids = new Set(after.map(({ id }) => id));
  const pairs = after.map((now): TaskPair => {
    const named = byName.get(now.name);
    const old = (now.id === null ? undefined : byId.get(now.id)) ??
      (named !== undefined && !ids.has(named.id) ? named : undefined);
    if (old !== undefined) left.delete(old);
    return [old, now];
  });
  return [...pairs, ...[...left].map((old): TaskPair => [old, undefined])];
}

function diffTask(old: VersionTask | undefined, now: VersionTask | undefined): readonly TaskChange[] {
  if (old === undefined && now === undefined) return [];
  if (old === undefined || now === undefined) {
    const { name, fields } = old ?? now ?? { name: "", fields: new Map() };
    const told = [...fields].filter(([field, text]) => TELLING_FIELDS.has(field) && text !== "");
    const kind = now === undefined ? "removed" : "added";
    return [{
      kind,
      name,
      fields: told.map(([field, text]) => ({
        field,
        before: kind === "removed" ? text : "",
        after: kind === "added" ? text : "",
      })),
    }];
  }
  const fields = [
    ...(old.name === now.name ? [] : [{ field: "name", before: old.name, after: now.name }]),
    ...diffFields(old.fields, now.fields),
  ];
  return fields.length === 0 ? [] : [{ kind: "changed", name: now.name, fields }];
}

function diffFields(before: Fields, after: Fields): readonly FieldChange[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].map((field) => ({
    field,
    before: before.get(field) ?? "",
    after: after.get(field) ?? "",
  })).filter((change) => change.before !== change.after);
}

function diffRelations(
  before: readonly VersionRelation[],
  after: readonly VersionRelation[],
): readonly RelationChange[] {
  const keyOf = ({ upstream, downstream }: VersionRelation): string => JSON.stringify([upstream, downstream]);
  const old = new Map(before.map((relation) => [keyOf(relation), relation.condition]));
  const now = new Map(after.map((relation) => [keyOf(relation), relation.condition]));
  return [...after, ...before.filter((relation) => !now.has(keyOf(relation)))].flatMap((relation) => {
    const [was, is] = [old.get(keyOf(relation)) ?? null, now.get(keyOf(relation)) ?? null];
    if (was === is) return [];
    const kind = was === null ? "added" : is === null ? "removed" : "changed";
    const { upstream, downstream } = relation;
    return [{ kind, upstream, downstream, before: was, after: is }];
  });
}

function rename(relation: VersionRelation, renamed: ReadonlyMap<string, string>): VersionRelation {
  const { upstream, downstream } = relation;
  return {
    ...relation,
    upstream: renamed.get(upstream) ?? upstream,
    downstream: renamed.get(downstream) ?? downstream,
  };
}
