import assert from "node:assert/strict";
import { findCycle } from "../../../server/domain/rules/graph.ts";
import { createRandom } from "../../support/random.ts";

const edge = (upstream: number, downstream: number): { upstream: number; downstream: number } => ({
  upstream,
  downstream,
});

Deno.test("findCycle() finds none in a diamond", () => {
  assert.equal(findCycle(4, [edge(0, 1), edge(0, 2), edge(1, 3), edge(2, 3)]), null);
});

Deno.test("findCycle() names the places along the cycle, without what leads to it or from it", () => {
  const cycle = findCycle(6, [edge(0, 1), edge(1, 2), edge(2, 3), edge(3, 1), edge(3, 4), edge(4, 5)]);

  assert.deepEqual([...cycle ?? []].sort(), [1, 2, 3]);
});

Deno.test("findCycle() answers a closed walk along relations, for any graph with a cycle", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = createRandom(seed);
    const size = 2 + random.below(30);
    const edges = Array.from({ length: random.below(60) }, () => edge(random.below(size), random.below(size)))
      .filter(({ upstream, downstream }) => upstream !== downstream);
    const has = new Set(edges.map(({ upstream, downstream }) => `${upstream} ${downstream}`));

    const cycle = findCycle(size, edges);

    if (cycle === null) assert.ok(sortable(size, edges), `seed ${seed}: a cycle was overlooked`);
    else {cycle.forEach((place, at) =>
        assert.ok(has.has(`${place} ${cycle[(at + 1) % cycle.length]}`), `seed ${seed}`)
      );}
  }
});

Deno.test("findCycle() copes with a chain of 10,000 tasks", () => {
  const chain = Array.from({ length: 9_999 }, (_, place) => edge(place, place + 1));

  assert.equal(findCycle(10_000, chain), null);
  assert.equal(findCycle(10_000, [...chain, edge(9_999, 0)])?.length, 10_000);
});

/** Takes away tasks that wait for nothing until none is left, or none can be taken. */
function sortable(size: number, edges: readonly { upstream: number; downstream: number }[]): boolean {
  const left = new Set(Array.from({ length: size }, (_, place) => place));
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const place of left) {
      if (!edges.some(({ upstream, downstream }) => downstream === place && left.has(upstream))) {
        left.delete(place);
      }
    }
  }
  return left.size === 0;
}
