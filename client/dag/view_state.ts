/**
 * Which part of a graph is seen, and how large: all of it while its names can be read then, else the part that matters, at
 * a size that can be read.
 */
import type { TaskRunState } from "../../schema/states.ts";
import type { Place } from "./layout.ts";

/** Names are then 9 px high. */
export const READABLE_ZOOM = 0.72;
const MAX_FITTED_ZOOM = 1.2;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Viewport {
  readonly zoom: number;
  readonly pan: Place;
}

/** The whole graph in its room, never blown up to fill it. */
export function wholeViewport(graph: Area, room: Area, leastZoom: number): Viewport {
  const zoom = Math.max(leastZoom, scaleToFit(graph, room));
  return { zoom, pan: panTo(graph, room, zoom, middleOf(graph)) };
}

/** The whole graph while it can be read, else the part about a place of it. */
export function readableViewport(graph: Area, room: Area, about: Place): Viewport {
  const zoom = Math.max(READABLE_ZOOM, scaleToFit(graph, room));
  return { zoom, pan: panTo(graph, room, zoom, about) };
}

export function isReadable(graph: Area, room: Area): boolean {
  return scaleToFit(graph, room) >= READABLE_ZOOM;
}

/** Brings a place to the middle of the room, but leaves no room empty that the graph could fill. */
export function panTo(graph: Area, room: Area, zoom: number, about: Place): Place {
  return {
    x: panAlong(graph.x, graph.width, room.x, room.width, zoom, about.x),
    y: panAlong(graph.y, graph.height, room.y, room.height, zoom, about.y),
  };
}

interface Seen {
  readonly id: string;
  readonly state: TaskRunState | null;
  readonly selected: boolean;
  /** It waits for nothing. */
  readonly first: boolean;
  readonly at: Place;
}

/** What matters of a graph: what is selected, else what failed, else what runs, else where it begins. */
export function placeThatMatters(tasks: readonly Seen[]): Place | null {
  const matters = tasks.find(({ selected }) => selected) ??
    tasks.find(({ state }) => state === "FAILED" || state === "TIMED_OUT") ??
    tasks.find(({ state }) => state === "RUNNING");
  if (matters !== undefined) return matters.at;
  const distance = ({ at }: Seen): number => at.x + at.y;
  const [begin] = tasks.filter(({ first }) => first).sort((one, two) => distance(one) - distance(two));
  return (begin ?? tasks[0])?.at ?? null;
}

function scaleToFit(graph: Area, room: Area): number {
  return Math.min(
    room.width / Math.max(1, graph.width),
    room.height / Math.max(1, graph.height),
    MAX_FITTED_ZOOM,
  );
}

function middleOf({ x, y, width, height }: Area): Place {
  return { x: x + width / 2, y: y + height / 2 };
}

function panAlong(
  start: number,
  length: number,
  roomStart: number,
  roomLength: number,
  zoom: number,
  about: number,
): number {
  const spare = roomLength - length * zoom;
  if (spare >= 0) return roomStart + spare / 2 - start * zoom;
  const atStart = roomStart - start * zoom;
  return Math.min(atStart, Math.max(atStart + spare, roomStart + roomLength / 2 - about * zoom));
}
