/** How a graph is fitted into its place: what is seen of it, beside what lies upon it. */
import type { Core } from "cytoscape";
import { tasksBounds } from "./canvas_bounds.ts";
import { MINIMAP_FEWEST_NODES, minimapSize } from "./minimap.ts";
import {
  type Area,
  isReadable,
  panTo,
  placeThatMatters,
  readableViewport,
  type Viewport,
  wholeViewport,
} from "./view_state.ts";

const PADDING = 22;
/** The button that shows the whole graph lies in the corner. */
const FOOT = 40;
/** About the small picture of the whole. */
const MINIMAP_MARGIN = 18;
/** What is nearer to the rim is brought into view when it is chosen. */
const RIM = 12;

/** The part of the place that a graph is fitted into, in pixels of the screen. */
export function roomFor(graph: Core, mapped: boolean): Area {
  const map = minimapSize(graph.width()).height + MINIMAP_MARGIN;
  return {
    x: PADDING,
    y: PADDING,
    width: Math.max(1, graph.width() - 2 * PADDING),
    height: Math.max(1, graph.height() - PADDING - (mapped ? map : FOOT)),
  };
}

/** Whether so many tasks always have the small picture of the whole. */
export function isMapped(count: number): boolean {
  return count >= MINIMAP_FEWEST_NODES;
}

export function showWhole(graph: Core): void {
  if (isNowhere(graph)) return;
  const room = roomFor(graph, isMapped(graph.nodes().length));
  graph.viewport(wholeViewport(tasksBounds(graph), room, graph.minZoom()));
}

/** The whole graph where its names can be read, else the part of it that matters. */
export function showReadable(graph: Core): void {
  if (isNowhere(graph)) return;
  const bounds = tasksBounds(graph);
  const room = roomFor(graph, isMapped(graph.nodes().length));
  const about = isReadable(bounds, room) ? null : matters(graph);
  const viewport: Viewport = about === null
    ? wholeViewport(bounds, room, graph.minZoom())
    : readableViewport(bounds, roomFor(graph, true), about);
  graph.viewport(viewport);
}

/** Brings a task into view when it is not. */
export function reveal(graph: Core, id: string): void {
  const node = graph.getElementById(id);
  if (node.empty() || isNowhere(graph)) return;
  const { x, y } = node.renderedPosition();
  const inView = x > RIM && y > RIM && x < graph.width() - RIM && y < graph.height() - RIM;
  if (inView) return;
  graph.pan(panTo(tasksBounds(graph), roomFor(graph, true), graph.zoom(), node.position()));
}

function matters(graph: Core): ReturnType<typeof placeThatMatters> {
  return placeThatMatters(
    graph.nodes().map((node) => ({
      id: node.id(),
      state: node.data("state"),
      selected: node.selected(),
      first: node.indegree(false) === 0,
      at: node.position(),
    })),
  );
}

/** Nothing is drawn, or there is nothing to draw it in. */
function isNowhere(graph: Core): boolean {
  return graph.nodes().empty() || graph.width() === 0;
}
