/** Selections of everything that a type has. */
import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from "graphql";

/** Of nested lists; more than a test's lists have, and few enough for the limit of an operation's cost. */
const PAGE = 10;

/**
 * All fields that need no argument, following up to so many links from one thing to another. Pages are no things: what is
 * on them is selected as if it were in the field itself.
 */
export function selectAll(schema: GraphQLSchema, type: GraphQLOutputType, links: number): string {
  return select(schema, getNamedType(type), links, []);
}

/** `above`: the types that the selection is beneath; none is selected within itself. */
function select(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  links: number,
  above: readonly string[],
): string {
  const fieldsOf = (object: GraphQLObjectType, prefix: string): string =>
    Object.values(object.getFields()).flatMap((field) =>
      fieldOf(schema, field, prefix, links, [...above, object.name])
    ).join(" ");
  if (isObjectType(type)) return `{ __typename ${fieldsOf(type, "")} }`;
  if (!isAbstractType(type)) return "";
  // Types of a union may have fields of one name and of different types, which need different names in one answer.
  const parts = schema.getPossibleTypes(type).map((possible) =>
    `... on ${possible.name} { __typename ${fieldsOf(possible, `${possible.name}_`)} }`
  );
  return `{ ${parts.join(" ")} }`;
}

function fieldOf(
  schema: GraphQLSchema,
  { name, args, type: wrapped }: GraphQLField<unknown, unknown>,
  prefix: string,
  links: number,
  above: readonly string[],
): readonly string[] {
  if (args.some(isRequiredArgument)) return [];
  const type = getNamedType(wrapped);
  const page = args.some((arg) => arg.name === "first") ? `(first: ${PAGE})` : "";
  const call = `${prefix === "" ? "" : `${prefix}${name}: `}${name}${page}`;
  if (isLeafType(type)) return [call];
  const part = /(Connection|Edge)$|^PageInfo$/.test(type.name);
  if (!part && (links === 0 || above.includes(type.name))) return [];
  return [`${call} ${select(schema, type, part ? links : links - 1, above)}`];
}
