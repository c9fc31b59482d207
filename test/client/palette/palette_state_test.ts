import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  markedParts,
  type PaletteItem,
  rankItems,
  stepPlace,
} from "../../../client/palette/palette_state.ts";

const items: readonly PaletteItem[] = [
  { id: "runs", group: "pages", label: "Runs" },
  { id: "nightly", group: "containers", label: "Nightly orders", found: true },
  { id: "theme", group: "actions", label: "Theme: Neon", words: "colour" },
  { id: "containers", group: "pages", label: "Containers" },
];
const ids = (typed: string): readonly string[] => rankItems(items, typed).map(({ item }) => item.id);

Deno.test("rankItems() offers everything by groups while nothing is typed", () => {
  deepStrictEqual(ids("  "), ["runs", "containers", "nightly", "theme"]);
});

Deno.test("rankItems() finds letters in their order, and other words that lead to an item", () => {
  deepStrictEqual(ids("neon").includes("theme"), true);
  deepStrictEqual(ids("colour").includes("theme"), true);
  deepStrictEqual(ids("cntain").includes("containers"), true);
  deepStrictEqual(ids("neon").includes("runs"), false);
});

Deno.test("rankItems() keeps what the server has found, even where it reads the text otherwise", () => {
  deepStrictEqual(ids("zzz"), ["nightly"]);
});

Deno.test("rankItems() marks what was typed in the label", () => {
  const [first] = rankItems(items, "run");

  deepStrictEqual([...first?.marks ?? []].sort(), [0, 1, 2]);
});

Deno.test("rankItems() shows a few of each group, however many there are", () => {
  const many = Array.from({ length: 100 }, (_, index): PaletteItem => ({
    id: String(index),
    group: "runs",
    label: `run ${index}`,
  }));

  strictEqual(rankItems(many, "run").length, 10);
});

Deno.test("stepPlace() goes round the ends, and nowhere in an empty list", () => {
  deepStrictEqual([stepPlace(0, -1, 3), stepPlace(2, 1, 3), stepPlace(0, 1, 0)], [2, 0, -1]);
});

Deno.test("markedParts() cuts the label where marks begin and end", () => {
  deepStrictEqual(markedParts("Runs", new Set([0, 1])), [
    { text: "Ru", marked: true },
    { text: "ns", marked: false },
  ]);
});
