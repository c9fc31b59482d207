/** A small picture of a graph that is large or only seen in part, with the part that is seen; a press on it goes there. */
import type { Core } from "cytoscape";
import { stateLooks } from "../lib/states.ts";
import type { TaskRunState } from "../../schema/states.ts";
import { tasksBounds } from "./canvas_bounds.ts";
import { NODE_HEIGHT, type ReadToken } from "./graph_style.ts";

/** From here on it is always there; for fewer tasks while a part of them is not seen. */
export const MINIMAP_FEWEST_NODES = 50;
const SMALL_PLACE_PX = 480;
const SIZE = { width: 144, height: 96 } as const;
const SMALL_SIZE = { width: 96, height: 64 } as const;
const PADDING = 6;
/** Smaller tasks could not be seen. */
const MIN_NODE_PX = 2;

export interface MinimapSize {
  readonly width: number;
  readonly height: number;
}

/** How large it is on a drawing of this width. */
export function minimapSize(placeWidth: number): MinimapSize {
  return placeWidth < SMALL_PLACE_PX ? SMALL_SIZE : SIZE;
}

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
        const count = graph.nodes().length;
        picture.hidden = count < MINIMAP_FEWEST_NODES && (count === 0 || seesAll(graph));
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
  const size = minimapSize(graph.width());
  const { x, y, width, height } = tasksBounds(graph);
  const scale = Math.min(
    (size.width - 2 * PADDING) / Math.max(1, width),
    (size.height - 2 * PADDING) / Math.max(1, height),
  );
  return {
    scale,
    offset: {
      x: (size.width - width * scale) / 2 - x * scale,
      y: (size.height - height * scale) / 2 - y * scale,
    },
  };
}

function seesAll(graph: Core): boolean {
  const { x, y, width, height } = tasksBounds(graph);
  const seen = graph.extent();
  return x >= seen.x1 && y >= seen.y1 && x + width <= seen.x2 && y + height <= seen.y2;
}

function paint(graph: Core, picture: HTMLCanvasElement, token: ReadToken): void {
  const ratio = devicePixelRatio;
  const size = minimapSize(graph.width());
  picture.width = size.width * ratio;
  picture.height = size.height * ratio;
  picture.style.width = `${size.width}px`;
  picture.style.height = `${size.height}px`;
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
    const width = Math.max(MIN_NODE_PX, node.data("width") * scale);
    const height = Math.max(MIN_NODE_PX, NODE_HEIGHT * scale);
    context.fillStyle = node.selected() ? token("--accent") : colourOf(node.data("state"));
    context.fillRect(x * scale + offset.x - width / 2, y * scale + offset.y - height / 2, width, height);
  }
  const { x1, y1, w, h } = graph.extent();
  context.strokeStyle = token("--accent");
  context.lineWidth = 1.5;
  context.strokeRect(x1 * scale + offset.x, y1 * scale + offset.y, w * scale, h * scale);
}
