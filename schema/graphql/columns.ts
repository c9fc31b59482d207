/**
 * Answers a field that is a column, or is read from one, from the row that is there. The planner's own way looks up for each field of each row
 * which plan has read it: on a page with a thousand runs that takes longer than all the rest.
 */
import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from "@pothos/core";
import type { GraphQLFieldResolver } from "graphql";

declare global {
  // Pothos finds its plugins' types in this namespace; there is no other way to add one.
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      columns: ColumnPlugin<Types>;
    }
  }
}

class ColumnPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types["Context"], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types["Context"], object> {
    const { pothosExposedField, column = pothosExposedField, readColumn } = field.extensions ?? {};
    if (field.kind !== "DrizzleObject" || typeof column !== "string") return resolver;
    return (row, args, context, info) => {
      const value = valueOf(row, column);
      // A column that is NULL was read too; one that was not has to be.
      if (value === undefined) return resolver(row, args, context, info);
      return typeof readColumn === "function" ? readColumn(value) : value;
    };
  }
}

SchemaBuilder.registerPlugin("columns", ColumnPlugin);

function valueOf(row: unknown, column: string): unknown {
  // Rows are objects, and their columns are only known by name here.
  return (row as Readonly<Record<string, unknown>>)[column];
}
