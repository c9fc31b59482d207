/** The one place that talks to cytoscape. What is seen stays where it is through every change of state. */
import cytoscape, { type Core } from "cytoscape";
import type { GraphEdge, GraphNode } from "./graph_model.ts";
import {
  graphStyle,
  ICON_SPACE,
  LAYER_SPACE,
  NODE_HEIGHT,
  NODE_PADDING,
  type ReadToken,
  TASK_SPACE,
} from "./graph_style.ts";
import { layoutGraph } from "./layout.ts";

const LEAST_ZOOM = 0.1;
const MOST_ZOOM = 2.5;
/** A small graph is not blown up to fill the place. */
const MOST_FITTED_ZOOM = 1.2;
const FIT_PADDING = 22;
const LEAST_TEXT = 34;
/** Longer names are cut with an ellipsis; the list has them whole. */
const MOST_TEXT = 190;
/** More between the layers when words stand on the lines. */
const WORDS_SPACE = 36;
const BREATH_MS = 1000;
/** Breathing paints the whole canvas again and again: a large graph holds still. */
const MOST_BREATHING_NODES = 120;

export interface CanvasOptions {
  readonly place: HTMLElement;
  readonly token: ReadToken;
  /** What is written on a relation. */
  readonly words: (edge: GraphEdge) => string;
  readonly select: (id: string | null) => void;
  /** False for those who asked for less motion. */
  readonly moving: boolean;
}

export interface Canvas {
  /** Draws these tasks and relations, laid out anew. */
  readonly draw: (nodes: readonly GraphNode[], edges: readonly GraphEdge[]) => void;
  /** Shows new states on what is drawn. */
  readonly show: (nodes: readonly GraphNode[]) => void;
  readonly select: (id: string | null) => void;
  readonly restyle: () => void;
  readonly fit: () => void;
  readonly close: () => void;
}

export function openCanvas(options: CanvasOptions): Canvas {
  const graph = cytoscape({
    container: options.place,
    style: graphStyle(options.token),
    minZoom: LEAST_ZOOM,
    maxZoom: MOST_ZOOM,
    boxSelectionEnabled: false,
    autoungrabify: true,
    selectionType: "single",
  });
  // Until somebody moves it, the graph fits its place whatever becomes of the window.
  let moved = false;
  graph.on("dragpan scrollzoom pinchzoom", () => (moved = true));
  graph.on("tap", (event) => options.select(event.target === graph ? null : event.target.id()));
  graph.on("mouseover", "node", (event) => {
    options.place.style.cursor = "pointer";
    graph.elements().difference(event.target.closedNeighborhood()).addClass("faded");
  });
  graph.on("mouseout", "node", () => {
    options.place.style.cursor = "";
    graph.elements().removeClass("faded");
  });
  const leaveWheelToPage = (event: WheelEvent): void => {
    graph.userZoomingEnabled(event.ctrlKey || event.metaKey);
  };
  options.place.addEventListener("wheel", leaveWheelToPage, { capture: true, passive: true });
  const fit = (): void => {
    moved = false;
    fitGraph(graph);
  };
  let nodes: readonly GraphNode[] = [];
  let edges: readonly GraphEdge[] = [];
  let selected: string | null = null;
  const mark = (): void =>
    graph.batch(() => {
      graph.nodes().unselect();
      if (selected !== null) graph.getElementById(selected).select();
    });
  const draw = (): void => {
    drawGraph(graph, nodes, edges, options);
    mark();
    if (!moved) fitGraph(graph);
  };
  const resized = new ResizeObserver(() => {
    graph.resize();
    if (!moved) draw();
  });
  resized.observe(options.place);
  const breathing = options.moving ? setInterval(() => breathe(graph), BREATH_MS) : undefined;

  return {
    draw: (drawnNodes, drawnEdges) => {
      [nodes, edges] = [drawnNodes, drawnEdges];
      draw();
    },
    show: (shownNodes) => {
      nodes = shownNodes;
      showStates(graph, nodes);
    },
    select: (id) => {
      selected = id;
      mark();
    },
    restyle: () => void graph.style(graphStyle(options.token)),
    fit,
    close: () => {
      clearInterval(breathing);
      resized.disconnect();
      options.place.removeEventListener("wheel", leaveWheelToPage, { capture: true });
      graph.destroy();
    },
  };
}

function drawGraph(
  graph: Core,
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  options: CanvasOptions,
): void {
  const measure = textMeasure(options.token("--font-sans"));
  const inRun = nodes.some(({ state }) => state !== null);
  const running = new Set(nodes.filter(({ state }) => state === "RUNNING").map(({ id }) => id));
  const texts = new Map(nodes.map(({ id, name }) => {
    return [id, Math.min(MOST_TEXT, Math.max(LEAST_TEXT, Math.ceil(measure(name)) + 2))];
  }));
  const widthOf = (id: string): number =>
    (texts.get(id) ?? LEAST_TEXT) + 2 * NODE_PADDING + (inRun ? ICON_SPACE - 4 : 0);
  const { direction, places } = layoutGraph(nodes.map(({ id }) => id), edges, {
    widthOf,
    height: NODE_HEIGHT,
    layerSpace: {
      right: LAYER_SPACE.right + (edges.some(({ condition }) => condition !== "SUCCESS") ? WORDS_SPACE : 0),
      down: LAYER_SPACE.down,
    },
    taskSpace: TASK_SPACE,
    view: { width: graph.width() - 2 * FIT_PADDING, height: graph.height() - 2 * FIT_PADDING },
  });
  graph.batch(() => {
    graph.elements().remove();
    graph.add(nodes.map(({ id, name, state, enabled }) => ({
      group: "nodes",
      data: { id, name, state, enabled, width: widthOf(id), textWidth: texts.get(id) },
      position: { ...places.get(id) ?? { x: 0, y: 0 } },
    })));
    graph.add(edges.map((edge) => ({
      group: "edges",
      data: {
        source: edge.from,
        target: edge.to,
        condition: edge.condition,
        words: options.words(edge),
        direction,
        active: running.has(edge.to),
      },
    })));
  });
}

/** Only what has changed is touched: cytoscape restyles whatever is written to. */
function showStates(graph: Core, nodes: readonly GraphNode[]): void {
  graph.batch(() => {
    for (const { id, state, enabled } of nodes) {
      const shown = graph.getElementById(id);
      if (shown.data("state") === state && shown.data("enabled") === enabled) continue;
      shown.data({ state, enabled });
      shown.incomers("edge").data("active", state === "RUNNING");
    }
  });
}

function fitGraph(graph: Core): void {
  if (graph.nodes().empty() || graph.width() === 0) return;
  graph.fit(undefined, FIT_PADDING);
  if (graph.zoom() <= MOST_FITTED_ZOOM) return;
  graph.zoom(MOST_FITTED_ZOOM);
  graph.center();
}

/** What runs breathes; the style's own transition does the movement. */
function breathe(graph: Core): void {
  if (document.hidden || graph.nodes().length > MOST_BREATHING_NODES) return;
  graph.batch(() => {
    graph.nodes('[state != "RUNNING"]').removeClass("breath");
    graph.nodes('[state = "RUNNING"]').toggleClass("breath");
  });
}

function textMeasure(family: string): (text: string) => number {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return (text) => text.length * 7;
  context.font = `500 12.5px ${family}`;
  return (text) => context.measureText(text).width;
}
