/** The one place that opens cytoscape. What is seen stays where it is through every change of state. */
import cytoscape, { type Core } from "cytoscape";
import { type CanvasEditing, editCanvas, type EditedCanvas } from "./canvas_editing.ts";
import { drawGraph, type DrawOptions, nameFont, showStates, textMeasure } from "./canvas_elements.ts";
import { isMapped, reveal, roomFor, showReadable, showWhole } from "./canvas_fit.ts";
import { createPace } from "./canvas_pace.ts";
import type { GraphEdge, GraphNode } from "./graph_model.ts";
import type { Direction } from "./layout.ts";
import { graphStyle, type ReadToken } from "./graph_style.ts";
import { createMinimap, type Minimap } from "./minimap.ts";

const MIN_ZOOM = 0.05;
const MAX_ZOOM = 2.5;
const ZOOM_STEP = 1.25;
const BREATH_MS = 1000;
const DRAWN = "graph drawn";
/** Breathing paints the whole canvas again and again: a large graph holds still. */
const MAX_BREATHING_NODES = 120;

export interface CanvasOptions {
  readonly place: HTMLElement;
  readonly token: ReadToken;
  /** What is written on a relation. */
  readonly words: (edge: GraphEdge) => string;
  /** What was clicked on; null: the ground. Only told while nothing can be edited. */
  readonly select: (id: string | null) => void;
  /** False for those who asked for less motion. */
  readonly moving: boolean;
  /** Left out: the graph is only looked at. */
  readonly editing?: CanvasEditing;
}

export interface Canvas {
  /** Draws these tasks and relations where they were placed, or laid out anew. */
  readonly draw: (nodes: readonly GraphNode[], edges: readonly GraphEdge[]) => void;
  /** Shows new states on what is drawn. */
  readonly show: (nodes: readonly GraphNode[]) => void;
  /** `chosen`: by somebody, and so brought into view also where somebody looks at another part. */
  readonly select: (id: string | null, chosen: boolean) => void;
  readonly restyle: () => void;
  /** Shows the whole graph; where that is seen already, the part that matters at a size that can be read. */
  readonly fit: () => void;
  readonly zoom: (step: 1 | -1) => void;
  /** Present while the graph can be edited. */
  readonly edited: EditedCanvas | null;
  readonly close: () => void;
}

