import assert from "node:assert/strict";
import { GraphQLError, type GraphQLScalarType, isScalarType, parseValue } from "graphql";
import { buildSchema } from "../../schema/graphql/mod.ts";
import type { SentenceKey } from "../../schema/sentences.ts";

const schema = buildSchema();

Deno.test("DateTime takes any RFC 3339 instant with an offset", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["2026-01-31T08:00:00Z", "2026-01-31T08:00:00.000Z"],
    ["2026-01-31T08:00:00.5Z", "2026-01-31T08:00:00.500Z"],
    ["2026-01-31T08:00:00.123456789Z", "2026-01-31T08:00:00.123Z"],
    ["2026-01-31t08:00:00z", "2026-01-31T08:00:00.000Z"],
    ["2026-01-31T08:00:00+01:30", "2026-01-31T06:30:00.000Z"],
    ["2024-02-29T23:59:59-11:00", "2024-03-01T10:59:59.000Z"],
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
  ];

  for (const [text, instant] of cases) {
    assert.equal(scalar("DateTime").serialize(scalar("DateTime").parseValue(text)), instant, text);
  }
});

Deno.test("DateTime refuses what is no instant", () => {
  const bad = [
    "",
    "2026-01-31",
    "2026-01-31T08:00:00",
    "2026-01-31 08:00:00Z",
    "2026-02-30T08:00:00Z",
    "2025-02-29T08:00:00Z",
    "2026-13-01T08:00:00Z",
    "2026-01-31T24:00:00Z",
    "2026-01-31T08:60:00Z",
    "2026-01-31T08:00:60Z",
    "2026-01-31T08:00:00+25:00",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "+012026-01-01T00:00:00Z",
    1_767_225_600_000,
    null,
    {},
  ];

  for (const value of bad) {
    assert.throws(
      () => scalar("DateTime").parseValue(value),
      (error) => isRefused(error, "DATE_TIME"),
      String(value),
    );
  }
});

Deno.test("JSON takes values and literals alike", () => {
  const literal = scalar("JSON").parseLiteral(parseValue('{a: "x", b: [1, 2.5, true, null], c: $given}'), {
    given: "v",
  });

  assert.deepEqual(literal, { a: "x", b: [1, 2.5, true, null], c: "v" });
  assert.deepEqual(scalar("JSON").parseValue({ a: [1] }), { a: [1] });
});

Deno.test("JSON keeps __proto__ a key like any other", () => {
  const literal = scalar("JSON").parseLiteral(parseValue('{__proto__: {admin: "yes"}}'));

  // deno-lint-ignore no-explicit-any -- whatever a literal may hold
  assert.equal((literal as any).admin, undefined);
  assert.deepEqual(Object.keys(Object(literal)), ["__proto__"]);
});

Deno.test("JSON refuses what is too deep or too large", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 20_000; level++) deep = [deep];

  assert.throws(() => scalar("JSON").parseValue(deep), (error) => isRefused(error, "JSON_DEEP"));
  assert.throws(
    () => scalar("JSON").parseLiteral(parseValue(`${"[".repeat(100)}1${"]".repeat(100)}`)),
    (error) => isRefused(error, "JSON_DEEP"),
  );
  assert.throws(
    () => scalar("JSON").parseValue(Array.from({ length: 10_001 }, () => 0)),
    (error) => isRefused(error, "JSON_LARGE"),
  );
});

function isRefused(error: unknown, key: SentenceKey): boolean {
  return error instanceof GraphQLError && error.extensions.code === "INVALID_INPUT" &&
    error.extensions["messageKey"] === key;
}

function scalar(name: string): GraphQLScalarType {
  const type = schema.getType(name);
  if (!isScalarType(type)) throw new Error(`There is no scalar ${name}`);
  return type;
}
