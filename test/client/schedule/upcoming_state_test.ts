import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  type Fire,
  firstBusy,
  layUpcoming,
  moveOnStrip,
  planUpcoming,
} from "../../../client/schedule/upcoming_state.ts";

const NOW = Date.parse("2026-11-21T09:07:31Z");

function fire(at: string, name = "a"): Fire {
  return { at: `2026-11-21T${at}Z`, container: { id: name, name } };
}

Deno.test("planUpcoming() begins with the slice of the present and covers the hours", () => {
  const layout = planUpcoming(NOW, 24, 15);

  strictEqual(new Date(layout.from).toISOString(), "2026-11-21T09:00:00.000Z");
  strictEqual(layout.count, 96);
});

Deno.test("layUpcoming() puts each fire into its slice, by container, and scales by the fullest", () => {
  const layout = planUpcoming(NOW, 1, 15);
  const fires = [
    fire("09:10:00"),
    fire("09:14:59"),
    fire("09:14:59", "b"),
    fire("09:14:59", "c"),
    fire("09:15:00"),
  ];

  const slices = layUpcoming(fires, true, layout);

  deepStrictEqual(slices.map(({ count }) => count), [4, 1, 0, 0]);
  deepStrictEqual(slices.map(({ level }) => level), [1, 0.5, 0, 0]);
  deepStrictEqual(slices[0]?.containers.map(({ name, fires }) => [name, fires.length]), [["a", 2], ["b", 1], [
    "c",
    1,
  ]]);
});

Deno.test("layUpcoming() leaves out what lies outside, and says from where on nothing is known", () => {
  const layout = planUpcoming(NOW, 1, 15);

  const slices = layUpcoming([fire("08:59:59"), fire("09:20:00"), fire("10:00:00")], true, layout);
  const cut = layUpcoming([fire("09:01:00"), fire("09:20:00")], false, layout);

  deepStrictEqual(slices.map(({ count }) => count), [0, 1, 0, 0]);
  deepStrictEqual(slices.map(({ unknown }) => unknown), [false, false, false, false]);
  deepStrictEqual(cut.map(({ unknown }) => unknown), [false, false, true, true]);
});

Deno.test("firstBusy() finds the first slice with a fire, or the first of all", () => {
  const layout = planUpcoming(NOW, 1, 15);

  strictEqual(firstBusy(layUpcoming([fire("09:31:00")], true, layout)), 2);
  strictEqual(firstBusy(layUpcoming([], true, layout)), 0);
});

Deno.test("moveOnStrip() walks by keys and stops at the ends", () => {
  strictEqual(moveOnStrip(0, "ArrowLeft", 5), 0);
  strictEqual(moveOnStrip(0, "ArrowRight", 5), 1);
  strictEqual(moveOnStrip(4, "ArrowRight", 5), 4);
  strictEqual(moveOnStrip(2, "Home", 5), 0);
  strictEqual(moveOnStrip(2, "End", 5), 4);
  strictEqual(moveOnStrip(2, "Enter", 5), null);
});
