/** A whole container at once, as the editor saves it: all or nothing, at most one new version. */
import { eq } from "drizzle-orm";
import type { TaskValues } from "../../../schema/definition/task.ts";
import { CycleError, InvalidInputError, LimitExceededError, NotFoundError } from "../../../schema/errors.ts";
import type { Viewer } from "../accounts/interface.ts";
import type { SavedContainer, SavedRelation, SavedTask } from "./interface.ts";
import { say, sayParts, type Sentence } from "../../../schema/sentences.ts";
import type { Container } from "../../../schema/tables/container.ts";
import { type Relation, relations, type Task, tasks } from "../../../schema/tables/task.ts";
import { type AfterCommit, type Transaction, transaction } from "../../db/transaction.ts";
import { auditChange, readFacts } from "./audited.ts";
import { type ChangePorts, type ContainerPorts, patchContainer, tell } from "./containers.ts";
import {
  authoriseRunAs,
  changedFields,
  type RelationEdit,
  type TaskEdit,
  wantedTask,
  writeRelations,
  writeTasks,
} from "./edit.ts";
import { pairOf } from "./history.ts";
import { readFields, taskShape } from "../inputs.ts";
import { findCycle } from "../rules/graph.ts";
import { bumpVersion, expectVersion, lockContainer, RELATIONS_LIMIT, TASKS_LIMIT } from "./versions.ts";

const ACTION = "save container";
/** A summary names so many tasks; the rest is counted. */
const NAMED_CHANGES = 5;
/** A task as it shall be, and as it is. */
interface WantedTask {
  readonly before: Task | null;
  readonly after: TaskValues;
}
interface WantedRelation {
  readonly upstream: number;
  readonly downstream: number;
  readonly condition: Relation["condition"];
}

export async function saveContainer(
  ports: ContainerPorts,
  viewer: Viewer,
  input: SavedContainer,
): Promise<number> {
  return await transaction(ports.db, async (tx, after) => {
    const container = await lockContainer(tx, viewer, input.container.id, ACTION, ["container", "id"]);
    refuseTooMany(input);
    expectVersion(container, input.container.expectedVersion, ACTION, ["container", "expectedVersion"]);
    const before = await readFacts(tx, container.id);
    await writeWhole(tx, after, ports, container, viewer, input, null);
    await auditChange(tx, viewer, "container.save", container, before);
    tell(after, ports.bus, container, "UPDATED");
    return container.id;
  });
}

/** Makes the container what the input says, which is that of `version` where it is restored. The caller holds the container's lock. */
export async function writeWhole(
  tx: Transaction,
  after: AfterCommit,
  ports: ChangePorts,
  container: Container,
  viewer: Viewer,
  input: SavedContainer,
  version: number | null,
): Promise<void> {
  const settings = await patchContainer(tx, after, ports, container, input.container, ACTION, ["container"]);
  const present = await tx.select().from(tasks).where(eq(tasks.containerId, container.id));
  const presentRelations = await tx.select().from(relations).where(eq(relations.containerId, container.id));
  const { wanted, wantedRelations, taskEdits } = planGraph(input, present);
  authoriseRunAs(viewer, container, taskEdits);
  const writtenTasks = await writeTasks(tx, container.id, taskEdits);
  const relationEdits = planRelations(presentRelations, wantedRelations, (place) => {
    const task = wanted[place];
    return task?.before?.id ?? writtenTasks.added.get(task?.after.name ?? "") ?? 0;
  });
  const writtenRelations = await writeRelations(tx, container.id, relationEdits);
  const changes = [
    ...(settings.length > 0 ? [say("SETTINGS_CHANGED", { fields: settings })] : []),
    ...taskEdits.flatMap((edit) => describeTask(edit, "loud")),
    ...describeRelations(relationEdits, taskEdits),
  ];
  if (changes.length === 0) return;
  const summary = summarise(changes);
  const restored = version === null ? summary : say("VERSION_RESTORED", { version, changes: summary });
  await bumpVersion(tx, container, viewer, restored, {
    tasks: writtenTasks.undo,
    relations: writtenRelations.undo,
  });
}

