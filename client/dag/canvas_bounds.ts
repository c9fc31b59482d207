/**
 * What the tasks of a drawing take: lines stay between them. By their places, since cytoscape would style and measure
 * everything first.
 */
import type { Core } from "cytoscape";
import { NODE_HEIGHT } from "./graph_style.ts";
import type { Area } from "./view_state.ts";

export function tasksBounds(graph: Core): Area {
  let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const node of graph.nodes()) {
    const { x, y } = node.position();
    const half = node.data("width") / 2;
    [x1, x2] = [Math.min(x1, x - half), Math.max(x2, x + half)];
    [y1, y2] = [Math.min(y1, y - NODE_HEIGHT / 2), Math.max(y2, y + NODE_HEIGHT / 2)];
  }
  return { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
}
