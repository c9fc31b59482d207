/** Folds what arrives into one change a frame, so that a busy stream costs one repaint and never more. */
import { batch } from "solid-js";

/** A hidden page has no frames; its events are folded into one change in this time. */
const HIDDEN_FRAME_MS = 1000;

export interface FrameQueue {
  readonly push: (change: () => void) => void;
}

export function createFrameQueue(page: Document): FrameQueue {
  let waiting: (() => void)[] = [];
  const flush = (): void => {
    const changes = waiting;
    waiting = [];
    batch(() => {
      for (const change of changes) change();
    });
  };
  return {
    push: (change) => {
      waiting.push(change);
      if (waiting.length > 1) return;
      if (page.hidden) setTimeout(flush, HIDDEN_FRAME_MS);
      else requestAnimationFrame(flush);
    },
  };
}
