/**
 * How often a large graph shows what has changed. Every change paints the whole canvas again, so that changes are shown
 * together: a few times a second, and more seldom where painting is slow, that it may never take all of the time.
 */
import type { Core } from "cytoscape";
import { createThrottle } from "../lib/throttle.ts";

const MIN_STEP_MS = 150;
const MAX_STEP_MS = 1000;
/** For each millisecond of painting so many without. */
const REST = 4;

export function createPace(graph: Core, show: () => void): () => void {
  let shownAt: number | null = null;
  let paintingMs = 0;
  graph.on("render", () => {
    if (shownAt !== null) paintingMs = performance.now() - shownAt;
    shownAt = null;
  });
  return createThrottle(() => {
    shownAt = performance.now();
    show();
  }, () => Math.min(MAX_STEP_MS, Math.max(MIN_STEP_MS, REST * paintingMs)));
}
