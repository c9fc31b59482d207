/** What is drawn: tasks and relations of a graph as elements of cytoscape, changed in place where they are there already. */
import type { Core, ElementDefinition, NodeSingular } from "cytoscape";
import { type Box, completePlaces, isAutomatic } from "./graph_edit_state.ts";
import { isWorded, layerSpace, lineBetween, type LineRules, mainWay, placeWords } from "./graph_lines.ts";
import type { GraphEdge, GraphNode } from "./graph_model.ts";
import { ICON_SPACE, NODE_HEIGHT, NODE_PADDING, TASK_SPACE } from "./graph_style.ts";
import { type Direction, layoutGraph, type Place } from "./layout.ts";
import { READABLE_ZOOM } from "./view_state.ts";

const MIN_TEXT = 34;
/** Longer names are cut with an ellipsis; the list has them whole. */
const MAX_TEXT = 190;
/** Where cytoscape holds them for us. */
const RULES = "_lines";

export interface DrawOptions {
  /** How wide a name is. */
  readonly measure: (text: string) => number;
  /** What is written on a relation. */
  readonly words: (edge: GraphEdge) => string;
  /** What so many tasks are to be seen in. */
  readonly room: (count: number) => { readonly width: number; readonly height: number };
}

interface Drawn {
  /** The direction of what was laid out by itself; null where somebody has placed tasks. */
  readonly direction: Direction | null;
}

/** Draws these tasks and relations; `direction`: the one that they are drawn in already and keep. */
export function drawGraph(
  graph: Core,
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  options: DrawOptions,
  direction: Direction | null,
): Drawn {
  const texts = new Map(nodes.map(({ id, name }) => {
    return [id, Math.min(MAX_TEXT, Math.max(MIN_TEXT, Math.ceil(options.measure(name)) + 2))];
  }));
  const inRun = nodes.some(({ state }) => state !== null);
  const widthOf = (id: string): number =>
    (texts.get(id) ?? MIN_TEXT) + 2 * NODE_PADDING + (inRun ? ICON_SPACE - 4 : 0);
  const laid = isAutomatic(nodes)
    ? layOut(nodes, edges, widthOf, options.room(nodes.length), direction)
    : standWhereTheyAre(nodes, edges, widthOf);
  const box = (id: string): Box => ({
    ...laid.places.get(id) ?? { x: 0, y: 0 },
    width: widthOf(id),
    height: NODE_HEIGHT,
  });
  const rules = { main: laid.direction ?? mainWay(edges, box), worded: isWorded(edges) };
  graph.scratch(RULES, rules);
  const wordsOf = placeWords(edges, options.words);
  const running = new Set(nodes.filter(({ state }) => state === "RUNNING").map(({ id }) => id));
  graph.batch(() => {
    sync(
      graph,
      "nodes",
      nodes.map(({ id, name, state, enabled }) => ({
        data: { id, name, state, enabled, width: widthOf(id), textWidth: texts.get(id) },
        position: { ...laid.places.get(id) ?? { x: 0, y: 0 } },
      })),
    );
    sync(
      graph,
      "edges",
      edges.map((edge) => ({
        data: {
          id: edgeId(edge),
          source: edge.from,
          target: edge.to,
          condition: edge.condition,
          ...wordsOf(edge),
          ...lineBetween(box(edge.from), box(edge.to), rules, wordsOf(edge), laid.direction),
          active: running.has(edge.to),
        },
      })),
    );
  });
  return { direction: laid.direction };
}

/** Only what has changed is touched: cytoscape restyles whatever is written to. */
export function showStates(graph: Core, nodes: readonly GraphNode[]): void {
  graph.batch(() => {
    for (const { id, state, enabled } of nodes) {
      const shown = graph.getElementById(id);
      if (shown.data("state") === state && shown.data("enabled") === enabled) continue;
      shown.data({ state, enabled });
      shown.incomers("edge").data("active", state === "RUNNING");
    }
  });
}

/** While tasks are moved, the lines at them leave whichever way their ends lie then. */
export function turnEdges(moved: NodeSingular): void {
  const rules: LineRules = moved.cy().scratch(RULES);
  for (const edge of moved.connectedEdges()) {
    edge.data(lineBetween(boxOf(edge.source()), boxOf(edge.target()), rules, edge.data(), null));
  }
}

export function boxOf(node: NodeSingular): Box {
  const { x, y } = node.position();
  return { x, y, width: node.data("width"), height: NODE_HEIGHT };
}

export function edgeId({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${from} -> ${to}`;
}

/** What the names of tasks are written in. */
export function nameFont(family: string): string {
  return `500 12.5px ${family}`;
}

export function textMeasure(family: string): (text: string) => number {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return (text) => text.length * 7;
  context.font = nameFont(family);
  return (text) => context.measureText(text).width;
}

interface Laid extends Drawn {
  readonly places: ReadonlyMap<string, Place>;
}

function layOut(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  widthOf: (id: string) => number,
  view: { readonly width: number; readonly height: number },
  direction: Direction | null,
): Laid {
  const worded = isWorded(edges);
  return layoutGraph(nodes.map(({ id }) => id), edges, {
    widthOf,
    height: NODE_HEIGHT,
    layerSpace: { right: layerSpace("right", worded), down: layerSpace("down", worded) },
    taskSpace: TASK_SPACE,
    view,
    leastScale: READABLE_ZOOM,
    direction,
  });
}

function standWhereTheyAre(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  widthOf: (id: string) => number,
): Laid {
  const places = completePlaces(nodes, edges, (id) => ({ width: widthOf(id), height: NODE_HEIGHT }));
  return { places, direction: null };
}

/** Adds what is new, changes what is there, takes away what is gone. */
function sync(graph: Core, group: "nodes" | "edges", wanted: readonly ElementDefinition[]): void {
  const ids = new Set(wanted.map(({ data }) => data.id));
  graph.elements(group === "nodes" ? "node" : "edge").filter((element) => !ids.has(element.id())).remove();
  const added: ElementDefinition[] = [];
  for (const element of wanted) {
    const present = graph.getElementById(element.data.id ?? "");
    if (present.empty()) {
      added.push({ group, ...element });
      continue;
    }
    // Cytoscape restyles whatever is written to.
    if (differs(present.data(), element.data)) present.data(element.data);
    if (element.position !== undefined && differs({ ...present.position() }, element.position)) {
      present.position(element.position);
    }
  }
  graph.add(added);
}

function differs(present: Readonly<Record<string, unknown>>, wanted: object): boolean {
  return Object.entries(wanted).some(([key, value]) => present[key] !== value);
}