interface GraphPlan {
  readonly wanted: readonly WantedTask[];
  readonly wantedRelations: readonly WantedRelation[];
  readonly taskEdits: readonly TaskEdit[];
}

type SavedGraph = Pick<SavedContainer, "tasks" | "relations">;

function planGraph(input: SavedGraph, present: readonly Task[]): GraphPlan {
  const wanted = readTasks(input.tasks, new Map(present.map((task) => [task.id, task])));
  return {
    wanted,
    wantedRelations: readRelations(input.relations, wanted),
    taskEdits: planTasks(present, wanted),
  };
}

/** What a whole save would change in the graph, also in what makes no new version. Nothing is written. */
export function describeGraphChanges(
  input: SavedGraph,
  present: readonly Task[],
  presentRelations: readonly Relation[],
): readonly Sentence[] {
  const { wanted, wantedRelations, taskEdits } = planGraph(input, present);
  // A new task has no id yet: one that no task has will do.
  const idAt = (place: number): number => wanted[place]?.before?.id ?? -1 - place;
  const relationEdits = planRelations(presentRelations, wantedRelations, idAt);
  return [
    ...taskEdits.flatMap((edit) => describeTask(edit, "all")),
    ...describeRelations(relationEdits, taskEdits),
  ];
}

/** The graph of a new container, checked. */
export function readNewGraph(input: SavedGraph): readonly TaskValues[] {
  return planGraph(input, []).wanted.map(({ after }) => after);
}

export function refuseTooMany(input: SavedGraph): void {
  const [taskCount, relationCount] = [input.tasks.length, input.relations.length];
  if (taskCount > TASKS_LIMIT) {
    throw new LimitExceededError(
      say("SAVED_TASKS_TOO_MANY", { count: taskCount, limit: TASKS_LIMIT }),
      ["tasks"],
    );
  }
  if (relationCount > RELATIONS_LIMIT) {
    throw new LimitExceededError(
      say("SAVED_RELATIONS_TOO_MANY", { count: relationCount, limit: RELATIONS_LIMIT }),
      ["relations"],
    );
  }
}

function readTasks(
  saved: readonly SavedTask[],
  present: ReadonlyMap<number, Task>,
): readonly WantedTask[] {
  const named = new Set(saved.map(({ id }) => id));
  // Whoever saves without ids, as scripts do, means the tasks of these names, with their history.
  const free = [...present.values()].filter(({ id }) => !named.has(id));
  const idOfName = new Map(free.map((task) => [task.name, task.id]));
  const names = new Set<string>();
  const ids = new Set<number>();
  return saved.map((task, place) => {
    const at = ["tasks", String(place)];
    const { name, command, ...fields } = readFields(taskShape, task, ACTION, at, true);
    if (name === undefined || command === undefined) {
      const missing = name === undefined ? "name" : "command";
      throw new InvalidInputError(say("SAVED_TASK_LACKS", { number: place + 1, missing }), [...at, missing]);
    }
    if (names.has(name)) {
      throw new InvalidInputError(say("SAVED_TASK_NAMED_TWICE", { name }), [...at, "name"]);
    }
    names.add(name);
    const id = task.id ?? idOfName.get(name) ?? null;
    const before = id === null ? null : present.get(id);
    if (before === undefined) {
      throw new NotFoundError(say("SAVED_TASK_UNKNOWN"), [...at, "id"]);
    }
    if (id !== null && ids.has(id)) {
      throw new InvalidInputError(say("SAVED_TASK_LISTED_TWICE", { name }), [...at, "id"]);
    }
    if (id !== null) ids.add(id);
    return { before, after: wantedTask({ name, command, ...fields }, before) };
  });
}

