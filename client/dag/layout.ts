/**
 * Where the tasks of a graph stand when nobody has placed them: in layers, each task one layer after the last one it
 * waits for, and within a layer near those it is tied to, so that few lines cross. The layers go to the right or
 * downwards, whichever shows the graph larger in its place, or more of it where it cannot be read as a whole. Tasks without
 * any tie stand in rows beneath. Pure and quick: 500 tasks take a few milliseconds.
 */

export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export type Direction = "right" | "down";

export interface LayoutOptions {
  readonly widthOf: (id: string) => number;
  readonly height: number;
  /** Free space between two layers, where the lines turn. */
  readonly layerSpace: Readonly<Record<Direction, number>>;
  /** Free space between two tasks of a layer. */
  readonly taskSpace: Readonly<Record<Direction, number>>;
  /** What the graph is to be seen in. */
  readonly view: { readonly width: number; readonly height: number };
  /** Nothing is drawn smaller to be seen whole. */
  readonly leastScale: number;
  /** The direction that it is drawn in already: a change of a part does not turn the whole. */
  readonly direction?: Direction | null;
}

export interface Layout {
  readonly direction: Direction;
  /** The middles of the tasks. */
  readonly places: ReadonlyMap<string, Place>;
}

/** Times that the order within the layers is improved, once forth and once back. More gains little. */
const SWEEPS = 8;

export function layoutGraph(
  ids: readonly string[],
  edges: readonly LayoutEdge[],
  options: LayoutOptions,
): Layout {
  const known = new Set(ids);
  const ties = edges.filter(({ from, to }) => known.has(from) && known.has(to) && from !== to);
  const upstream = neighbours(ids, ties, "to", "from");
  const downstream = neighbours(ids, ties, "from", "to");
  const isTied = (id: string): boolean => upstream.get(id)?.length !== 0 || downstream.get(id)?.length !== 0;
  const [tied, loose] = [ids.filter(isTied), ids.filter((id) => !isTied(id))];
  const layers = groupByLayer(tied, layerNumbers(tied, upstream));
  const heights = new Map<string, number>();
  for (const layer of layers) noteHeights(layer, heights);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let index = 1; index < layers.length; index++) order(layers, index, upstream, heights);
    for (let index = layers.length - 2; index >= 0; index--) order(layers, index, downstream, heights);
  }
  const right = addRows(placeLayers(layers, "right", options), loose, options);
  const down = addRows(placeLayers(layers, "down", options), loose, options);
  if (options.direction) return options.direction === "down" ? down : right;
  return isShownBetter(down, right, options) ? down : right;
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

function neighbours(
  ids: readonly string[],
  edges: readonly LayoutEdge[],
  of: "from" | "to",
  to: "from" | "to",
): Neighbours {
  const found = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const edge of edges) found.get(edge[of])?.push(edge[to]);
  return found;
}

/** The length of the longest way to each task. A cycle, which only a draft can have, is cut where it is found. */
function layerNumbers(ids: readonly string[], upstream: Neighbours): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const open = new Set<string>();
  for (const root of ids) {
    // Depth first by hand: a chain of ten thousand tasks would be too deep for calls.
    const stack = [root];
    while (stack.length > 0) {
      const id = stack.at(-1) ?? root;
      const waiting = numbers.has(id)
        ? []
        : (upstream.get(id) ?? []).filter((other) => !numbers.has(other) && !open.has(other));
      if (waiting.length > 0) {
        open.add(id);
        stack.push(...waiting);
        continue;
      }
      stack.pop();
      open.delete(id);
      if (numbers.has(id)) continue;
      const before = (upstream.get(id) ?? []).map((other) => numbers.get(other) ?? -1);
      numbers.set(id, Math.max(-1, ...before) + 1);
    }
  }
  return numbers;
}

function groupByLayer(ids: readonly string[], numbers: ReadonlyMap<string, number>): string[][] {
  const layers: string[][] = [];
  for (const id of ids) {
    const number = numbers.get(id) ?? 0;
    while (layers.length <= number) layers.push([]);
    layers[number]?.push(id);
  }
  return layers;
}

