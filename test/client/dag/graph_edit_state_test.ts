import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  alignBoxes,
  type Alignment,
  type Box,
  completePlaces,
  isAutomatic,
  keepPresent,
  linkRefusal,
  nothingSelected,
  snap,
  toggleTask,
} from "../../../client/dag/graph_edit_state.ts";
import type { GraphEdge, GraphNode } from "../../../client/dag/graph_model.ts";

const node = (id: string, x: number, y: number): GraphNode => ({
  id,
  name: id,
  state: null,
  enabled: true,
  position: { x, y },
});
const edge = (from: string, to: string): GraphEdge => ({ from, to, condition: "SUCCESS" });
const sizeOf = () => ({ width: 100, height: 30 });
const box = (x: number, y: number, width = 100): Box => ({ x, y, width, height: 30 });

Deno.test("isAutomatic() holds while everything stands where it was made", () => {
  strictEqual(isAutomatic([node("a", 0, 0), { ...node("b", 0, 0), position: null }]), true);
  strictEqual(isAutomatic([node("a", 0, 0), node("b", 10, 0)]), false);
});

Deno.test("completePlaces() leaves what was placed, and puts the rest to the right of what it waits for", () => {
  const nodes = [node("a", 50, 60), node("b", 0, 0), { ...node("c", 0, 0), position: null }];

  const places = completePlaces(nodes, [edge("a", "c")], sizeOf);

  deepStrictEqual(places.get("a"), { x: 50, y: 60 });
  // It may have been placed at the origin, where nothing else stands.
  deepStrictEqual(places.get("b"), { x: 0, y: 0 });
  deepStrictEqual(places.get("c"), { x: 220, y: 60 });
});

Deno.test("completePlaces() puts no two tasks upon each other", () => {
  const made = ["b", "c", "d", "e"];
  const nodes = [node("a", 20, 0), ...made.map((id) => node(id, 0, 0))];

  const places = [...completePlaces(nodes, made.map((id) => edge("a", id)), sizeOf).values()];

  for (const [index, one] of places.entries()) {
    for (const two of places.slice(index + 1)) {
      strictEqual(Math.abs(one.x - two.x) >= 100 || Math.abs(one.y - two.y) >= 30, true);
    }
  }
});

const snaps: readonly (readonly [number, number, number, number])[] = [
  [14, 16, 10, 20],
  [-4, 25, 0, 30],
  // The origin means that nobody has placed it.
  [3, -2, 10, 0],
];
for (const [x, y, gridX, gridY] of snaps) {
  Deno.test(`snap() puts ${x}, ${y} at ${gridX}, ${gridY}`, () => {
    deepStrictEqual(snap({ x, y }), { x: gridX, y: gridY });
  });
}

const three = new Map([["a", box(50, 0)], ["b", box(400, 90, 60)], ["c", box(140, 300)]]);
const aligned: { readonly [A in Alignment]: readonly (readonly [string, number, number])[] } = {
  left: [["a", 50, 0], ["b", 30, 90], ["c", 50, 300]],
  top: [["a", 50, 0], ["b", 400, 0], ["c", 140, 0]],
  // Between 0 and 430 there are 170 left over for two gaps.
  spreadRight: [["a", 50, 0], ["b", 400, 90], ["c", 235, 300]],
  spreadDown: [["a", 50, 0], ["b", 400, 150], ["c", 140, 300]],
};
for (const [how, wanted] of Object.entries(aligned)) {
  Deno.test(`alignBoxes() aligns by ${how}`, () => {
    // Object.entries forgets the type of the keys.
    const places = alignBoxes(three, how as Alignment);

    deepStrictEqual(
      wanted.map(([id]) => [id, places.get(id)]),
      wanted.map(([id, x, y]) => [id, { x, y }]),
    );
  });
}

Deno.test("alignBoxes() leaves two alone that are to be spread", () => {
  const two = new Map([["a", box(0, 0)], ["b", box(300, 0)]]);

  deepStrictEqual([...alignBoxes(two, "spreadRight").values()], [{ x: 0, y: 0 }, { x: 300, y: 0 }]);
});

Deno.test("linkRefusal() names what stands against a link, a circle by its shortest way", () => {
  const edges = [edge("a", "b"), edge("b", "c"), edge("c", "d"), edge("b", "d")];

  strictEqual(linkRefusal(edges, "a", "d"), null);
  deepStrictEqual(linkRefusal(edges, "a", "a"), { kind: "self" });
  deepStrictEqual(linkRefusal(edges, "a", "b"), { kind: "present" });
  deepStrictEqual(linkRefusal(edges, "d", "a"), { kind: "cycle", path: ["d", "a", "b", "d"] });
});

Deno.test("keepPresent() forgets tasks and relations that are gone, and keeps the same selection otherwise", () => {
  const nodes = [node("a", 0, 0), node("b", 0, 0)];
  const tasks = { tasks: new Set(["a", "gone"]), edge: null };
  const relation = { tasks: new Set<string>(), edge: { from: "a", to: "b" } };

  deepStrictEqual([...keepPresent(tasks, nodes, []).tasks], ["a"]);
  strictEqual(keepPresent(relation, nodes, [edge("a", "b")]), relation);
  strictEqual(keepPresent(relation, nodes, []).edge, null);
});

Deno.test("toggleTask() adds a task, and takes it out when it is in", () => {
  const one = toggleTask(nothingSelected, "a");

  deepStrictEqual([...toggleTask(one, "b").tasks], ["a", "b"]);
  deepStrictEqual([...toggleTask(one, "a").tasks], []);
});
