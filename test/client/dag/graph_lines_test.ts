import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Box } from "../../../client/dag/graph_edit_state.ts";
import { layerSpace, lineBetween, mainWay, placeWords } from "../../../client/dag/graph_lines.ts";
import type { GraphEdge } from "../../../client/dag/graph_model.ts";
import { layoutGraph } from "../../../client/dag/layout.ts";

const noWords = { targetWords: "", sourceWords: "", middleWords: "" };

Deno.test("placeWords() puts words where no other line lies", () => {
  const edges = [
    edge("a", "b"),
    edge("a", "c", "ALWAYS"),
    edge("d", "e"),
    edge("f", "e", "ALWAYS"),
    edge("g", "h"),
    edge("g", "i", "ALWAYS"),
    edge("h", "i"),
  ];

  const wordsOf = placeWords(edges, ({ condition }) => condition.toLowerCase());

  deepStrictEqual(edges.map(wordsOf), [
    noWords,
    // It begins like the line to b.
    { ...noWords, targetWords: "always" },
    noWords,
    // It ends like the line from d.
    { ...noWords, sourceWords: "always" },
    noWords,
    { ...noWords, middleWords: "always" },
    noWords,
  ]);
});

Deno.test("lineBetween() leaves the longer part of the way to the words", () => {
  for (const main of ["right", "down"] as const) {
    const rules = { main, worded: true };
    const gap = layerSpace(main, true);
    const [from, to] = [box(0, 0), main === "right" ? box(100 + gap, 0) : box(0, 34 + gap)];

    const atEnd = lineBetween(from, to, rules, { ...noWords, targetWords: "always" }, main);
    const atStart = lineBetween(from, to, rules, { ...noWords, sourceWords: "always" }, main);

    ok(-atEnd.turn > gap / 2, `${main}: ${atEnd.turn} of ${gap}`);
    ok(-atStart.turn < gap / 2, `${main}: ${atStart.turn} of ${gap}`);
  }
});

Deno.test("mainWay() finds the direction of a layout by its places, so that lines stay when these are kept", () => {
  const edges = Array.from("bcdef", (to) => edge("a", to));
  for (const view of [{ width: 400, height: 4000 }, { width: 4000, height: 400 }]) {
    const { direction, places } = layoutGraph([..."abcdef"], edges, {
      widthOf: () => 100,
      height: 34,
      layerSpace: { right: 52, down: 46 },
      taskSpace: { right: 22, down: 20 },
      view,
      leastScale: 0.7,
    });
    const boxOf = (id: string): Box => box(places.get(id)?.x ?? 0, places.get(id)?.y ?? 0);

    strictEqual(mainWay(edges, boxOf), direction);
    const rules = { main: direction, worded: false };
    for (const { from, to } of edges) {
      deepStrictEqual(
        lineBetween(boxOf(from), boxOf(to), rules, noWords, null),
        lineBetween(boxOf(from), boxOf(to), rules, noWords, direction),
      );
    }
  }
});

function edge(from: string, to: string, condition: GraphEdge["condition"] = "SUCCESS"): GraphEdge {
  return { from, to, condition };
}

function box(x: number, y: number): Box {
  return { x, y, width: 100, height: 34 };
}
