/** Whether the view follows the end of an output, and how many lines came since it stopped doing so. */

import type { Hand } from "./reading_hand.ts";

export interface Following {
  readonly follow: boolean;
  readonly unseen: number;
}

export const followingEnd: Following = { follow: true, unseen: 0 };

/** A pixel or two off the end, as zooming makes them, still is the end. */
const END_PX = 8;

export interface ScrollPlace {
  readonly top: number;
  readonly height: number;
  readonly contentHeight: number;
}

/**
 * After the view was scrolled: up lets go, the very end takes hold again. What moves without the reader's hand, as when
 * lines turn out to be higher than was thought, lets nothing go.
 */
export function followAfterScroll(
  state: Following,
  before: number,
  place: ScrollPlace,
  hand: Hand,
): Following {
  // The view may be at the end because it has just followed it there.
  if (hand === "up" && place.contentHeight > place.height) return { ...state, follow: false };
  const atEnd = place.top + place.height >= place.contentHeight - END_PX;
  if (atEnd) return followingEnd;
  return hand !== null && place.top < before ? { ...state, follow: false } : state;
}

export function followAfterLines(state: Following, added: number): Following {
  return state.follow ? state : { ...state, unseen: state.unseen + added };
}
