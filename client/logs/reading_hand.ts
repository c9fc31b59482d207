/** What the reader's hand did last to something that scrolls: a view that moves by itself must not move against it. */

/** What scrolls so soon after a touch, a turn of the wheel or a key was the reader. */
const HAND_MS = 500;
const upKeys: readonly string[] = ["ArrowUp", "PageUp", "Home"];

/** Null: nothing of late. */
export type Hand = "up" | "other" | null;

export interface ReadingHand {
  /** Takes every event of pointer, wheel, finger and key. Returns what it did. */
  readonly note: (event: Event) => Hand;
  readonly now: () => Hand;
}

export function createReadingHand(clock: () => number): ReadingHand {
  let last: Hand = null;
  let at = 0;
  let fingerY: number | null = null;
  /** A finger that moves down pulls what is above into view. */
  const isUp = (event: Event): boolean => {
    if (event.type === "wheel") return (event as WheelEvent).deltaY < 0;
    if (event.type === "keydown") return upKeys.includes((event as KeyboardEvent).key);
    if (event.type !== "touchmove") return false;
    const before = fingerY;
    fingerY = (event as TouchEvent).touches[0]?.clientY ?? null;
    return before !== null && fingerY !== null && fingerY > before;
  };
  return {
    note: (event) => {
      if (event.type === "pointerdown") fingerY = null;
      at = clock();
      return last = isUp(event) ? "up" : "other";
    },
    now: () => clock() - at < HAND_MS ? last : null,
  };
}
