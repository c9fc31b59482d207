/** The past versions of a container: told from its present and the ways back, and restored. */
import DataLoader from "dataloader";
import { ConflictError, NotFoundError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { openVisible } from "../accounts/visible_database.ts";
import type { SavedContainer, VersionDefinition, Versions } from "./interface.ts";
import {
  settingDefaults,
  settingFields,
  type VersionSettings,
} from "../../../schema/definition/container.ts";
import { mapFields } from "../../../schema/definition/field.ts";
import { taskDefaults, type TaskValues } from "../../../schema/definition/task.ts";
import type { GraphUndo } from "../../../schema/definition/version.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import type { Container } from "../../../schema/tables/container.ts";
import type { Schedule } from "../../../schema/tables/schedule.ts";
import type { Relation, Task } from "../../../schema/tables/task.ts";
import { clockChangeOf } from "../schedules/planning.ts";

/** What a version is read through: the database, or a transaction that holds the container's lock. */
type Reader = Pick<Database, "query">;

interface Graph {
  readonly tasks: Map<number, TaskValues>;
  readonly relations: Map<string, GraphUndo["relations"][number]>;
}

/** Gathers what one request asks for: one statement a container, however many of its versions are told. */
export function createVersions(db: Database): Versions {
  const loader = new DataLoader<VersionKey, VersionDefinition | null>(
    async (keys) => {
      const found = new Map<VersionKey, VersionDefinition | undefined>();
      for (const [container, ...others] of Map.groupBy(keys, containerKeyOf).values()) {
        if (container === undefined) continue;
        const asked = [container, ...others];
        const versions = new Set(asked.map(({ version }) => version));
        const told = await readVersions(db, container, versions);
        for (const key of asked) found.set(key, told.get(key.version));
      }
      return keys.map((key) => found.get(key) ?? null);
    },
    { cache: false },
  );
  return {
    definition: (visible, containerId, version) => loader.load({ visible, containerId, version }),
  };
}

/** The version as what a whole save takes. A task that is gone is made anew. */
export async function readVersion(
  reader: Reader,
  container: Container,
  version: number,
  action: Action,
): Promise<SavedContainer> {
  const { definition, present } = await readPast(reader, container, version, action);
  const nameOf = new Map([...definition.graph.tasks].map(([id, { name }]) => [id, name]));
  return {
    container: { id: container.id, ...definition.settings },
    tasks: listTasks(definition.graph).map(({ id, x, y, ...task }) => ({
      ...task,
      position: { x, y },
      id: present.has(id) ? id : null,
    })),
    relations: listRelations(definition.graph, nameOf),
  };
}

export function settingsOf(container: Container, schedule: Schedule): VersionSettings {
  const values: Readonly<Record<string, unknown>> = {
    ...schedule,
    ...container,
    dst: clockChangeOf(schedule),
  };
  return mapFields(settingFields, (_field, name) => values[name]);
}

export function contentOf(task: Task): TaskValues {
  const { id: _id, containerId: _container, createdAt: _created, ...content } = task;
  return content;
}

export function relationBefore(
  { upstreamId, downstreamId, condition }: Relation,
): GraphUndo["relations"][number] {
  return { upstreamId, downstreamId, before: condition };
}

interface VersionKey {
  readonly visible: Visible;
  readonly containerId: number;
  readonly version: number;
}

function containerKeyOf({ visible, containerId }: VersionKey): string {
  return `${visible} ${containerId}`;
}

interface Past {
  readonly settings: VersionSettings;
  readonly graph: Graph;
}

async function readPast(
  reader: Reader,
  container: Container,
  version: number,
  action: Action,
): Promise<{ readonly definition: Past; readonly present: ReadonlySet<number> }> {
  let definition: Past | null = null;
  const present = new Set<number>();
  await walkBack(reader, container.id, version, (seen, settings, graph) => {
    if (seen === container.version) { for (const id of graph.tasks.keys()) present.add(id); }
    if (seen === version && settings !== null) definition = { settings, graph };
  });
  if (definition !== null) return { definition, present };
  if (version < 1 || version > container.version) {
    throw new NotFoundError(say("NO_VERSION", { action, name: container.name, version }), [
      "version",
    ]);
  }
  throw new ConflictError(
    say("VERSION_NOT_KEPT", { action, name: container.name, version }),
    ["version"],
  );
}

async function readVersions(
  db: Database,
  { visible, containerId }: Omit<VersionKey, "version">,
  versions: ReadonlySet<number>,
): Promise<ReadonlyMap<number, VersionDefinition>> {
  const told = new Map<number, VersionDefinition>();
  await walkBack(openVisible(db, visible), containerId, Math.min(...versions), (version, settings, graph) => {
    if (!versions.has(version) || settings === null) return;
    const nameOf = new Map([...graph.tasks].map(([id, { name }]) => [id, name]));
    told.set(version, {
      settings,
      tasks: listTasks(graph),
      relations: listRelations(graph, nameOf),
    });
  });
  return told;
}

/**
 * Goes from the present version back to `oldest` and visits each on the way; stops where the way was not kept. The graph
 * that a visitor is given is changed afterwards. One statement, so that an edit meanwhile cannot come between.
 */
async function walkBack(
  reader: Reader,
  containerId: number,
  oldest: number,
  visit: (version: number, settings: VersionSettings | null, graph: Graph) => void,
): Promise<void> {
  const row = await reader.query.containers.findFirst({
    where: { id: containerId },
    with: {
      schedule: true,
      tasks: { orderBy: { id: "asc" } },
      relations: { orderBy: { id: "asc" } },
      changes: { where: { version: { gte: oldest } }, orderBy: { version: "desc" } },
    },
  });
  if (row === undefined) return;
  const graph: Graph = {
    tasks: new Map(row.tasks.map((task) => [task.id, contentOf(task)])),
    relations: new Map(row.relations.map((relation) => [pairOf(relation), relationBefore(relation)])),
  };
  for (const { version, settings, undo } of row.changes) {
    const old = settings === null ? null : { ...settingDefaults, ...settings };
    visit(version, version === row.version ? settingsOf(row, row.schedule) : old, graph);
    if (undo === null || version === oldest) return;
    stepBack(graph, undo);
  }
}

/** A field that there was not yet when a version was written was as it is by default. */
function stepBack(graph: Graph, undo: GraphUndo): void {
  for (const { id, before } of undo.tasks) {
    if (before === null) graph.tasks.delete(id);
    else graph.tasks.set(id, { ...taskDefaults, ...before });
  }
  for (const relation of undo.relations) {
    if (relation.before === null) graph.relations.delete(pairOf(relation));
    else graph.relations.set(pairOf(relation), relation);
  }
}

/** In the order of their ids, as a container lists them; a deleted one that came back stands last in the map. */
function listTasks(graph: Graph): VersionDefinition["tasks"] {
  return [...graph.tasks].map(([id, task]) => ({ id, ...task })).sort((one, two) => one.id - two.id);
}

function listRelations(graph: Graph, nameOf: ReadonlyMap<number, string>): SavedContainer["relations"] {
  return [...graph.relations.values()].map(({ upstreamId, downstreamId, before }) => ({
    upstream: nameOf.get(upstreamId) ?? "",
    downstream: nameOf.get(downstreamId) ?? "",
    condition: before ?? "SUCCESS",
  }));
}

export function pairOf(
  { upstreamId, downstreamId }: { readonly upstreamId: number; readonly downstreamId: number },
): string {
  return `${upstreamId} ${downstreamId}`;
}
