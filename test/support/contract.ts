/** What a schema lacks of a contract; it may have more. */
import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  print,
} from "graphql";

/** One sentence for each difference; none when the schema keeps the contract. */
export function findMissing(contract: GraphQLSchema, schema: GraphQLSchema): string[] {
  return Object.values(contract.getTypeMap())
    .filter((type) => !type.name.startsWith("__") && !isSpecifiedScalarType(type))
    .flatMap((wanted) => {
      const found = schema.getType(wanted.name);
      return found === undefined ? [`${wanted.name} is missing`] : compareTypes(wanted, found);
    });
}

function compareTypes(wanted: GraphQLNamedType, found: GraphQLNamedType): string[] {
  const name = wanted.name;
  if (isEnumType(wanted) && isEnumType(found)) {
    return wanted.getValues().flatMap(({ name: value }) =>
      found.getValue(value) === undefined ? [`${name}.${value} is missing`] : []
    );
  }
  if (isUnionType(wanted) && isUnionType(found)) {
    const members = found.getTypes().map((type) => type.name);
    return wanted.getTypes().flatMap((type) =>
      members.includes(type.name) ? [] : [`${name} has no member ${type.name}`]
    );
  }
  if (isInputObjectType(wanted) && isInputObjectType(found)) {
    return compareInputs(`${name}.`, "", Object.values(wanted.getFields()), Object.values(found.getFields()));
  }
  const bothObjects = isObjectType(wanted) && isObjectType(found);
  const bothInterfaces = isInterfaceType(wanted) && isInterfaceType(found);
  if (bothObjects || bothInterfaces) {
    const interfaces = found.getInterfaces().map((type) => type.name);
    return [
      ...wanted.getInterfaces().flatMap((type) =>
        interfaces.includes(type.name) ? [] : [`${name} does not implement ${type.name}`]
      ),
      ...Object.values(wanted.getFields()).flatMap((field) =>
        compareFields(name, field, found.getFields()[field.name])
      ),
    ];
  }
  const kind = wanted.constructor.name;
  return kind === found.constructor.name ? [] : [`${name} is a ${found.constructor.name}, not a ${kind}`];
}

function compareFields(
  type: string,
  wanted: GraphQLField<unknown, unknown>,
  found: GraphQLField<unknown, unknown> | undefined,
): string[] {
  const place = `${type}.${wanted.name}`;
  if (found === undefined) return [`${place} is missing`];
  const same = String(wanted.type) === String(found.type);
  return [
    ...(same ? [] : [`${place} is ${found.type}, not ${wanted.type}`]),
    ...compareInputs(`${place}(`, ":)", wanted.args, found.args),
  ];
}

/** Arguments of a field, or fields of an input: an extra one that is required breaks callers as well. */
function compareInputs(
  before: string,
  after: string,
  wanted: readonly (GraphQLArgument | GraphQLInputField)[],
  found: readonly (GraphQLArgument | GraphQLInputField)[],
): string[] {
  const missing = wanted.flatMap((input) => {
    const place = `${before}${input.name}${after}`;
    const twin = found.find(({ name }) => name === input.name);
    if (twin === undefined) return [`${place} is missing`];
    return spell(input) === spell(twin) ? [] : [`${place} is ${spell(twin)}, not ${spell(input)}`];
  });
  const demanded = found.filter((input) =>
    String(input.type).endsWith("!") && input.defaultValue === undefined &&
    !wanted.some(({ name }) => name === input.name)
  );
  return [
    ...missing,
    ...demanded.map(({ name }) => `${before}${name}${after} is required, but not in the contract`),
  ];
}

function spell({ type, defaultValue }: GraphQLArgument | GraphQLInputField): string {
  const value = astFromValue(defaultValue, type);
  return value === null || value === undefined ? String(type) : `${type} = ${print(value)}`;
}
