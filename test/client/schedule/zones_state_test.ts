import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { listZones, matchZones, offsetOf } from "../../../client/schedule/zones_state.ts";

const WINTER = Date.parse("2026-01-15T12:00:00Z");
const SUMMER = Date.parse("2026-07-15T12:00:00Z");
const zones = ["UTC", "America/New_York", "Asia/Kolkata", "Asia/Shanghai", "Europe/Berlin", "Europe/London"];

const searches: readonly (readonly [string, readonly string[]])[] = [
  ["berlin", ["Europe/Berlin"]],
  ["new york", ["America/New_York"]],
  ["new_y", ["America/New_York"]],
  ["asia/k", ["Asia/Kolkata"]],
  ["+05:30", ["Asia/Kolkata"]],
  ["nowhere", []],
  ["Asia/Calcutta", ["Asia/Calcutta"]],
];

for (const [text, found] of searches) {
  Deno.test(`matchZones() finds by "${text}"`, () => {
    deepStrictEqual(matchZones(zones, text, WINTER, 10).map(({ id }) => id), found);
  });
}

Deno.test("matchZones() puts names that begin with the text first, and stops at the limit", () => {
  deepStrictEqual(
    matchZones(["Asia/Kolkata", "Europe/London", "Asia/Colombo"], "lo", WINTER, 10).map(({ id }) => id),
    [
      "Europe/London",
      "Asia/Colombo",
    ],
  );
  strictEqual(matchZones(zones, "", WINTER, 2).length, 2);
});

Deno.test("listZones() puts the likely ones first, each once, and leaves out what is no zone", () => {
  const zones = listZones(["Asia/Shanghai", "Europe/Berlin"], "Europe/Berlin", "Asia/Calcutta");

  deepStrictEqual(zones.slice(0, 3), ["UTC", "Europe/Berlin", "Asia/Calcutta"]);
  deepStrictEqual(zones.filter((zone) => zone === "Europe/Berlin").length, 1);
  deepStrictEqual(listZones([], "UTC", "No/Where").includes("No/Where"), false);
});

Deno.test("offsetOf() follows the clock changes of a zone", () => {
  strictEqual(offsetOf("Europe/Berlin", WINTER), "+01:00");
  strictEqual(offsetOf("Europe/Berlin", SUMMER), "+02:00");
  strictEqual(offsetOf("UTC", SUMMER), "+00:00");
});

Deno.test("listZones() has the names of today beside the older ones that browsers list", () => {
  const zones = listZones(["Asia/Calcutta", "Europe/Kiev"], "UTC", "UTC");

  deepStrictEqual(
    ["Asia/Kolkata", "Europe/Kyiv", "Asia/Calcutta"].every((zone) => zones.includes(zone)),
    true,
  );
});
