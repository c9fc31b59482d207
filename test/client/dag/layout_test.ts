import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Layout, layoutGraph, type LayoutOptions } from "../../../client/dag/layout.ts";

const wide: LayoutOptions = {
  widthOf: () => 100,
  height: 34,
  layerSpace: { right: 50, down: 50 },
  taskSpace: { right: 20, down: 20 },
  view: { width: 2000, height: 400 },
  leastScale: 0.1,
};

function lay(edges: readonly string[], ids: readonly string[], options = wide): Layout {
  return layoutGraph(ids, edges.map((edge) => ({ from: edge[0] ?? "", to: edge[1] ?? "" })), options);
}

Deno.test("layoutGraph() places every task one layer after the last one that it waits for", () => {
  // d waits for a directly and by way of b: the longer way counts.
  const { places } = lay(["ab", "bd", "ad", "ac", "cd"], ["a", "b", "c", "d"]);

  const x = (id: string): number => places.get(id)?.x ?? Number.NaN;
  ok(x("a") < x("b"));
  strictEqual(x("b"), x("c"));
  ok(x("b") < x("d"));
});

Deno.test("layoutGraph() lets no two tasks stand upon each other", () => {
  const { places } = lay(["ac", "bc", "cd", "ce", "cf"], ["a", "b", "c", "d", "e", "f"]);

  const seen = new Set([...places.values()].map(({ x, y }) => `${x} ${y}`));
  strictEqual(seen.size, 6);
});

Deno.test("layoutGraph() orders a layer so that lines do not cross without need", () => {
  const { places } = lay(["ad", "bc"], ["a", "b", "c", "d"]);

  const y = (id: string): number => places.get(id)?.y ?? Number.NaN;
  strictEqual(Math.sign(y("a") - y("b")), Math.sign(y("d") - y("c")));
});

Deno.test("layoutGraph() goes the way in which the graph is seen larger", () => {
  const chain = ["ab", "bc", "cd", "de"];
  const ids = ["a", "b", "c", "d", "e"];

  strictEqual(lay(chain, ids).direction, "right");
  strictEqual(lay(chain, ids, { ...wide, view: { width: 300, height: 900 } }).direction, "down");
});

Deno.test("layoutGraph() goes the way that shows more of a graph too large to be read as a whole", () => {
  // One task and behind it many: beneath each other they are a list, beside each other a ribbon.
  const ids = Array.from("abcdefghijklmnopqrst");
  const edges = ids.slice(1).map((id) => `a${id}`);
  const options = { ...wide, view: { width: 300, height: 160 }, leastScale: 0.7 };

  strictEqual(lay(edges, ids, options).direction, "right");
});

Deno.test("layoutGraph() keeps the direction that it is drawn in", () => {
  const options = { ...wide, view: { width: 300, height: 900 }, direction: "right" as const };

  strictEqual(lay(["ab", "bc", "cd"], ["a", "b", "c", "d"], options).direction, "right");
});

Deno.test("layoutGraph() puts tasks without ties in rows, so that all are seen", () => {
  const ids = Array.from("abcdefghijkl");

  const { places } = lay([], ids, { ...wide, view: { width: 500, height: 300 } });

  const [xs, ys] = [[...places.values()].map(({ x }) => x), [...places.values()].map(({ y }) => y)];
  ok(Math.max(...xs) - Math.min(...xs) + 100 <= 500, `${xs}`);
  ok(Math.max(...ys) - Math.min(...ys) + 34 <= 300, `${ys}`);
  strictEqual(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size, 12);
});

Deno.test("layoutGraph() puts a task without ties beneath the others, which stay", () => {
  const before = lay(["ab", "bc"], ["a", "b", "c"]);
  const { places } = lay(["ab", "bc"], ["a", "b", "c", "d"], { ...wide, direction: before.direction });

  deepStrictEqual([..."abc"].map((id) => places.get(id)), [..."abc"].map((id) => before.places.get(id)));
  ok((places.get("d")?.y ?? 0) > (places.get("a")?.y ?? 0) + 34);
});

Deno.test("layoutGraph() finds an end even in a cycle, and passes over relations to nothing", () => {
  const { places } = lay(["ab", "ba", "bz"], ["a", "b"]);

  strictEqual(places.size, 2);
});

Deno.test("layoutGraph() takes a chain of ten thousand tasks", () => {
  const ids = Array.from({ length: 10_000 }, (_task, index) => `t${index}`);
  const edges = ids.slice(1).map((id, index) => ({ from: `t${index}`, to: id }));

  const { places } = layoutGraph(ids, edges, wide);

  ok((places.get("t9999")?.x ?? 0) > (places.get("t9998")?.x ?? 0));
});
