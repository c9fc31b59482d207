/** Definitions of versions, kept in memory while they are in use: they never change, so nothing can be stale. */
import DataLoader from "dataloader";
import { inArray } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { taskDefaults } from "../../../schema/definition/task.ts";
import type { Definition } from "../../../schema/definition/version.ts";
import type { Database } from "../../db/database.ts";
import type { Definitions } from "./interface.ts";
import { containerVersions } from "../../../schema/tables/container.ts";
import { createGraph, createSingleGraph, type Graph } from "../rules/graph.ts";

/** Characters of commands and names that are kept; a definition costs about as many bytes, and more for two-byte text. */
const KEPT_CHARACTERS = 32_000_000;
/** What a task costs beside its texts, so that many small tasks count too. */
const TASK_CHARACTERS = 500;

export interface StoredDefinition {
  readonly definition: Definition;
  readonly graph: Graph;
}

export interface DefinitionCache extends Definitions {
  /** Of a version that was just written, so that its first run need not read it. */
  keep(versionId: number, definition: Definition): StoredDefinition;
  /**
   * One statement for all that are not in memory; inside a transaction, through it: transactions that hold all
   * connections and wait for one more would wait for ever. Missing versions are a bug: it throws.
   */
  getMany(
    versionIds: Iterable<number>,
    through?: Pick<Database, "select">,
  ): Promise<ReadonlyMap<number, StoredDefinition>>;
}

export function createDefinitions(db: Database): DefinitionCache {
  const kept = new LRUCache<number, StoredDefinition>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: ({ definition }) => costOf(definition),
  });

  function keep(versionId: number, definition: Definition): StoredDefinition {
    const stored = { definition, graph: createGraph(definition) };
    kept.set(versionId, stored);
    return stored;
  }

  async function getMany(
    versionIds: Iterable<number>,
    through: Pick<Database, "select"> = db,
  ): Promise<ReadonlyMap<number, StoredDefinition>> {
    const found = new Map<number, StoredDefinition>();
    const missing: number[] = [];
    for (const id of new Set(versionIds)) {
      const stored = kept.get(id);
      if (stored === undefined) missing.push(id);
      else found.set(id, stored);
    }
    if (missing.length === 0) return found;
    const rows = await through.select().from(containerVersions).where(inArray(containerVersions.id, missing));
    for (const { id, definition } of rows) {
      found.set(id, keep(id, completeDefinition(definition)));
    }
    for (const id of missing) if (!found.has(id)) throw new Error(`Version ${id} is not stored`);
    return found;
  }

  // Gathers what the resolvers of one request ask for into one statement.
  const loader = new DataLoader<number, Definition>(async (ids) => {
    const found = await getMany(ids);
    return ids.map((id) => found.get(id)?.definition ?? new Error(`Version ${id} is not stored`));
  }, { cache: false });
  return { keep, getMany, get: (versionId) => loader.load(versionId) };
}

/** The graph that a run goes by: its version's, or that of its one task. */
export function runGraph(stored: StoredDefinition, single: boolean, firstTaskIndex: number): Graph {
  return single ? createSingleGraph(stored.definition.tasks[firstTaskIndex]?.name ?? "") : stored.graph;
}

/** A field that there was not yet when a version was written is as it is by default. */
function completeDefinition(stored: Definition): Definition {
  return { ...stored, tasks: stored.tasks.map((task) => ({ ...taskDefaults, ...task })) };
}

function costOf(definition: Definition): number {
  return 1 + definition.tasks.reduce(
    (sum, task) =>
      sum + TASK_CHARACTERS + task.command.length + task.name.length +
      JSON.stringify(task.environment).length,
    0,
  );
}
