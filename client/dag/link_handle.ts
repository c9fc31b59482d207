/**
 * The handle at a task from which a link is dragged to another. It is an element over the canvas, so that it is as large as
 * a finger needs whatever the zoom. The keyboard's way is another, so that it is hidden from those who cannot see it.
 */
import type { Core, NodeSingular } from "cytoscape";
import type { CanvasEditing } from "./canvas_editing.ts";

/** The pointer may leave a task for the handle at its rim. */
const LEAVE_MS = 250;
const SVG = "http://www.w3.org/2000/svg";

export interface LinkHandle {
  /** Shows it at this task until the pointer is at another. */
  readonly show: (id: string | null) => void;
  readonly hide: () => void;
  readonly close: () => void;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export function createLinkHandle(
  graph: Core,
  place: HTMLElement,
  editing: Pick<CanvasEditing, "link" | "refusal" | "hint">,
): LinkHandle {
  const handle = document.createElement("div");
  handle.className = "graph-handle";
  handle.setAttribute("aria-hidden", "true");
  handle.hidden = true;
  const ghost = createGhost();
  place.parentElement?.append(ghost.element, handle);

  let at: string | null = null;
  let resting: string | null = null;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const settle = (): void => {
    const node = at === null ? null : graph.getElementById(at);
    handle.hidden = node === null || node.empty();
    if (node === null || handle.hidden) return;
    const { x, y } = handlePoint(node);
    handle.style.translate = `${x}px ${y}px`;
  };
  const put = (id: string | null): void => {
    at = id;
    settle();
  };
  const leave = (): void => {
    clearTimeout(leaving);
    leaving = setTimeout(() => put(resting), LEAVE_MS);
  };
  graph.on("mouseover", "node", (event) => {
    clearTimeout(leaving);
    if (!ghost.drawing()) put(event.target.id());
  });
  graph.on("mouseout", "node", () => {
    if (!ghost.drawing()) leave();
  });
  graph.on("viewport position", settle);
  handle.addEventListener("pointerenter", () => clearTimeout(leaving));
  handle.addEventListener("pointerleave", () => {
    if (!ghost.drawing()) leave();
  });
  const stop = followDrag(graph, place, handle, ghost, editing, () => at, leave);
  return {
    show: (id) => {
      resting = id;
      if (!ghost.drawing()) put(id);
    },
    hide: () => put(null),
    close: () => {
      clearTimeout(leaving);
      stop();
      handle.remove();
      ghost.element.remove();
    },
  };
}

function followDrag(
  graph: Core,
  place: HTMLElement,
  handle: HTMLElement,
  ghost: Ghost,
  editing: Pick<CanvasEditing, "link" | "refusal" | "hint">,
  from: () => string | null,
  done: () => void,
): () => void {
  let start: Point | null = null;
  let target: string | null = null;
  let refused: string | null = null;
  const end = (): void => {
    start = null;
    ghost.draw(null, null, true);
    graph.nodes().removeClass("aim refused");
    editing.hint(null);
    done();
  };
  const point = (event: PointerEvent): Point => {
    const { left, top } = place.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const press = (event: PointerEvent): void => {
    const source = from();
    if (source === null || event.button !== 0) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    start = handlePoint(graph.getElementById(source));
    target = null;
  };
  const move = (event: PointerEvent): void => {
    const source = from();
    if (start === null || source === null) return;
    const pointer = point(event);
    const found = nodeAt(graph, pointer, source);
    if (found !== target) {
      target = found;
      refused = found === null ? null : editing.refusal(source, found);
      graph.nodes().removeClass("aim refused");
      if (found !== null) graph.getElementById(found).addClass(refused === null ? "aim" : "refused");
      editing.hint(refused);
    }
    ghost.draw(start, pointer, refused === null);
  };
  const release = (): void => {
    const source = from();
    const [to, why, began] = [target, refused, start];
    end();
    if (began === null || source === null || to === null) return;
    if (why === null) editing.link(source, to);
    // What was refused is to be read after the pointer is up, too.
    else editing.hint(why);
  };
  const escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && start !== null) end();
  };
  handle.addEventListener("pointerdown", press);
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", release);
  handle.addEventListener("pointercancel", end);
  addEventListener("keydown", escape);
  return () => removeEventListener("keydown", escape);
}

/** In the middle of the side that most lines leave by. */
function handlePoint(
  node: Pick<
    NodeSingular,
    "renderedPosition" | "renderedOuterWidth" | "renderedOuterHeight" | "connectedEdges"
  >,
): Point {
  const { x, y } = node.renderedPosition();
  const down = node.connectedEdges().some((edge) => edge.data("direction") === "down");
  return down ? { x, y: y + node.renderedOuterHeight() / 2 } : { x: x + node.renderedOuterWidth() / 2, y };
}

function nodeAt(graph: Core, { x, y }: Point, but: string): string | null {
  for (const node of graph.nodes()) {
    if (node.id() === but) continue;
    const box = node.renderedBoundingBox({ includeLabels: false });
    if (x >= box.x1 && x <= box.x2 && y >= box.y1 && y <= box.y2) return node.id();
  }
  return null;
}

interface Ghost {
  readonly element: SVGElement;
  readonly drawing: () => boolean;
  /** Null takes it away. */
  readonly draw: (from: Point | null, to: Point | null, good: boolean) => void;
}

/** The line that follows the pointer. */
function createGhost(): Ghost {
  const element = document.createElementNS(SVG, "svg");
  element.setAttribute("class", "graph-ghost");
  element.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  element.append(line);
  let drawing = false;
  return {
    element,
    drawing: () => drawing,
    draw: (from, to, good) => {
      drawing = from !== null && to !== null;
      element.classList.toggle("shown", drawing);
      element.classList.toggle("refused", !good);
      if (from !== null && to !== null) line.setAttribute("d", `M${from.x} ${from.y}L${to.x} ${to.y}`);
    },
  };
}
