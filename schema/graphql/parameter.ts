/** Typed parameters of a container's runs. */
import type { Parameter } from "../definition/parameter.ts";
import { builder } from "./builder.ts";

const texts = {
  name: "The name of the variable: [A-Z_][A-Z0-9_]*, at most 100 characters, none that begins with ORRERY_.",
  title: "A title for the form; null = the name.",
  description: "A sentence for the form; may be empty.",
  schema:
    "JSON Schema of the value: type, enum, format (date, date-time, email, uri), minimum, maximum, pattern, minLength, maxLength, default.",
  required: "True: a run without it is refused unless the schema has a default.",
  secret: "True: the value is encrypted, never returned, and masked in output.",
} as const;

export const ParameterType = builder.objectRef<Parameter>("Parameter").implement({
  description:
    "A typed parameter of a container's runs. Tasks get it as a variable and in the file $ORRERY_PARAMETERS.",
  fields: (t) => ({
    name: t.exposeString("name", { description: texts.name }),
    title: t.exposeString("title", { nullable: true, description: texts.title }),
    description: t.exposeString("description", { description: texts.description }),
    schema: t.field({ type: "JSON", description: texts.schema, resolve: ({ schema }) => schema }),
    required: t.exposeBoolean("required", { description: texts.required }),
    secret: t.exposeBoolean("secret", { description: texts.secret }),
  }),
});

export const ParameterInput = builder.inputType("ParameterInput", {
  description: "A parameter to define.",
  fields: (t) => ({
    name: t.string({ required: true, description: texts.name }),
    title: t.string({ description: texts.title }),
    description: t.string({ defaultValue: "", description: texts.description }),
    schema: t.field({ type: "JSON", required: true, description: texts.schema }),
    required: t.boolean({ defaultValue: false, description: texts.required }),
    secret: t.boolean({ defaultValue: false, description: texts.secret }),
  }),
});
