import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import {
  countStates,
  type GraphEdge,
  type GraphNode,
  graphShape,
  stepInGraph,
} from "../../../client/dag/graph_model.ts";
import { blend } from "../../../client/dag/graph_style.ts";

const node = (id: string, fields: Partial<GraphNode> = {}): GraphNode => ({
  id,
  name: id,
  state: "PENDING",
  enabled: true,
  ...fields,
});
const nodes = [node("a", { state: "SUCCEEDED" }), node("b", { state: "RUNNING" }), node("c")];
const edges: readonly GraphEdge[] = [
  { from: "a", to: "b", condition: "SUCCESS" },
  { from: "b", to: "c", condition: "FAILURE" },
];

Deno.test("countStates() counts what matters first", () => {
  deepStrictEqual(countStates(nodes), [["RUNNING", 1], ["PENDING", 1], ["SUCCEEDED", 1]]);
});

const steps: readonly (readonly [string | null, string, string | null])[] = [
  [null, "ArrowRight", "a"],
  ["a", "ArrowRight", "b"],
  ["b", "ArrowLeft", "a"],
  ["c", "ArrowRight", null],
  ["a", "ArrowDown", "b"],
  ["a", "ArrowUp", null],
  ["a", "Enter", null],
];

for (const [from, key, to] of steps) {
  Deno.test(`stepInGraph() leads from ${from} by ${key} to ${to}`, () => {
    strictEqual(stepInGraph(nodes, edges, from, key), to);
  });
}

Deno.test("graphShape() stays through a change of state and changes with a name or a relation", () => {
  const shape = graphShape(nodes, edges);

  strictEqual(graphShape(nodes.map((one) => ({ ...one, state: "FAILED" as const })), edges), shape);
  notStrictEqual(graphShape([node("a", { name: "other" }), ...nodes.slice(1)], edges), shape);
  notStrictEqual(graphShape(nodes, edges.slice(1)), shape);
});

Deno.test("blend() lays a colour over another, also one that was written short", () => {
  strictEqual(blend("#ffffff", "#000000", 0.5), "#808080");
  strictEqual(blend("#fff", "#000", 0), "#000000");
});
