/** Drawing with the pointer: selecting, moving, and linking from a handle. What it means is decided by who opened it. */
import type { Core, EventObject, NodeSingular } from "cytoscape";
import { boxOf, edgeId, turnEdges } from "./canvas_elements.ts";
import { reveal } from "./canvas_fit.ts";
import { type Box, type GraphSelection, nothingSelected, type Places, snap } from "./graph_edit_state.ts";
import type { Place } from "./layout.ts";
import { createLinkHandle, type LinkHandle } from "./link_handle.ts";

export interface CanvasEditing {
  /** False: tasks can be selected and opened, but not moved or linked. */
  readonly changes: boolean;
  readonly choose: (selection: GraphSelection) => void;
  /** Where every task stands after some of them were moved. */
  readonly moved: (places: Places) => void;
  readonly link: (from: string, to: string) => void;
  /** Why `to` cannot wait for `from`, in words; null when it can. */
  readonly refusal: (from: string, to: string) => string | null;
  /** What is to be read while a link is drawn; null: nothing. */
  readonly hint: (text: string | null) => void;
  readonly open: (id: string) => void;
  /** Somebody asked for a new task here. */
  readonly create: (at: Place) => void;
  /** Where a task that was clicked on ends a link, when one was begun by the keyboard; null: none was. */
  readonly linkingFrom: () => string | null;
}

export interface EditedCanvas {
  readonly choose: (selection: GraphSelection) => void;
  /** Marks a task that a link might end at. */
  readonly aim: (id: string | null, good: boolean) => void;
  readonly boxes: () => ReadonlyMap<string, Box>;
  /** Brings a task into view when it is not. */
  readonly reveal: (id: string) => void;
  /** After everything was drawn anew. */
  readonly refresh: () => void;
  readonly close: () => void;
}

export function editCanvas(graph: Core, place: HTMLElement, editing: CanvasEditing): EditedCanvas {
  let chosen: GraphSelection = nothingSelected;
  const handle = editing.changes ? createLinkHandle(graph, place, editing) : null;
  const mark = (): void => {
    graph.batch(() => {
      for (const element of graph.elements(":selected")) {
        if (!isChosen(element.id(), chosen)) element.unselect();
      }
      for (const id of chosen.tasks) graph.getElementById(id).select();
      if (chosen.edge !== null) graph.getElementById(edgeId(chosen.edge)).select();
    });
    handle?.show(chosen.tasks.size === 1 ? [...chosen.tasks][0] ?? null : null);
  };
  followSelection(graph, () => chosen, editing);
  if (handle !== null) followMoves(graph, editing, handle);
  graph.on("dbltap", (event) => {
    if (event.target === graph) editing.create(snap(event.position));
    else if (event.target.isNode()) editing.open(event.target.id());
  });
  return {
    choose: (selection) => {
      chosen = selection;
      mark();
    },
    aim: (id, good) => {
      graph.batch(() => {
        graph.nodes().removeClass("aim refused");
        if (id !== null) graph.getElementById(id).addClass(good ? "aim" : "refused");
      });
    },
    boxes: () => new Map(graph.nodes().map((node) => [node.id(), boxOf(node)])),
    reveal: (id) => reveal(graph, id),
    refresh: mark,
    close: () => handle?.close(),
  };
}

/** Cytoscape selects by itself: by click, with shift, and by a box. One answer for all that a gesture selects. */
function followSelection(graph: Core, present: () => GraphSelection, editing: CanvasEditing): void {
  let waiting = false;
  graph.on("tap", "node", (event) => {
    const from = editing.linkingFrom();
    if (from === null) return;
    const to = event.target.id();
    if (editing.refusal(from, to) === null) editing.link(from, to);
  });
  graph.on("select unselect", () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      if (graph.destroyed() || editing.linkingFrom() !== null) return;
      const selection = readSelection(graph);
      if (!sameSelection(selection, present())) editing.choose(selection);
    });
  });
}

function readSelection(graph: Core): GraphSelection {
  const tasks = new Set(graph.nodes(":selected").map((node) => node.id()));
  const edges = graph.edges(":selected");
  if (tasks.size > 0 || edges.length !== 1) return { tasks, edge: null };
  const [edge] = edges;
  return { tasks, edge: edge === undefined ? null : { from: edge.source().id(), to: edge.target().id() } };
}

/** Tasks snap to the grid when they are let go. One step, however many were moved. */
function followMoves(graph: Core, editing: CanvasEditing, handle: LinkHandle): void {
  let waiting = false;
  graph.on("grab", "node", handle.hide);
  graph.on("drag", "node", (event: EventObject) => turnEdges(event.target as NodeSingular));
  graph.on("dragfree", "node", () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      if (graph.destroyed()) return;
      const places = new Map(
        graph.nodes().map((node) => {
          const { x, y } = node.position();
          return [node.id(), snap({ x, y })];
        }),
      );
      editing.moved(places);
    });
  });
}

function isChosen(id: string, { tasks, edge }: GraphSelection): boolean {
  return tasks.has(id) || (edge !== null && edgeId(edge) === id);
}

function sameSelection(one: GraphSelection, two: GraphSelection): boolean {
  return one.tasks.size === two.tasks.size && [...one.tasks].every((id) => two.tasks.has(id)) &&
    (one.edge === null ? "" : edgeId(one.edge)) === (two.edge === null ? "" : edgeId(two.edge));
}
