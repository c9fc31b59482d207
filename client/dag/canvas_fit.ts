/** How a graph is fitted into its place: beside the tools that lie upon it, and never blown up to fill it. */
import type { Core } from "cytoscape";
import { tasksBounds } from "./canvas_bounds.ts";
import { MINIMAP_FEWEST_NODES, MINIMAP_SPACE } from "./minimap.ts";

const PADDING = 22;
/** The tools lie along the upper rim. */
const TOOLS_SPACE = 54;
const MOST_FITTED_ZOOM = 1.2;

/** The part of the place that a graph is fitted into, in pixels of the screen. */
export interface Room {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function roomFor(graph: Core, editable: boolean, count: number): Room {
  const top = editable ? TOOLS_SPACE : PADDING;
  const bottom = count < MINIMAP_FEWEST_NODES ? PADDING : MINIMAP_SPACE;
  const tall = graph.height() - top - bottom;
  return {
    x: PADDING,
    y: top,
    width: Math.max(1, graph.width() - 2 * PADDING),
    height: Math.max(1, tall),
  };
}

export function fitGraph(graph: Core, room: Room): void {
  if (graph.nodes().empty() || graph.width() === 0) return;
  const { x1, y1, w, h } = tasksBounds(graph);
  const fitted = Math.min(room.width / w, room.height / h, MOST_FITTED_ZOOM);
  const zoom = Math.max(graph.minZoom(), fitted);
  graph.viewport({
    zoom,
    pan: {
      x: room.x + room.width / 2 - (x1 + w / 2) * zoom,
      y: room.y + room.height / 2 - (y1 + h / 2) * zoom,
    },
  });
}