/** Ends are places in the wanted tasks. */
function readRelations(
  saved: readonly SavedRelation[],
  wanted: readonly WantedTask[],
): readonly WantedRelation[] {
  const placeOf = new Map(wanted.map(({ after }, place) => [after.name, place]));
  const pairs = new Set<string>();
  const read = saved.map(({ upstream, downstream, condition }, index) => {
    const at = ["relations", String(index)];
    const end = (key: "upstream" | "downstream", name: string): number => {
      const place = placeOf.get(name.trim());
      if (place !== undefined) return place;
      throw new InvalidInputError(
        say("SAVED_RELATION_UNKNOWN_TASK", { name: name.slice(0, 200) }),
        [...at, key],
      );
    };
    const relation = {
      upstream: end("upstream", upstream),
      downstream: end("downstream", downstream),
      condition,
    };
    if (relation.upstream === relation.downstream) {
      throw new InvalidInputError(say("WAITS_FOR_ITSELF", { action: ACTION, name: upstream }), [
        ...at,
        "downstream",
      ]);
    }
    const pair = `${relation.upstream} ${relation.downstream}`;
    if (pairs.has(pair)) {
      throw new InvalidInputError(
        say("SAVED_RELATION_TWICE", { upstream, downstream }),
        at,
      );
    }
    pairs.add(pair);
    return relation;
  });
  refuseCycle(wanted, read);
  return read;
}

function refuseCycle(wanted: readonly WantedTask[], wantedRelations: readonly WantedRelation[]): void {
  const cycle = findCycle(wanted.length, wantedRelations);
  if (cycle === null) return;
  const names = cycle.map((place) => wanted[place]?.after.name ?? "");
  throw new CycleError(
    say("SAVED_CYCLE", { cycle: names }),
    ["relations"],
    names,
  );
}

function planTasks(present: readonly Task[], wanted: readonly WantedTask[]): readonly TaskEdit[] {
  const kept = new Set(wanted.map(({ before }) => before?.id));
  return [
    ...present.filter(({ id }) => !kept.has(id)).map((before) => ({ before, after: null })),
    ...wanted.filter(({ before, after }) => before !== null && changedFields(before, after).all.length > 0),
    ...wanted.filter(({ before }) => before === null),
  ];
}

/** `idAt` knows the task at a place of the wanted ones. */
function planRelations(
  present: readonly Relation[],
  wanted: readonly WantedRelation[],
  idAt: (place: number) => number,
): readonly RelationEdit[] {
  const wantedByPair = new Map(wanted.map(({ upstream, downstream, condition }) => {
    const relation = { upstreamId: idAt(upstream), downstreamId: idAt(downstream), condition };
    return [pairOf(relation), relation];
  }));
  const old = present.map((before) => ({ before, after: wantedByPair.get(pairOf(before)) ?? null }));
  for (const before of present) wantedByPair.delete(pairOf(before));
  return [
    ...old.filter(({ before, after }) => before.condition !== after?.condition),
    ...[...wantedByPair.values()].map((after) => ({ before: null, after })),
  ];
}

function describeTask({ before, after }: TaskEdit, which: "all" | "loud"): readonly Sentence[] {
  if (after === null) return before === null ? [] : [say("TASK_DELETED", { name: before.name })];
  if (before === null) return [say("TASK_ADDED", { name: after.name })];
  const fields = changedFields(before, after)[which];
  return fields.length === 0 ? [] : [say("TASK_CHANGED", { name: after.name, fields })];
}

/** Those of a deleted task went with it and are no change of their own. */
function describeRelations(
  edits: readonly RelationEdit[],
  taskEdits: readonly TaskEdit[],
): readonly Sentence[] {
  const gone = new Set(taskEdits.map(({ before, after }) => after === null ? before?.id : undefined));
  const count =
    edits.filter(({ before }) =>
      before === null || !gone.has(before.upstreamId) && !gone.has(before.downstreamId)
    ).length;
  return count === 0 ? [] : [say("RELATIONS_CHANGED", { count })];
}

function summarise(changes: readonly Sentence[]): Sentence {
  const more = changes.length - NAMED_CHANGES;
  const named = changes.slice(0, NAMED_CHANGES);
  return sayParts(more > 0 ? [...named, say("MORE_CHANGES", { count: more })] : named);
}
