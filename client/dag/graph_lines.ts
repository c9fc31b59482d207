/** How the lines of a drawing go, and where words stand on them. */
import type { Box } from "./graph_edit_state.ts";
import { conditionLooks, type GraphEdge } from "./graph_model.ts";
import { LAYER_SPACE } from "./graph_style.ts";
import type { Direction } from "./layout.ts";

/** More between the layers when words stand on the lines, each on a part that no other line takes. */
const WORDS_SPACE = { right: 36, down: 16 } as const;
/** A line that turns keeps so much of the way before it. */
const STEM_PX = 8;
/** A line goes straight on to the right, or down, when its end lies so far that way. */
const CLEAR_PX = 24;

/** Which way a line leaves its task: as the layers go, or whichever way its end lies. */
type EdgeWay = Direction | "free";

/** What the lines of a drawing have in common. */
export interface LineRules {
  /** The way that most of them go. */
  readonly main: Direction;
  /** Words stand on some. */
  readonly worded: boolean;
}

/** Data of an edge that its look is made of; `turn` is where it turns, in pixels before its end. */
export interface LineData {
  readonly direction: EdgeWay;
  readonly turn: number;
}

/** Words stand where the line lies alone: at its end, at its start, or between the two. */
export interface LineWords {
  readonly targetWords: string;
  readonly sourceWords: string;
  readonly middleWords: string;
}

export function isWorded(edges: readonly GraphEdge[]): boolean {
  return edges.some(({ condition }) => conditionLooks[condition].labelled);
}

/** Between two layers: more when words stand on the lines. */
export function layerSpace(direction: Direction, worded: boolean): number {
  return LAYER_SPACE[direction] + (worded ? WORDS_SPACE[direction] : 0);
}

/** The way that the most lines can go. Where tasks were placed as they were laid out, it is the same way as before. */
export function mainWay(edges: readonly GraphEdge[], box: (id: string) => Box): Direction {
  const clear = (way: Direction): number =>
    edges.filter(({ from, to }) => gapBetween(box(from), box(to), way) >= CLEAR_PX).length;
  return clear("down") > clear("right") ? "down" : "right";
}

/** `laid`: the tasks stand in layers of this direction. */
export function lineBetween(
  from: Box,
  to: Box,
  { main, worded }: LineRules,
  { sourceWords }: LineWords,
  laid: Direction | null,
): LineData {
  const ways: readonly Direction[] = main === "right" ? ["right", "down"] : ["down", "right"];
  const way = laid ?? ways.find((one) => gapBetween(from, to, one) >= CLEAR_PX);
  if (way === undefined) return { direction: "free", turn: 0 };
  // The longer part of the way is where the words are.
  const before = LAYER_SPACE[way] / 2 + (worded && sourceWords === "" ? WORDS_SPACE[way] : 0);
  return {
    direction: way,
    turn: -Math.min(before, Math.max(STEM_PX, gapBetween(from, to, way) - STEM_PX)),
  };
}

function gapBetween(from: Box, to: Box, way: Direction): number {
  return way === "right"
    ? to.x - to.width / 2 - (from.x + from.width / 2)
    : to.y - to.height / 2 - (from.y + from.height / 2);
}

/** Lines from one task begin alike, and lines to one task end alike: words there would belong to all of them. */
export function placeWords(
  edges: readonly GraphEdge[],
  words: (edge: GraphEdge) => string,
): (edge: GraphEdge) => LineWords {
  const outgoing = Map.groupBy(edges, ({ from }) => from);
  const incoming = Map.groupBy(edges, ({ to }) => to);
  return (edge) => {
    const text = words(edge);
    const none = { targetWords: "", sourceWords: "", middleWords: "" };
    if (!conditionLooks[edge.condition].labelled) return none;
    if (incoming.get(edge.to)?.length === 1) return { ...none, targetWords: text };
    return outgoing.get(edge.from)?.length === 1
      ? { ...none, sourceWords: text }
      : { ...none, middleWords: text };
  };
}
