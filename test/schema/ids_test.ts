import assert from "node:assert/strict";
import { decodeId, decodeOptionalId, encodeId, NO_ID, splitId } from "../../schema/ids.ts";

Deno.test("decodeId() gives back what encodeId() was given", () => {
  for (const id of [1, 42, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
    assert.equal(decodeId("Run", encodeId("Run", id)), id);
  }
});

Deno.test("encodeId() makes a text that needs no escaping anywhere", () => {
  for (let id = 1; id < 2000; id++) assert.match(encodeId("Container", id), /^[A-Za-z0-9_-]+$/);
});

Deno.test("decodeId() finds nothing in garbage and in ids of another type", () => {
  const bad = [
    "",
    "x",
    "42",
    "Run:1",
    btoa("Run:1") + "=",
    encodeId("Container", 1),
    encodeId("Run", 0),
    encodeId("Run", -1),
    encodeId("Run", 1.5),
    encodeId("Run", 2 ** 60),
    encodeId("run", 1),
    // "Run:01" and the same bits with other spare bits at the end: other spellings of Run:1.
    "UnVuOjAx",
    `${encodeId("Run", 1).slice(0, -1)}F`,
    "é".repeat(4),
    "\0",
    "A".repeat(100_000),
  ];

  for (const text of bad) assert.equal(decodeId("Run", text), NO_ID, JSON.stringify(text.slice(0, 40)));
});

Deno.test("decodeOptionalId() keeps what was left out apart from null", () => {
  assert.equal(decodeOptionalId("Run", undefined), undefined);
  assert.equal(decodeOptionalId("Run", null), null);
  assert.equal(decodeOptionalId("Run", encodeId("Run", 5)), 5);
});

Deno.test("splitId() tells the type", () => {
  assert.deepEqual(splitId(encodeId("TaskRun", 7)), { type: "TaskRun", id: 7 });
});
