/** The API as text: fresh, whole against the contract that others rely on, and explained. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import {
  buildASTSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
} from "graphql";
import { buildSchema } from "../../schema/graphql/mod.ts";
import { printSchemaFile } from "../../server/cli/schema.ts";
import { findMissing } from "../support/contract.ts";

const contractFile = new URL("contract.graphql", import.meta.url);

Deno.test("printSchemaFile() finds the committed schema fresh", async () => {
  assert.equal(await printSchemaFile(false), true, "run `deno task schema:print`");
});

Deno.test("buildSchema() has everything of the contract", async () => {
  const contract = buildASTSchema(parse(await readFile(contractFile, "utf8")));

  const missing = findMissing(contract, buildSchema());

  assert.deepEqual(missing, []);
});

Deno.test("findMissing() names what a schema lacks", () => {
  const wanted = `
    interface I { id: ID! }
    type A implements I { id: ID! list(first: Int = 5, word: Word): [A!]! }
    enum Word { X Y }
    input In { a: String = "x" b: Int! }
    union U = A | B
    type B { b: Int }
    type Query { a: A u(in: In): U }`;
  const cases: readonly (readonly [string, string, string])[] = [
    ["first: Int = 5", "first: Int = 6", "A.list(first:) is Int = 6, not Int = 5"],
    ["list(first: Int = 5, word: Word)", "list(first: Int = 5)", "A.list(word:) is missing"],
    ["[A!]!", "[A!]", "A.list is [A!], not [A!]!"],
    ["X Y", "X", "Word.Y is missing"],
    ['a: String = "x"', "a: String", 'In.a is String, not String = "x"'],
    ["A | B", "A", "U has no member B"],
    ["type A implements I", "type A", "A does not implement I"],
    ["type B { b: Int }", "type B { c: Int }", "B.b is missing"],
  ];
  const contract = buildASTSchema(parse(wanted));

  for (const [from, to, complaint] of cases) {
    const schema = buildASTSchema(parse(wanted.replace(from, to)));

    assert.deepEqual(findMissing(contract, schema), [complaint]);
  }
  assert.deepEqual(findMissing(contract, buildASTSchema(parse("type Query { a: Int }"))).slice(0, 2), [
    "I is missing",
    "A is missing",
  ]);
});

Deno.test("buildSchema() explains every type, field, argument and enum value", () => {
  assert.deepEqual(findUndescribed(buildSchema()), []);
});

/** Places without a description. */
function findUndescribed(schema: GraphQLSchema): string[] {
  const places: [string, string | null | undefined][] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__") || isSpecifiedScalarType(type)) continue;
    places.push([type.name, type.description]);
    if (isEnumType(type)) {
      for (const value of type.getValues()) places.push([`${type.name}.${value.name}`, value.description]);
    }
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      places.push([`${type.name}.${field.name}`, field.description]);
      if (!("args" in field)) continue;
      for (const arg of field.args) {
        places.push([`${type.name}.${field.name}(${arg.name}:)`, arg.description]);
      }
    }
  }
  return places.filter(([, description]) => !description?.trim()).map(([place]) => place);
}