/** Sorts one layer by the middle of what its tasks are tied to. Those without any tie stay where they are. */
function order(layers: string[][], index: number, tied: Neighbours, heights: Map<string, number>): void {
  const layer = layers[index] ?? [];
  const middle = new Map(layer.map((id) => {
    const others = tied.get(id) ?? [];
    const sum = others.reduce((total, other) => total + (heights.get(other) ?? 0), 0);
    return [id, others.length === 0 ? heights.get(id) ?? 0 : sum / others.length];
  }));
  layers[index] = [...layer].sort((one, two) => (middle.get(one) ?? 0) - (middle.get(two) ?? 0));
  noteHeights(layers[index] ?? [], heights);
}

/** Where each task of a layer stands, counted from the layer's middle. */
function noteHeights(layer: readonly string[], heights: Map<string, number>): void {
  for (const [row, id] of layer.entries()) heights.set(id, row - (layer.length - 1) / 2);
}

interface Placed extends Layout {
  readonly width: number;
  readonly height: number;
}

/** Along the direction each layer is as long as its longest task; across it the layer's tasks stand about the middle. */
function placeLayers(
  layers: readonly (readonly string[])[],
  direction: Direction,
  options: LayoutOptions,
): Placed {
  const places = new Map<string, Place>();
  const [along, across] = direction === "right"
    ? [options.widthOf, () => options.height]
    : [() => options.height, options.widthOf];
  const gap = options.taskSpace[direction];
  let start = 0;
  let widest = 0;
  for (const layer of layers) {
    const depth = Math.max(0, ...layer.map(along));
    const breadth = layer.reduce((total, id) => total + across(id) + gap, -gap);
    let offset = -breadth / 2;
    for (const id of layer) {
      const [forth, aside] = [start + depth / 2, offset + across(id) / 2];
      places.set(id, direction === "right" ? { x: forth, y: aside } : { x: aside, y: forth });
      offset += across(id) + gap;
    }
    start += depth + options.layerSpace[direction];
    widest = Math.max(widest, breadth);
  }
  const length = Math.max(0, start - options.layerSpace[direction]);
  const [width, height] = direction === "right" ? [length, widest] : [widest, length];
  return { direction, places, width, height };
}

/** Puts tasks in rows beneath the others, as many in each as show the whole largest. */
function addRows(graph: Placed, loose: readonly string[], options: LayoutOptions): Placed {
  if (loose.length === 0) return graph;
  const { taskSpace, layerSpace, height, view } = options;
  const cell = Math.max(...loose.map(options.widthOf)) + taskSpace.down;
  const row = height + taskSpace.right;
  const [left, bottom] = graph.direction === "right"
    ? [0, graph.height / 2]
    : [-graph.width / 2, graph.height];
  const above = graph.height === 0 ? 0 : graph.height + layerSpace.down;
  const sizeOf = (columns: number): Pick<Placed, "width" | "height"> => ({
    width: Math.max(graph.width, columns * cell - taskSpace.down),
    height: above + Math.ceil(loose.length / columns) * row - taskSpace.right,
  });
  let columns = 1;
  for (let more = 2; more <= loose.length; more++) {
    if (scaleIn(view, sizeOf(more)) > scaleIn(view, sizeOf(columns))) columns = more;
  }
  const places = new Map(graph.places);
  const top = bottom + (above - graph.height);
  for (const [index, id] of loose.entries()) {
    places.set(id, {
      x: left + (index % columns) * cell + (cell - taskSpace.down) / 2,
      y: top + Math.floor(index / columns) * row + height / 2,
    });
  }
  return { ...graph, ...sizeOf(columns), places };
}

/** Larger; or, where neither can be read as a whole, on less screens beside each other. */
function isShownBetter(one: Placed, other: Placed, { view, leastScale }: LayoutOptions): boolean {
  const [scale, otherScale] = [scaleIn(view, one), scaleIn(view, other)];
  if (Math.max(scale, otherScale) >= leastScale) return scale > otherScale;
  return screensOf(one, view, leastScale) < screensOf(other, view, leastScale);
}

function screensOf({ width, height }: Placed, view: LayoutOptions["view"], scale: number): number {
  return Math.max(1, width * scale / view.width) * Math.max(1, height * scale / view.height);
}

/** How large a graph can be drawn in a view. */
function scaleIn(view: LayoutOptions["view"], graph: Pick<Placed, "width" | "height">): number {
  return Math.min(view.width / Math.max(1, graph.width), view.height / Math.max(1, graph.height));
}
