/** What editing a drawing decides, whoever draws it: where tasks stand, how they are aligned, what may be linked. */
import type { GraphEdge, GraphNode } from "./graph_model.ts";
import type { LayoutEdge, Place } from "./layout.ts";

/** What a task takes of the drawing; x and y are its middle. */
export interface Box extends Place {
  readonly width: number;
  readonly height: number;
}

export type Places = ReadonlyMap<string, Place>;

export const alignments = ["left", "top", "spreadRight", "spreadDown"] as const;
export type Alignment = typeof alignments[number];

/** Why a link cannot be drawn. */
export type LinkRefusal =
  | { readonly kind: "self" }
  | { readonly kind: "present" }
  /** Ids of the tasks around the circle that it would close, the first one again at its end. */
  | { readonly kind: "cycle"; readonly path: readonly string[] };

export interface GraphSelection {
  readonly tasks: ReadonlySet<string>;
  /** A relation, when no task is selected. */
  readonly edge: { readonly from: string; readonly to: string } | null;
}

export const nothingSelected: GraphSelection = { tasks: new Set(), edge: null };

/** Tasks that are moved stand on this grid, so that they line up. */
export const GRID = 10;
/** Between a task and one that is put near it. */
const ASIDE = { x: 70, y: 24 } as const;
/** What stands here was never placed: it is where a task is made. */
const ORIGIN: Place = { x: 0, y: 0 };

/** True when nobody has placed a task, so that the whole is laid out by itself. */
export function isAutomatic(nodes: readonly GraphNode[]): boolean {
  return nodes.every(({ position }) => !isPlaced(position));
}

/** The places that people chose, and for those that have none one near what they wait for. */
export function completePlaces(
  nodes: readonly GraphNode[],
  edges: readonly LayoutEdge[],
  sizeOf: (id: string) => { readonly width: number; readonly height: number },
): Places {
  const boxes = new Map<string, Box>();
  for (const { id, position } of nodes) {
    if (isPlaced(position)) boxes.set(id, { ...position, ...sizeOf(id) });
  }
  const upstream = Map.groupBy(edges, ({ to }) => to);
  for (const { id, position } of nodes) {
    if (boxes.has(id)) continue;
    // One may well have been placed at the origin: it stays there when nothing else does.
    const there = position === null || position === undefined ? null : { ...position, ...sizeOf(id) };
    if (there !== null && ![...boxes.values()].some((other) => overlaps(there, other))) {
      boxes.set(id, there);
      continue;
    }
    const before = (upstream.get(id) ?? []).flatMap(({ from }) => boxes.get(from) ?? []);
    boxes.set(id, freeBox(before, [...boxes.values()], sizeOf(id)));
  }
  return new Map([...boxes].map(([id, { x, y }]) => [id, { x, y }]));
}

/** On the grid, and never where a task stands that was not placed. */
export function snap({ x, y }: Place): Place {
  const onGrid = { x: Math.round(x / GRID) * GRID, y: Math.round(y / GRID) * GRID };
  // Rounding gives -0 for what lies just left of it.
  return isPlaced(onGrid) ? { x: onGrid.x + 0, y: onGrid.y + 0 } : { x: GRID, y: 0 };
}

/** The new places of the tasks of a selection. Fewer than two, or than three to spread, stay. */
export function alignBoxes(boxes: ReadonlyMap<string, Box>, how: Alignment): Places {
  const all = [...boxes];
  switch (how) {
    case "left": {
      const left = Math.min(...all.map(([, { x, width }]) => x - width / 2));
      return placesOf(all, (box) => ({ x: left + box.width / 2, y: box.y }));
    }
    case "top": {
      const top = Math.min(...all.map(([, { y, height }]) => y - height / 2));
      return placesOf(all, (box) => ({ x: box.x, y: top + box.height / 2 }));
    }
    case "spreadRight":
      return spread(all, "x", "width");
    case "spreadDown":
      return spread(all, "y", "height");
    default:
      return never(how);
  }
}

/** Why `to` cannot wait for `from`; null when it can. */
export function linkRefusal(edges: readonly LayoutEdge[], from: string, to: string): LinkRefusal | null {
  if (from === to) return { kind: "self" };
  if (edges.some((edge) => edge.from === from && edge.to === to)) return { kind: "present" };
  const back = findWay(edges, to, from);
  return back === null ? null : { kind: "cycle", path: [from, ...back] };
}