export function openCanvas(options: CanvasOptions): Canvas {
  const { place, editing } = options;
  const graph = cytoscape({
    container: place,
    style: graphStyle(options.token),
    minZoom: MIN_ZOOM,
    maxZoom: MAX_ZOOM,
    boxSelectionEnabled: editing !== undefined,
    autoungrabify: editing?.changes !== true,
    selectionType: "single",
  });
  const drawing: DrawOptions = {
    measure: textMeasure(options.token("--font-sans")),
    words: options.words,
    room: (count) => roomFor(graph, isMapped(count)),
  };
  // Until somebody moves it, the graph is shown in its place as it was, whatever becomes of the window.
  let panned = false;
  let whole = false;
  // Of what was laid out by itself; null where somebody has placed tasks.
  let direction: Direction | null = null;
  let nodes: readonly GraphNode[] = [];
  let edges: readonly GraphEdge[] = [];
  let selected: string | null = null;
  let drawnIn = "";
  graph.on("dragpan scrollzoom pinchzoom", () => (panned = true));
  const showNow = (): void => {
    showStates(graph, nodes);
    minimap.refresh();
  };
  const showNowAndThen = createPace(graph, showNow);
  const edited = editing === undefined ? null : editCanvas(graph, place, editing);
  if (edited === null) followTaps(graph, options.select);
  const stopHovering = hover(graph, place);
  const minimap: Minimap = createMinimap(graph, place, options.token, () => (panned = true));
  const mark = (): void => {
    if (edited !== null) return;
    graph.batch(() => {
      graph.nodes().unselect();
      if (selected !== null) graph.getElementById(selected).select();
    });
  };
  const fit = (): void => {
    panned = false;
    drawnIn = sizeOf(graph);
    if (whole) showWhole(graph);
    else showReadable(graph);
  };
  /** `anew`: in whichever direction suits it best. */
  const draw = (anew = edited === null): void => {
    const startedAt = performance.now();
    const first = graph.nodes().empty();
    ({ direction } = drawGraph(graph, nodes, edges, drawing, anew ? null : direction));
    mark();
    edited?.refresh();
    // What somebody is drawing must not move under the pointer.
    if (!panned && (first || direction !== null || edited === null)) fit();
    minimap.refresh();
    graph.one("render", () => tellDrawn(startedAt, nodes.length));
  };
  const resized = new ResizeObserver(() => {
    graph.resize();
    // The observer also tells of the size that it begins with, in which everything is drawn already.
    if (panned || sizeOf(graph) === drawnIn) return;
    if (direction !== null) draw(true);
    else fit();
  });
  resized.observe(place);
  // Names are as wide as the font makes them, and it may come late.
  let closed = false;
  void waitForFont(nameFont(options.token("--font-sans"))).then((late) => {
    if (late && !closed) draw(true);
  });
  const breathing = options.moving ? setInterval(() => breathe(graph), BREATH_MS) : undefined;

  return {
    draw: (drawnNodes, drawnEdges) => {
      [nodes, edges] = [drawnNodes, drawnEdges];
      draw();
    },
    show: (shownNodes) => {
      nodes = shownNodes;
      if (nodes.length > MAX_BREATHING_NODES) showNowAndThen();
      else showNow();
    },
    select: (id, chosen) => {
      selected = id;
      mark();
      if (id !== null && (chosen || !panned)) reveal(graph, id);
    },
    restyle: () => {
      graph.style(graphStyle(options.token));
      minimap.refresh();
    },
    fit: () => {
      whole = panned || !whole;
      fit();
    },
    zoom: (step) => {
      panned = true;
      const middle = { x: graph.width() / 2, y: graph.height() / 2 };
      graph.zoom({ level: graph.zoom() * ZOOM_STEP ** step, renderedPosition: middle });
    },
    edited,
    close: () => {
      closed = true;
      clearInterval(breathing);
      resized.disconnect();
      stopHovering();
      minimap.close();
      edited?.close();
      graph.destroy();
    },
  };
}

function followTaps(graph: Core, select: (id: string | null) => void): void {
  graph.on("tap", (event) => {
    if (event.target === graph) select(null);
    else if (event.target.isNode()) select(event.target.id());
  });
}

/** What a task is tied to stands out while the pointer is on it; the wheel turns the page unless a key says otherwise. */
function hover(graph: Core, place: HTMLElement): () => void {
  graph.on("mouseover", "node", (event) => {
    place.style.cursor = "pointer";
    graph.elements().difference(event.target.closedNeighborhood()).addClass("faded");
  });
  graph.on("mouseout", "node", () => {
    place.style.cursor = "";
    graph.elements().removeClass("faded");
  });
  const leaveWheelToPage = (event: WheelEvent): void => {
    graph.userZoomingEnabled(event.ctrlKey || event.metaKey);
  };
  place.addEventListener("wheel", leaveWheelToPage, { capture: true, passive: true });
  return () => place.removeEventListener("wheel", leaveWheelToPage, { capture: true });
}

function sizeOf(graph: Core): string {
  return `${graph.width()} ${graph.height()}`;
}

/** How long drawing took, for the tools of the browser and for the benchmark. */
function tellDrawn(startedAt: number, tasks: number): void {
  if (tasks > 0) performance.measure(DRAWN, { start: startedAt, detail: { tasks } });
}

/** Answers whether the font came only now. */
async function waitForFont(font: string): Promise<boolean> {
  if (document.fonts.check(font)) return false;
  await document.fonts.load(font);
  return true;
}

/** What runs breathes; the style's own transition does the movement. */
function breathe(graph: Core): void {
  if (document.hidden || graph.nodes().length > MAX_BREATHING_NODES) return;
  graph.batch(() => {
    graph.nodes('[state != "RUNNING"]').removeClass("breath breathing");
    graph.nodes('[state = "RUNNING"]').addClass("breathing").toggleClass("breath");
  });
}
