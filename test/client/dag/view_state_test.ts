import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type Area,
  panTo,
  placeThatMatters,
  READABLE_ZOOM,
  readableViewport,
  wholeViewport,
} from "../../../client/dag/view_state.ts";

const room: Area = { x: 20, y: 20, width: 400, height: 200 };
const small: Area = { x: 0, y: 0, width: 200, height: 100 };
const tall: Area = { x: -100, y: -1000, width: 200, height: 2000 };

Deno.test("wholeViewport() shows all of a graph in the middle of its room", () => {
  const { zoom, pan } = wholeViewport(tall, room, 0.05);

  strictEqual(zoom, 0.1);
  deepStrictEqual(pan, { x: 220, y: 120 });
});

Deno.test("readableViewport() keeps a large graph readable and the place that matters in the middle", () => {
  const { zoom, pan } = readableViewport(tall, room, { x: 0, y: 100 });

  strictEqual(zoom, READABLE_ZOOM);
  strictEqual(100 * zoom + pan.y, 120);
});

Deno.test("readableViewport() shows a small graph as a whole, whatever matters of it", () => {
  deepStrictEqual(readableViewport(small, room, { x: 0, y: 0 }), wholeViewport(small, room, 0.05));
});

Deno.test("panTo() leaves no room empty before the first and behind the last task", () => {
  const top = panTo(tall, room, 1, { x: 0, y: -1000 });
  const bottom = panTo(tall, room, 1, { x: 0, y: 1000 });

  strictEqual(tall.y + top.y, room.y);
  strictEqual(tall.y + tall.height + bottom.y, room.y + room.height);
});

Deno.test("placeThatMatters() is what is selected, what failed, what runs, or where the graph begins", () => {
  const task = (
    id: string,
    x: number,
    fields: object = {},
  ): Parameters<typeof placeThatMatters>[0][number] => ({
    id,
    state: "SUCCEEDED",
    selected: false,
    first: false,
    at: { x, y: 0 },
    ...fields,
  });
  const plain = [task("b", 2, { first: true }), task("a", 1, { first: true }), task("c", 0)];
  const runs = [...plain, task("d", 3, { state: "RUNNING" })];
  const fails = [...runs, task("e", 4, { state: "TIMED_OUT" })];

  strictEqual(placeThatMatters(plain)?.x, 1);
  strictEqual(placeThatMatters(runs)?.x, 3);
  strictEqual(placeThatMatters(fails)?.x, 4);
  strictEqual(placeThatMatters([...fails, task("f", 5, { selected: true })])?.x, 5);
  ok(placeThatMatters([]) === null);
});