/** The selection without what is no longer there. */
export function keepPresent(
  selection: GraphSelection,
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
): GraphSelection {
  const ids = new Set(nodes.map(({ id }) => id));
  const tasks = new Set([...selection.tasks].filter((id) => ids.has(id)));
  const { edge } = selection;
  const present = edge !== null && edges.some(({ from, to }) => from === edge.from && to === edge.to);
  return tasks.size === selection.tasks.size && (edge === null || present)
    ? selection
    : { tasks, edge: present ? edge : null };
}

/** With one more task, or without it when it was selected. */
export function toggleTask({ tasks }: GraphSelection, id: string): GraphSelection {
  const next = new Set(tasks);
  if (!next.delete(id)) next.add(id);
  return { tasks: next, edge: null };
}

function isPlaced(position: Place | null | undefined): position is Place {
  return position !== null && position !== undefined &&
    (position.x !== ORIGIN.x || position.y !== ORIGIN.y);
}

/** To the right of what it waits for, or below everything; further down until nothing is in its way. */
function freeBox(
  before: readonly Box[],
  others: readonly Box[],
  size: { readonly width: number; readonly height: number },
): Box {
  const anchor = before.length > 0
    ? {
      x: Math.max(...before.map(({ x, width }) => x + width / 2)) + ASIDE.x + size.width / 2,
      y: before.reduce((sum, { y }) => sum + y, 0) / before.length,
    }
    : {
      x: Math.min(...others.map(({ x, width }) => x - width / 2), 0) + size.width / 2,
      y: Math.max(...others.map(({ y, height }) => y + height / 2), 0) + ASIDE.y + size.height / 2,
    };
  let box: Box = { ...snap(anchor), ...size };
  while (others.some((other) => overlaps(box, other))) box = { ...box, y: box.y + size.height + ASIDE.y };
  return box;
}

function overlaps(one: Box, two: Box): boolean {
  return Math.abs(one.x - two.x) < (one.width + two.width) / 2 + GRID &&
    Math.abs(one.y - two.y) < (one.height + two.height) / 2 + GRID;
}

/** The free space between each two becomes the same; the outer two stay. */
function spread(
  boxes: readonly (readonly [string, Box])[],
  axis: "x" | "y",
  extent: "width" | "height",
): Places {
  const sorted = [...boxes].sort(([, one], [, two]) => one[axis] - two[axis]);
  const [first, last] = [sorted.at(0)?.[1], sorted.at(-1)?.[1]];
  if (first === undefined || last === undefined || sorted.length < 3) return placesOf(boxes, (box) => box);
  const room = last[axis] + last[extent] / 2 - (first[axis] - first[extent] / 2);
  const gap = (room - sorted.reduce((sum, [, box]) => sum + box[extent], 0)) / (sorted.length - 1);
  let start = first[axis] - first[extent] / 2;
  return placesOf(sorted, (box) => {
    const middle = start + box[extent] / 2;
    start += box[extent] + gap;
    return axis === "x" ? { x: middle, y: box.y } : { x: box.x, y: middle };
  });
}

function placesOf(
  boxes: readonly (readonly [string, Box])[],
  place: (box: Box) => Place,
): Places {
  return new Map(boxes.map(([id, box]) => {
    const { x, y } = place(box);
    return [id, { x, y }];
  }));
}

/** The shortest way along the edges, both ends included; null when there is none. */
function findWay(edges: readonly LayoutEdge[], from: string, to: string): readonly string[] | null {
  const next = Map.groupBy(edges, (edge) => edge.from);
  const cameFrom = new Map<string, string | null>([[from, null]]);
  // A map is walked in the order of insertion, new members included.
  for (const id of cameFrom.keys()) {
    if (id === to) break;
    for (const edge of next.get(id) ?? []) if (!cameFrom.has(edge.to)) cameFrom.set(edge.to, id);
  }
  if (!cameFrom.has(to)) return null;
  const way: string[] = [];
  for (let id: string | null | undefined = to; id; id = cameFrom.get(id)) way.unshift(id);
  return way;
}

function never(how: never): never {
  throw new Error(`Unknown alignment ${String(how)}`);
}
