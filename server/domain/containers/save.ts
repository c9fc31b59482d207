/** A whole container at once, as the editor saves it: all or nothing, at most one new version. */
import { eq, inArray, sql } from "drizzle-orm";
import { CycleError, InvalidInputError, LimitExceededError, NotFoundError } from "../../../schema/errors.ts";
import type { Viewer } from "../accounts/interface.ts";
import type { SavedContainer, SavedRelation, SavedTask } from "./interface.ts";
import type { GraphUndo } from "../../../schema/history.ts";
import { say } from "../../../schema/sentences.ts";
import type { Container } from "../../../schema/tables/container.ts";
import { type Relation, relations, type Task, tasks } from "../../../schema/tables/task.ts";
import { type AfterCommit, type Transaction, transaction } from "../../db/transaction.ts";
import { type ChangePorts, type ContainerPorts, patchContainer, tell } from "./containers.ts";
import { contentOf, relationBefore } from "./history.ts";
import { readFields, taskShape } from "../inputs.ts";
import { authorise } from "../accounts/rights.ts";
import { findCycle } from "../rules/graph.ts";
import { insertRelations, insertTasks, type TaskValues, updateTasks } from "./task_rows.ts";
import { changedFields } from "./tasks.ts";
import { bumpVersion, expectVersion, lockContainer, RELATIONS_LIMIT, TASKS_LIMIT } from "./versions.ts";
import { formatList } from "../../lib/list.ts";

const ACTION = "save container";
/** A summary names so many tasks; the rest is counted. */
const NAMED_CHANGES = 5;
/** A changed task without a given position keeps its own; a new one stands here. */
const NEW_POSITION = { x: 0, y: 0 };

const DEFAULTS = {
  description: "",
  shell: "/bin/bash",
  directory: null,
  environment: {},
  enabled: true,
  timeoutSeconds: 0,
  killGraceSeconds: 10,
  maxRetries: 0,
  retryDelaySeconds: 5,
  join: "ALL",
  keepLogs: true,
  mergeOutput: false,
} as const;

/** A task as it shall be. */
type Wanted = TaskValues & { readonly id: number | null };
interface WantedRelation {
  readonly upstream: number;
  readonly downstream: number;
  readonly condition: Relation["condition"];
}

/** What was written, in words and as the way back. */
interface Changes<Part extends keyof GraphUndo> {
  readonly words: readonly string[];
  readonly undo: GraphUndo[Part];
}

export async function saveContainer(
  ports: ContainerPorts,
  viewer: Viewer,
  input: SavedContainer,
): Promise<number> {
  authorise(viewer, "container:change");
  refuseTooMany(input);
  return await transaction(ports.db, async (tx, after) => {
    const container = await lockContainer(tx, input.container.id, ACTION, ["container", "id"]);
    expectVersion(container, input.container.expectedVersion, ACTION, ["container", "expectedVersion"]);
    await writeWhole(tx, after, ports, container, viewer, input, "");
    tell(after, ports.bus, container, "UPDATED");
    return container.id;
  });
}

/** Makes the container what the input says; `why` begins the version's summary. The caller holds the container's lock. */
export async function writeWhole(
  tx: Transaction,
  after: AfterCommit,
  ports: ChangePorts,
  container: Container,
  viewer: Viewer,
  input: SavedContainer,
  why: string,
): Promise<void> {
  const settings = await patchContainer(tx, after, ports, container, input.container, ACTION, ["container"]);
  const present = await tx.select().from(tasks).where(eq(tasks.containerId, container.id));
  const presentRelations = await tx.select().from(relations).where(eq(relations.containerId, container.id));
  const wanted = readTasks(input.tasks, new Map(present.map((task) => [task.id, task])));
  const wantedRelations = readRelations(input.relations, wanted);
  const taskChanges = await writeTasks(tx, container.id, present, wanted);
  const relationChanges = await writeRelations(tx, container.id, presentRelations, wanted, wantedRelations);
  const changes = [
    ...(settings.length > 0 ? [`settings changed: ${settings.join(", ")}`] : []),
    ...taskChanges.words,
    ...relationChanges.words,
  ];
  if (changes.length === 0) return;
  await bumpVersion(tx, container, viewer, `${why}${summarise(changes)}`, {
    tasks: taskChanges.undo,
    relations: relationChanges.undo,
  });
}

