/** GraphQL operations from the schema itself, so that whatever is added to the API is tried too. */
import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredArgument,
} from "graphql";
import { type Draft, listOf, valueFor } from "./values.ts";

export const kinds = ["query", "mutation", "subscription"] as const;
export type OperationKind = typeof kinds[number];

export interface Operation {
  readonly kind: OperationKind;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Response key -> field, of the operation's own fields. */
  readonly fields: Readonly<Record<string, string>>;
}

/** These make what the others need, so that they come more often. */
const PREFERRED = [
  "createContainer",
  "createTask",
  "createTask",
  "createRelation",
  "saveContainer",
  "triggerRun",
];
/** They end the credential that they come with. */
export const ENDING_FIELDS: readonly string[] = ["signOut", "changePassword"];
const ALWAYS_SELECTED = listOf("id¦token¦deletedId¦cursor¦endCursor¦version¦code¦message¦path");
const DEPTH = 3;
const MUTATION_FIELDS = 2;
const MAX_ALIASES = 150;
const TWICE_SHARE = 0.3;

export interface Choice {
  readonly kind: OperationKind;
  /** False keeps the fields out that end a credential. */
  readonly mayEnd: boolean;
}

export function createOperation(schema: GraphQLSchema, draft: Draft, { kind, mayEnd }: Choice): Operation {
  const { random } = draft;
  const writer = new Writer(schema, draft);
  const root = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }[kind];
  if (!root) throw new Error(`The schema has no ${kind}`);
  const all = Object.values(root.getFields()).filter(({ name }) => mayEnd || !ENDING_FIELDS.includes(name));
  const preferred = kind === "mutation" ? all.filter(({ name }) => PREFERRED.includes(name)) : [];
  const count = kind === "subscription" && random.next() > draft.wrongShare
    ? 1
    : 1 + random.below(MUTATION_FIELDS);
  const fields: Record<string, string> = {};
  const lines = Array.from({ length: count }, (_, index) => {
    const field = random.pick(preferred.length > 0 && random.next() < 0.4 ? preferred : all);
    const key = count === 1 && random.next() < 0.5 ? field.name : `${field.name}_${index}`;
    fields[key] = field.name;
    return `${key}: ${writer.writeField(field, DEPTH)}`;
  });
  if (random.next() < draft.wrongShare / 4) lines.push("...Missing", "nothing(a: 1)");
  const { head, fragments, variables } = writer.finish();
  const query = `${kind} Fuzz${head} { ${lines.join(" ")} }${fragments}`;
  return { kind, query, variables, fields };
}

interface Written {
  readonly head: string;
  readonly fragments: string;
  readonly variables: Record<string, unknown>;
}

/** Writes the parts of one operation. */
class Writer {
  readonly #schema: GraphQLSchema;
  readonly #draft: Draft;
  readonly #variables: Record<string, unknown> = {};
  readonly #types: Record<string, string> = {};
  readonly #fragments: string[] = [];
  readonly #variableShare: number;
  readonly #aliased: boolean;
  #aliases = 0;

  constructor(schema: GraphQLSchema, draft: Draft) {
    this.#schema = schema;
    this.#draft = draft;
    this.#variableShare = draft.random.next();
    this.#aliased = draft.random.next() < 0.5;
  }

