import { deepStrictEqual } from "node:assert/strict";
import { type GraphCommand, graphCommand } from "../../../client/dag/graph_keys.ts";

const keys: readonly (readonly [string, GraphCommand | null])[] = [
  ["ArrowDown", { kind: "step", key: "ArrowDown", extend: false }],
  ["Shift ArrowLeft", { kind: "step", key: "ArrowLeft", extend: true }],
  ["Ctrl ArrowRight", { kind: "nudge", x: 10, y: 0 }],
  ["Meta ArrowUp", { kind: "nudge", x: 0, y: -10 }],
  ["Enter", { kind: "confirm" }],
  ["Backspace", { kind: "remove" }],
  ["Ctrl a", { kind: "all" }],
  ["a", null],
  // What undoes and saves is the page's, and what goes back is the browser's.
  ["Ctrl z", null],
  ["Ctrl s", null],
  ["Alt ArrowLeft", null],
  ["Tab", null],
  ["l", { kind: "link" }],
  ["Ctrl l", null],
];

for (const [pressed, command] of keys) {
  Deno.test(`graphCommand() reads ${pressed} as ${command?.kind ?? "not its own"}`, () => {
    const words = pressed.split(" ");
    const held = (name: string): boolean => words.slice(0, -1).includes(name);

    const found = graphCommand({
      key: words.at(-1) ?? "",
      shiftKey: held("Shift"),
      ctrlKey: held("Ctrl"),
      metaKey: held("Meta"),
      altKey: held("Alt"),
    });

    deepStrictEqual(found, command);
  });
}
