import { strictEqual } from "node:assert/strict";
import { createReadingHand } from "../../../client/logs/reading_hand.ts";

Deno.test("createReadingHand() knows a wheel, a key and a finger that move up, for a moment", () => {
  let now = 0;
  const hand = createReadingHand(() => now);
  const finger = (clientY: number): Event => event("touchmove", { touches: [{ clientY }] });

  strictEqual(hand.note(event("wheel", { deltaY: -4 })), "up");
  strictEqual(hand.now(), "up");
  strictEqual(hand.note(event("wheel", { deltaY: 4 })), "other");
  strictEqual(hand.note(event("keydown", { key: "PageUp" })), "up");
  strictEqual(hand.note(event("pointerdown", {})), "other");
  strictEqual(hand.note(finger(100)), "other");
  strictEqual(hand.note(finger(130)), "up");
  strictEqual(hand.note(event("pointerdown", {})), "other");
  strictEqual(hand.note(finger(400)), "other");
  now = 10_000;
  strictEqual(hand.now(), null);
});

function event(type: string, fields: object): Event {
  return Object.assign(new Event(type), fields);
}
