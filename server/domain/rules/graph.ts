/** The shape of a container: which task waits for which. Pure, and linear in tasks and relations. */
import type { Definition, RelationDefinition } from "../../../schema/definition/version.ts";
import type { JoinRule, RelationCondition } from "../../../schema/states.ts";

/** A relation as seen from its downstream task. */
interface Incoming {
  readonly upstream: number;
  readonly condition: RelationCondition;
}

export interface GraphTask {
  readonly name: string;
  readonly enabled: boolean;
  readonly join: JoinRule;
  readonly runsWhenStopped: boolean;
  readonly incoming: readonly Incoming[];
  /** Places of the tasks that wait for it. */
  readonly outgoing: readonly number[];
}

/** Tasks by their place; `order` lists every place after all that it waits for. */
export interface Graph {
  readonly tasks: readonly GraphTask[];
  readonly order: readonly number[];
}

type Edge = Pick<RelationDefinition, "upstream" | "downstream">;

export function createGraph(definition: Pick<Definition, "tasks" | "relations">): Graph {
  const incoming: Incoming[][] = definition.tasks.map(() => []);
  const outgoing: number[][] = definition.tasks.map(() => []);
  for (const { upstream, downstream, condition } of definition.relations) {
    incoming[downstream]?.push({ upstream, condition });
    outgoing[upstream]?.push(downstream);
  }
  const order = topologicalOrder(definition.tasks.length, definition.relations);
  if (order.length < definition.tasks.length) throw new Error("A stored definition has a cycle");
  const tasks = definition.tasks.map(({ name, enabled, join, runsWhenStopped }, place) => ({
    name,
    enabled,
    join,
    runsWhenStopped,
    incoming: incoming[place] ?? [],
    outgoing: outgoing[place] ?? [],
  }));
  return { tasks, order };
}

/** The graph of a run of one task by itself: its relations are ignored, and so is its enable switch. */
export function createSingleGraph(name: string): Graph {
  return {
    tasks: [{ name, enabled: true, join: "ALL", runsWhenStopped: false, incoming: [], outgoing: [] }],
    order: [0],
  };
}

/** Places along one cycle, each upstream of the next and the last upstream of the first; null when there is none. */
export function findCycle(taskCount: number, relations: readonly Edge[]): readonly number[] | null {
  const sorted = new Set(topologicalOrder(taskCount, relations));
  if (sorted.size === taskCount) return null;
  // Every place left over has an upstream that is left over too: walking upstream must come back to a place.
  const upstreamOf = new Map<number, number>();
  for (const { upstream, downstream } of relations) {
    if (!sorted.has(upstream) && !sorted.has(downstream)) upstreamOf.set(downstream, upstream);
  }
  return walkBack(upstreamOf);
}

function walkBack(upstreamOf: ReadonlyMap<number, number>): readonly number[] {
  const seen = new Map<number, number>();
  const path: number[] = [];
  let place = upstreamOf.keys().next().value;
  while (place !== undefined && !seen.has(place)) {
    seen.set(place, path.length);
    path.push(place);
    place = upstreamOf.get(place);
  }
  if (place === undefined) throw new Error("A walk along a cycle left it");
  return path.slice(seen.get(place)).reverse();
}

/** Kahn's order; shorter than taskCount when there is a cycle. */
function topologicalOrder(taskCount: number, relations: readonly Edge[]): readonly number[] {
  const waitsFor = new Array<number>(taskCount).fill(0);
  const downstreams: number[][] = Array.from({ length: taskCount }, () => []);
  for (const { upstream, downstream } of relations) {
    waitsFor[downstream] = (waitsFor[downstream] ?? 0) + 1;
    downstreams[upstream]?.push(downstream);
  }
  const order: number[] = [];
  for (let place = 0; place < taskCount; place++) if (waitsFor[place] === 0) order.push(place);
  for (let next = 0; next < order.length; next++) {
    for (const downstream of downstreams[order[next] ?? 0] ?? []) {
      const left = (waitsFor[downstream] ?? 0) - 1;
      waitsFor[downstream] = left;
      if (left === 0) order.push(downstream);
    }
  }
  return order;
}
