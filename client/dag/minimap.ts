/** A small picture of a large graph, with the part that is seen; a press on it goes there. */
import type { Core } from "cytoscape";
import { stateLooks } from "../lib/states.ts";
import type { TaskRunState } from "../../schema/states.ts";
import { tasksBounds } from "./canvas_bounds.ts";
import { NODE_HEIGHT, type ReadToken } from "./graph_style.ts";

/** Smaller graphs are seen whole. */
export const MINIMAP_FEWEST_NODES = 50;
const WIDTH = 144;
const HEIGHT = 96;
/** What it takes of the place along the lower rim. */
export const MINIMAP_SPACE = HEIGHT + 18;
const PADDING = 6;
/** Smaller tasks could not be seen. */
const LEAST_NODE_PX = 2;

export interface Minimap {
  readonly refresh: () => void;
  readonly close: () => void;
}

export function createMinimap(graph: Core, place: HTMLElement, token: ReadToken, moved: () => void): Minimap {
  const picture = document.createElement("canvas");
  picture.className = "graph-minimap";
  // The list beside the graph says the same, and the arrow keys go everywhere.
  picture.setAttribute("aria-hidden", "true");
  picture.hidden = true;
  place.parentElement?.append(picture);
  let frame = 0;
  const refresh = (): void => {
    if (frame === 0) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        picture.hidden = graph.nodes().length < MINIMAP_FEWEST_NODES;
        if (!picture.hidden) paint(graph, picture, token);
      });
    }
  };
  graph.on("viewport position add remove", refresh);
  const go = (event: PointerEvent): void => {
    if (event.buttons === 0) return;
    event.preventDefault();
    moved();
    const { left, top } = picture.getBoundingClientRect();
    const { scale, offset } = frameOf(graph);
    const at = { x: (event.clientX - left - offset.x) / scale, y: (event.clientY - top - offset.y) / scale };
    const zoom = graph.zoom();
    graph.pan({ x: graph.width() / 2 - at.x * zoom, y: graph.height() / 2 - at.y * zoom });
  };
  picture.addEventListener("pointerdown", (event) => {
    picture.setPointerCapture(event.pointerId);
    go(event);
  });
  picture.addEventListener("pointermove", go);
  return {
    refresh,
    close: () => {
      cancelAnimationFrame(frame);
      picture.remove();
    },
  };
}

interface Frame {
  readonly scale: number;
  readonly offset: { readonly x: number; readonly y: number };
}

function frameOf(graph: Core): Frame {
  const { x1, y1, w, h } = tasksBounds(graph);
  const scale = Math.min((WIDTH - 2 * PADDING) / Math.max(1, w), (HEIGHT - 2 * PADDING) / Math.max(1, h));
  return {
    scale,
    offset: { x: (WIDTH - w * scale) / 2 - x1 * scale, y: (HEIGHT - h * scale) / 2 - y1 * scale },
  };
}

function paint(graph: Core, picture: HTMLCanvasElement, token: ReadToken): void {
  const ratio = devicePixelRatio;
  picture.width = WIDTH * ratio;
  picture.height = HEIGHT * ratio;
  const context = picture.getContext("2d");
  if (context === null) return;
  context.scale(ratio, ratio);
  const { scale, offset } = frameOf(graph);
  const colours = new Map<string, string>();
  const colourOf = (state: TaskRunState | null): string => {
    const name = state === null ? "--line-strong" : `--state-${stateLooks[state].tone}`;
    const known = colours.get(name) ?? token(name);
    colours.set(name, known);
    return known;
  };
  for (const node of graph.nodes()) {
    const { x, y } = node.position();
    const width = Math.max(LEAST_NODE_PX, node.data("width") * scale);
    const height = Math.max(LEAST_NODE_PX, NODE_HEIGHT * scale);
    context.fillStyle = node.selected() ? token("--accent") : colourOf(node.data("state"));
    context.fillRect(x * scale + offset.x - width / 2, y * scale + offset.y - height / 2, width, height);
  }
  const { x1, y1, w, h } = graph.extent();
  context.strokeStyle = token("--accent");
  context.lineWidth = 1.5;
  context.strokeRect(x1 * scale + offset.x, y1 * scale + offset.y, w * scale, h * scale);
}