function refuseTooMany(input: SavedContainer): void {
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

function readTasks(saved: readonly SavedTask[], present: ReadonlyMap<number, Task>): readonly Wanted[] {
  const named = new Set(saved.map(({ id }) => id));
  // Whoever saves without ids, as scripts do, means the tasks of these names, with their history.
  const free = [...present.values()].filter(({ id }) => !named.has(id));
  const idOfName = new Map(free.map((task) => [task.name, task.id]));
  const names = new Set<string>();
  const ids = new Set<number>();
  return saved.map((task, place) => {
    const at = ["tasks", String(place)];
    const { name, command, position, ...fields } = readFields(taskShape, task, ACTION, at, true);
    if (name === undefined || command === undefined) {
      const missing = name === undefined ? "name" : "command";
      throw new InvalidInputError(say("SAVED_TASK_LACKS", { number: place + 1, missing }), [...at, missing]);
    }
    if (names.has(name)) {
      throw new InvalidInputError(say("SAVED_TASK_NAMED_TWICE", { name }), [...at, "name"]);
    }
    names.add(name);
    const id = task.id ?? idOfName.get(name) ?? null;
    const old = id === null ? null : present.get(id);
    if (old === undefined) {
      throw new NotFoundError(say("SAVED_TASK_UNKNOWN"), [...at, "id"]);
    }
    if (id !== null && ids.has(id)) {
      throw new InvalidInputError(say("SAVED_TASK_LISTED_TWICE", { name }), [...at, "id"]);
    }
    if (id !== null) ids.add(id);
    return {
      ...DEFAULTS,
      ...(old === null ? NEW_POSITION : { x: old.x, y: old.y }),
      ...fields,
      ...position,
      id,
      name,
      command,
    };
  });
}

/** Ends are places in the wanted tasks. */
function readRelations(
  saved: readonly SavedRelation[],
  wanted: readonly Wanted[],
): readonly WantedRelation[] {
  const placeOf = new Map(wanted.map(({ name }, place) => [name, place]));
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

function refuseCycle(wanted: readonly Wanted[], wantedRelations: readonly WantedRelation[]): void {
  const cycle = findCycle(wanted.length, wantedRelations);
  if (cycle === null) return;
  const names = cycle.map((place) => wanted[place]?.name ?? "");
  throw new CycleError(
    say("SAVED_CYCLE", { cycle: names }),
    ["relations"],
    names,
  );
}

async function writeTasks(
  tx: Transaction,
  containerId: number,
  present: readonly Task[],
  wanted: readonly Wanted[],
): Promise<Changes<"tasks">> {
  const kept = new Set(wanted.map(({ id }) => id));
  const gone = present.filter(({ id }) => !kept.has(id));
  if (gone.length > 0) await tx.delete(tasks).where(inArray(tasks.id, gone.map(({ id }) => id)));
  const byId = new Map(present.map((task) => [task.id, task]));
  const changed = wanted.flatMap((task) => {
    const old = task.id === null ? undefined : byId.get(task.id);
    const fields = old === undefined ? [] : changedFields(old, task as Partial<Task>);
    return fields.length === 0 ? [] : [{ task, fields }];
  });
  await renameAside(tx, changed.filter(({ fields }) => fields.includes("name")).map(({ task }) => task.id));
  await updateTasks(tx, changed.map(({ task }) => task));
  const added = await insertTasks(tx, containerId, wanted.filter(({ id }) => id === null));
  const words = [
    ...gone.map(({ name }) => `task "${name}" deleted`),
    ...changed.flatMap(({ task, fields }) => {
      const loud = fields.filter((field) => field !== "description" && field !== "x" && field !== "y");
      return loud.length === 0 ? [] : [`task "${task.name}" changed: ${loud.join(", ")}`];
    }),
    ...added.map(({ name }) => `task "${name}" added`),
  ];
  const olds = changed.flatMap(({ task }) => byId.get(task.id ?? 0) ?? []);
  return {
    words,
    undo: [
      ...[...gone, ...olds].map((old) => ({ id: old.id, before: contentOf(old) })),
      ...added.map(({ id }) => ({ id, before: null })),
    ],
  };
}

/** Two tasks may swap their names: each that gets a new one lets go of its old one first. */
async function renameAside(tx: Transaction, ids: readonly (number | null)[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.update(tasks).set({ name: sql`gen_random_uuid()::text` }).where(
    inArray(tasks.id, ids.filter((id) => id !== null)),
  );
}

async function writeRelations(
  tx: Transaction,
  containerId: number,
  present: readonly Relation[],
  wanted: readonly Wanted[],
  wantedRelations: readonly WantedRelation[],
): Promise<Changes<"relations">> {
  const taskRows = await tx.select({ id: tasks.id, name: tasks.name }).from(tasks).where(
    eq(tasks.containerId, containerId),
  );
  const idOf = new Map(taskRows.map(({ id, name }) => [name, id]));
  const idAt = (place: number): number => idOf.get(wanted[place]?.name ?? "") ?? 0;
  const want = new Map(wantedRelations.map(({ upstream, downstream, condition }) => {
    const row = { containerId, upstreamId: idAt(upstream), downstreamId: idAt(downstream), condition };
    return [pairOf(row), row];
  }));
  const stale = present.filter((row) => want.get(pairOf(row))?.condition !== row.condition);
  for (const row of present) if (want.get(pairOf(row))?.condition === row.condition) want.delete(pairOf(row));
  // Those of deleted tasks went with them and are not found any more.
  if (stale.length > 0) await tx.delete(relations).where(inArray(relations.id, stale.map(({ id }) => id)));
  const fresh = [...want.values()];
  await insertRelations(tx, fresh);
  const known = new Set(taskRows.map(({ id }) => id));
  const lost = stale.filter((row) =>
    !want.has(pairOf(row)) && known.has(row.upstreamId) && known.has(row.downstreamId)
  );
  const count = lost.length + fresh.length;
  const pairsBefore = new Set(stale.map(pairOf));
  return {
    words: count === 0 ? [] : [`${count} relation${count === 1 ? "" : "s"} changed`],
    undo: [
      ...stale.map(relationBefore),
      ...fresh.filter((row) => !pairsBefore.has(pairOf(row))).map(({ upstreamId, downstreamId }) => ({
        upstreamId,
        downstreamId,
        before: null,
      })),
    ],
  };
}

function pairOf({ upstreamId, downstreamId }: Pick<Relation, "upstreamId" | "downstreamId">): string {
  return `${upstreamId} ${downstreamId}`;
}

function summarise(changes: readonly string[]): string {
  return formatList(changes, NAMED_CHANGES, ";");
}
