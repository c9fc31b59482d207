/** Values for arguments and input fields: mostly ones that fit by type and name, and a share of wrong ones. */
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from "graphql";
import { encodeId } from "../../schema/ids.ts";
import type { Random } from "../support/random.ts";
import { CURSORS, DELETED, INSTANTS, type Pool } from "./pool.ts";

export interface Draft {
  readonly random: Random;
  readonly pool: Pool;
  /** How many of the values are wrong on purpose, from 0 to 1. */
  readonly wrongShare: number;
}

/** Where a value stands: the field or input type, and the argument or input field. */
export interface Place {
  readonly owner: string;
  readonly name: string;
}

const OPTIONAL_SHARE = 0.35;
const ITEMS = 4;
const MANY_ITEMS = 2_000;

/** What is executed is from this list and no other, whatever else is wrong. */
const COMMANDS = [
  ...listOf(`true¦echo one; echo two >&2¦sleep 0.1¦exit 3¦false¦¦true \0¦echo \ud800`),
  "echo 'n=1' >> \"$ORRERY_OUTPUT\"",
  `true${" ".repeat(130_000)}`,
];
const SHELLS = ["/bin/bash", "/bin/sh", "/bin/sh", "/nowhere/sh", "", "\0", "sh"];
/** One of them is the password of the account whose sign-in may be ended. */
export const SPARE_PASSWORDS = listOf("a passphrase for the spare one¦another one for the spare account");
const TASK_NAMES = listOf("a¦b¦c¦d¦e");
/** By name. */
const FITTING: Readonly<Record<string, readonly unknown[]>> = {
  name: TASK_NAMES,
  upstream: TASK_NAMES,
  downstream: TASK_NAMES,
  expression: [...listOf("@every 7s¦0 3 * * *¦*/5 9-17 * * MON-FRI¦0 0 29 2 *¦30 2 * * *¦* * * * *"), null],
  timezone: ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"],
  language: ["en", "zh"],
  project: ["default"],
  slug: ["default"],
  username: ["spare", "nobody here"],
  password: ["wrong", ...SPARE_PASSWORDS],
  currentPassword: SPARE_PASSWORDS,
  newPassword: ["horse", ...SPARE_PASSWORDS],
  directory: ["/", "/nowhere", null],
  environment: [{}, { A: "1" }, { A: "1", LONG_NAME: "two\nlines ☄" }],
  idempotencyKey: ["key 1", "key 2", "key 3"],
  expectedVersion: [1, 2, 3, 4, 5],
  nameContains: ["container", "1"],
  contains: ["one", "o", "two\\"],
  definition: [{}],
};
const TEXTS = [
  ...listOf(
    `¦ ¦\0¦a\0b¦\ud800¦x\udfff¦☄🪐\u0301¦\u202etxt\u2028¦__proto__¦constructor¦'; drop table runs; --¦%_\\¦\\¦
\r\n\t\x1b[31m¦null¦-1¦İ¦2026-02-30¦* * * * * * *¦@every 0s¦0 0 31 2 *¦Etc/Nowhere¦../../x`,
  ),
  "x".repeat(201),
  "x".repeat(70_000),
];
const INTEGERS = [0, -0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 10_000, 500, 501];
const NUMBERS = [...INTEGERS, 0.5, 2 ** 31, 2 ** 53, 2 ** 63, 1e308, -1e308, 5e-324];
const INSTANT_TEXTS = listOf(
  `0001-01-01T00:00:00Z¦0000-12-31T23:59:59Z¦9999-12-31T23:59:59.999Z¦9999-12-31T23:59:59.999-23:59¦
0001-01-01T00:00:00+23:59¦+275760-09-13T00:00:00.000Z¦1970-01-01T00:00:00Z¦2026-02-30T00:00:00Z¦
2026-06-30T23:59:60Z¦2026-11-01T00:00:00.000000001Z¦2027-03-28T02:30:00+01:00¦tomorrow¦`,
);
const JSON_VALUES = [
  null,
  "text",
  7,
  [],
  { "": "" },
  { "A\0": "x" },
  { A: "\0" },
  { A: "\ud800" },
  { A: 1 },
  { "A=B": "1" },
  { ORRERY_X: "1" },
  { __proto__x: {} },
  JSON.parse('{"__proto__": {"a": "1"}, "constructor": "x"}'),
  { A: "x".repeat(140_000) },
  JSON.parse("[".repeat(20) + "]".repeat(20)),
  Array(10_001).fill(0),
];
/** Those with ids; the longest name that an owner contains says whose id it takes. */
const ID_TYPES = listOf("ApiToken¦Container¦TaskRun¦Relation¦Project¦Attempt¦Message¦Agent¦Task¦User¦Run");

