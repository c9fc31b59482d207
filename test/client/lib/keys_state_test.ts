import { strictEqual } from "node:assert/strict";
import {
  idleKeys,
  type KeyPress,
  type KeyState,
  pressKey,
  SEQUENCE_MS,
} from "../../../client/lib/keys_state.ts";

const bindings = new Set(["j", "r", "g c", "g r", "?", "Mod+k"]);

/** The bindings that a row of presses completes. */
function type(...presses: readonly Partial<KeyPress>[]): readonly (string | null)[] {
  let state: KeyState = idleKeys;
  return presses.map((press, index) => {
    const step = pressKey(
      state,
      { key: "", command: false, modified: false, typing: false, at: index * 10, ...press },
      bindings,
    );
    state = step.state;
    return step.binding;
  });
}

Deno.test("pressKey() completes a single key at once", () => {
  strictEqual(type({ key: "j" })[0], "j");
});

Deno.test("pressKey() waits for the second key of a sequence", () => {
  strictEqual(type({ key: "g" }, { key: "c" }).join(), ",g c");
});

Deno.test("pressKey() prefers the sequence to the single key while it waits, and only then", () => {
  strictEqual(type({ key: "g" }, { key: "r" }, { key: "r" }).join(), ",g r,r");
});

Deno.test("pressKey() forgets the first key when the second comes too late", () => {
  strictEqual(type({ key: "g", at: 0 }, { key: "r", at: SEQUENCE_MS + 1 }).join(), ",r");
});

Deno.test("pressKey() means nothing while somebody types or holds a modifier", () => {
  strictEqual(type({ key: "j", typing: true })[0], null);
  strictEqual(type({ key: "r", modified: true })[0], null);
});

Deno.test("pressKey() takes a chord even while somebody types, and only with Ctrl or Cmd", () => {
  strictEqual(type({ key: "k", command: true, modified: true, typing: true })[0], "Mod+k");
  strictEqual(type({ key: "K", command: true, modified: true })[0], "Mod+k");
  strictEqual(type({ key: "k", modified: true })[0], null);
  strictEqual(type({ key: "k" })[0], null);
});
