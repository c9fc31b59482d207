/** What is drawn: tasks and relations of a graph as elements of cytoscape, changed in place where they are there already. */
import type { Core, ElementDefinition, NodeSingular } from "cytoscape";
import { type Box, completePlaces, isAutomatic } from "./graph_edit_state.ts";
import type { GraphEdge, GraphNode } from "./graph_model.ts";
import { ICON_SPACE, LAYER_SPACE, NODE_HEIGHT, NODE_PADDING, TASK_SPACE } from "./graph_style.ts";
import { type Direction, layoutGraph, type Place } from "./layout.ts";
import { READABLE_ZOOM } from "./view_state.ts";

const MIN_TEXT = 34;
/** Longer names are cut with an ellipsis; the list has them whole. */
const MAX_TEXT = 190;
/** More between the layers when words stand on the lines. */
const WORDS_SPACE = 36;
/** A line goes straight on to the right, or down, when its end lies so far that way. */
const CLEAR_PX = 24;

/** Which way a line leaves its task: as the layers go, or whichever way its end lies. */
export type EdgeWay = Direction | "free";

export interface DrawOptions {
  /** How wide a name is. */
  readonly measure: (text: string) => number;
  /** What is written on a relation. */
  readonly words: (edge: GraphEdge) => string;
  /** What so many tasks are to be seen in. */
  readonly room: (count: number) => { readonly width: number; readonly height: number };
}

/** Draws these tasks and relations; answers whether they were laid out by themselves. */
export function drawGraph(
  graph: Core,
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  options: DrawOptions,
): { readonly automatic: boolean } {
  const texts = new Map(nodes.map(({ id, name }) => {
    return [id, Math.min(MAX_TEXT, Math.max(MIN_TEXT, Math.ceil(options.measure(name)) + 2))];
  }));
  const inRun = nodes.some(({ state }) => state !== null);
  const widthOf = (id: string): number =>
    (texts.get(id) ?? MIN_TEXT) + 2 * NODE_PADDING + (inRun ? ICON_SPACE - 4 : 0);
  const automatic = isAutomatic(nodes);
  const { places, wayOf } = automatic
    ? layOut(nodes, edges, widthOf, options.room(nodes.length))
    : standWhereTheyAre(nodes, edges, widthOf);
  const running = new Set(nodes.filter(({ state }) => state === "RUNNING").map(({ id }) => id));
  graph.batch(() => {
    sync(
      graph,
      "nodes",
      nodes.map(({ id, name, state, enabled }) => ({
        data: { id, name, state, enabled, width: widthOf(id), textWidth: texts.get(id) },
        position: { ...places.get(id) ?? { x: 0, y: 0 } },
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
          words: options.words(edge),
          direction: wayOf(edge),
          active: running.has(edge.to),
        },
      })),
    );
  });
  return { automatic };
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
  for (const edge of moved.connectedEdges()) {
    edge.data("direction", wayBetween(boxOf(edge.source()), boxOf(edge.target())));
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

interface Laid {
  readonly places: ReadonlyMap<string, Place>;
  readonly wayOf: (edge: GraphEdge) => EdgeWay;
}

function layOut(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  widthOf: (id: string) => number,
  view: { readonly width: number; readonly height: number },
): Laid {
  const { direction, places } = layoutGraph(nodes.map(({ id }) => id), edges, {
    widthOf,
    height: NODE_HEIGHT,
    layerSpace: {
      right: LAYER_SPACE.right + (edges.some(({ condition }) => condition !== "SUCCESS") ? WORDS_SPACE : 0),
      down: LAYER_SPACE.down,
    },
    taskSpace: TASK_SPACE,
    view,
    leastScale: READABLE_ZOOM,
  });
  return { places, wayOf: () => direction };
}

function standWhereTheyAre(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  widthOf: (id: string) => number,
): Laid {
  const places = completePlaces(nodes, edges, (id) => ({ width: widthOf(id), height: NODE_HEIGHT }));
  const box = (id: string): Box => ({
    ...places.get(id) ?? { x: 0, y: 0 },
    width: widthOf(id),
    height: NODE_HEIGHT,
  });
  return { places, wayOf: ({ from, to }) => wayBetween(box(from), box(to)) };
}

function wayBetween(from: Box, to: Box): EdgeWay {
  if (to.x - to.width / 2 - (from.x + from.width / 2) >= CLEAR_PX) return "right";
  if (to.y - to.height / 2 - (from.y + from.height / 2) >= CLEAR_PX) return "down";
  return "free";
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
