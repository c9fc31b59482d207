import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  changesNothing,
  daysOf,
  marksOf,
  placeOf,
  smallestGap,
  usualSpan,
} from "../../../client/schedule/simulation_state.ts";

const FROM = Date.parse("2026-11-21T00:00:00Z");
const TO = Date.parse("2026-12-01T00:00:00Z");
const nothing = { kept: 3, added: [], lost: [], moved: [] };

Deno.test("marksOf() draws what lies together as one mark that counts", () => {
  const simulation = {
    ...nothing,
    added: ["2026-11-26T00:00:00Z", "2026-11-26T00:00:01Z"],
    lost: ["2026-11-21T00:00:00Z"],
    moved: [{ from: "2026-11-22T00:00:00Z", to: "2026-11-28T12:00:00Z" }],
  };

  deepStrictEqual(marksOf(simulation, FROM, TO), [
    { kind: "lost", count: 1, place: 0 },
    { kind: "moved", count: 1, place: 75 },
    { kind: "added", count: 2, place: 50 },
  ]);
});

Deno.test("changesNothing() is true only when nothing comes, goes or moves", () => {
  strictEqual(changesNothing(nothing), true);
  strictEqual(changesNothing({ ...nothing, lost: ["2026-11-21T00:00:00Z"] }), false);
});

Deno.test("placeOf() stays on the line", () => {
  strictEqual(placeOf(FROM - 1, FROM, TO), 0);
  strictEqual(placeOf(TO + 1, FROM, TO), 100);
  strictEqual(placeOf((FROM + TO) / 2, FROM, TO), 50);
  strictEqual(placeOf(FROM, FROM, FROM), 0);
});

Deno.test("daysOf() names midnights inside the line, no more than fit", () => {
  const days = daysOf(FROM, TO, 4);

  strictEqual(days.length <= 4 && days.length >= 2, true);
  strictEqual(days.every((day) => day > FROM && day < TO && new Date(day).getHours() === 0), true);
});

Deno.test("usualSpan() looks less far ahead the more often a schedule fires", () => {
  strictEqual(usualSpan(null), "30d");
  strictEqual(usualSpan(3_600), "30d");
  strictEqual(usualSpan(90), "7d");
  strictEqual(usualSpan(60), "1d");
  strictEqual(usualSpan(1), "1h");
});

Deno.test("smallestGap() needs two instants", () => {
  strictEqual(smallestGap([]), null);
  strictEqual(smallestGap(["2026-11-21T00:00:00Z"]), null);
  strictEqual(smallestGap(["2026-11-21T00:00:00Z", "2026-11-21T01:00:00Z", "2026-11-21T01:00:30Z"]), 30);
});