/** A value for a place; undefined leaves it out. */
export function valueFor(draft: Draft, type: GraphQLInputType, place: Place, required: boolean): unknown {
  const { random, wrongShare } = draft;
  if (!required && random.next() > OPTIONAL_SHARE) return undefined;
  if (place.name === "command") return random.pick(random.next() < 0.8 ? COMMANDS.slice(0, 6) : COMMANDS);
  if (place.name === "shell") return random.pick(random.next() < 0.9 ? SHELLS.slice(0, 3) : SHELLS);
  if (random.next() < wrongShare) return wrongValue(draft, type, place);
  return fittingValue(draft, type, place);
}

function fittingValue(draft: Draft, type: GraphQLInputType, place: Place): unknown {
  const { random } = draft;
  if (isNonNullType(type)) return fittingValue(draft, type.ofType, place);
  if (isListType(type)) {
    const length = random.next() < draft.wrongShare / 20 ? MANY_ITEMS : random.below(ITEMS);
    return Array.from({ length }, () => valueFor(draft, type.ofType, place, true));
  }
  if (isInputObjectType(type)) {
    const entries = Object.values(type.getFields()).map((field) => [
      field.name,
      valueFor(draft, field.type, { owner: type.name, name: field.name }, isRequiredInputField(field)),
    ]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  if (isEnumType(type)) return random.pick(type.getValues()).name;
  // Of containers there are more than of the tasks in one.
  if (place.name === "name" && /Container/i.test(place.owner)) return `container ${random.below(30)}`;
  const named = FITTING[place.name];
  if (named !== undefined && type.name !== "ID") return random.pick(named);
  return scalarValue(draft, type.name, place);
}

function scalarValue({ random, pool }: Draft, type: string, place: Place): unknown {
  switch (type) {
    case "ID":
      return pool.pick(idType(place, random), random) ?? encodeId(idType(place, random), 1);
    case "Int":
      return random.pick([0, 1, 2, 3, 5, 20]);
    case "Float":
      return random.below(2_000) / 4;
    case "Boolean":
      return random.next() < 0.7;
    case "DateTime":
      return pool.pick(INSTANTS, random) ?? `2026-12-0${random.below(9) + 1}T00:00:00.000Z`;
    case "JSON":
      return {};
    default:
      return (/^(?:after|before)$/.test(place.name) ? pool.pick(CURSORS, random) : undefined) ??
        `text ${random.below(9)}`;
  }
}

function wrongValue(draft: Draft, type: GraphQLInputType, place: Place): unknown {
  const { random, pool } = draft;
  if (isNonNullType(type)) return random.next() < 0.1 ? null : wrongValue(draft, type.ofType, place);
  // A value of another type is refused before it comes to us: most are of the right one.
  if (random.next() < 0.15) return random.pick([null, true, [], {}, [[]], ...TEXTS, ...NUMBERS]);
  if (isListType(type) || isInputObjectType(type)) {
    return random.next() < 0.8 ? fittingValue(draft, type, place) : [];
  }
  switch (type.name) {
    case "ID":
      return random.next() < 0.3
        ? random.pick(["", "0", "\0", "Q29udGFpbmVyOjA", encodeId("Run", Number.MAX_SAFE_INTEGER), ...TEXTS])
        : pool.pick(random.pick([DELETED, ...pool.kinds()]), random) ?? "none";
    case "Int":
      return random.pick(random.next() < 0.8 ? INTEGERS : NUMBERS);
    case "Float":
      return random.pick(NUMBERS);
    case "DateTime":
      return random.pick(INSTANT_TEXTS);
    case "JSON":
      return random.pick(JSON_VALUES);
    default:
      return random.pick(TEXTS);
  }
}

function idType({ owner, name }: Place, random: Random): string {
  if (name === "upstreamId" || name === "downstreamId") return "Task";
  const where = `${name === "id" || name === "ids" ? owner : name}`.toLowerCase();
  const fitting = ID_TYPES.filter((type) => where.includes(type.toLowerCase()));
  return fitting.toSorted((a, b) => b.length - a.length)[0] ?? random.pick(ID_TYPES);
}

/** The texts of a list that has a broken bar between them. */
export function listOf(text: string): readonly string[] {
  return text.split(/¦\n?/);
}