  writeField(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type);
    const selection = isCompositeType(type) ? ` ${this.#writeSelection(type, depth)}` : "";
    return `${field.name}${this.#writeArguments(field.args, field.name)}${selection}`;
  }

  #writeSelection(type: GraphQLCompositeType, depth: number): string {
    if (!isAbstractType(type)) return this.#writeFields(type as GraphQLObjectType, depth);
    const members = this.#schema.getPossibleTypes(type);
    const errors = members.filter(({ name }) => name.endsWith("Error"));
    const others = members.filter((member) => !errors.includes(member));
    const chosen = others.length < 3 ? others : this.#draft.random.shuffle(others).slice(0, 3);
    const parts = chosen.map((member) => `... on ${member.name} ${this.#writeFields(member, depth)}`);
    if (errors.length > 0) parts.push("... on Error { code message messageKey path }");
    return `{ __typename ${parts.join(" ")} }`;
  }

  #writeFields(type: GraphQLObjectType, depth: number): string {
    const chosen = Object.values(type.getFields()).filter((field) => {
      if (ALWAYS_SELECTED.includes(field.name)) return true;
      return isCompositeType(getNamedType(field.type))
        ? depth > 0 && (this.#draft.random.next() < 0.25 || /^(?:edges|node|pageInfo)$/.test(field.name))
        : this.#draft.random.next() < 0.4;
    });
    const lines = chosen.flatMap((field) => {
      const plain = ALWAYS_SELECTED.includes(field.name) || !this.#aliased ||
        this.#aliases > MAX_ALIASES;
      if (plain) return [this.writeField(field, depth - 1)];
      // With other arguments it is another list of the same thing.
      const count = field.args.length > 0 && this.#draft.random.next() < TWICE_SHARE ? 2 : 1;
      return Array.from(
        { length: count },
        () => `${field.name}_${++this.#aliases}: ${this.writeField(field, depth - 1)}`,
      );
    });
    const body = `{ __typename ${lines.join(" ")} }`;
    if (this.#draft.random.next() > 0.1) return body;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${type.name} ${body}`);
    return `{ ...${name} }`;
  }

  #writeArguments(args: readonly GraphQLArgument[], owner: string): string {
    const written = args.flatMap((arg) => {
      const required = isRequiredArgument(arg) && this.#draft.random.next() >= this.#draft.wrongShare / 8;
      const value = valueFor(this.#draft, arg.type, { owner, name: arg.name }, required);
      return value === undefined ? [] : [`${arg.name}: ${this.#writeValue(arg.type, value)}`];
    });
    return written.length === 0 ? "" : `(${written.join(", ")})`;
  }

  #writeValue(type: GraphQLInputType | undefined, value: unknown): string {
    if (type !== undefined && this.#draft.random.next() < this.#variableShare) {
      return this.#writeVariable(type, value);
    }
    const nullable = type === undefined ? undefined : getNullableType(type);
    if (Array.isArray(value)) {
      const item = isListType(nullable) ? nullable.ofType : undefined;
      return `[${value.map((part) => this.#writeValue(item, part)).join(", ")}]`;
    }
    if (typeof value === "object" && value !== null) {
      const known = isInputObjectType(nullable) ? nullable.getFields() : {};
      const parts = Object.entries(value).filter(([name]) => /^[_A-Za-z]\w*$/.test(name))
        .map(([name, part]) => `${name}: ${this.#writeValue(known[name]?.type, part)}`);
      return `{${parts.join(", ")}}`;
    }
    if (isEnumType(nullable) && typeof value === "string" && /^\w+$/.test(value)) return value;
    if (typeof value === "number" && this.#draft.random.next() < this.#draft.wrongShare / 8) return "1e400";
    return JSON.stringify(value);
  }

  #writeVariable(type: GraphQLInputType, value: unknown): string {
    const name = `v${Object.keys(this.#types).length}`;
    this.#types[name] = this.#draft.random.next() < this.#draft.wrongShare / 8
      ? this.#draft.random.pick(["Int", "ID!", "Nothing"])
      : `${type}`;
    if (this.#draft.random.next() >= this.#draft.wrongShare / 8) this.#variables[name] = value;
    return `$${name}`;
  }

  finish(): Written {
    const declared = Object.entries(this.#types).map(([name, type]) => `$${name}: ${type}`);
    return {
      head: declared.length === 0 ? "" : `(${declared.join(", ")})`,
      fragments: this.#fragments.map((fragment) => ` ${fragment}`).join(""),
      variables: this.#variables,
    };
  }
}
