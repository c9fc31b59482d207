/** Fields of a definition as a part of a document, so that a document asks for all of them without naming them. */
import type { Fields } from "../../schema/definition/field.ts";

const parts = {
  position: "position { x y }",
  dst: "dst { missing repeated }",
  parameters: "parameters { name title description schema required secret }",
} as const;

/** A document is typed by its text, and so the text has to be known to the compiler. The order of names says nothing. */
type Selection<Names> = [Names] extends [never] ? ""
  : Last<Names> extends infer Name extends string ? `${Selection<Exclude<Names, Name>>} ${One<Name>}`
  : never;
type One<Name extends string> = Name extends keyof typeof parts ? typeof parts[Name] : Name;
/** Overloads are resolved to the last of them: one member of a union. */
type Last<Union> = (Union extends unknown ? (take: () => Union) => void : never) extends
  (take: infer Take) => void ? Take extends () => infer Member ? Member : never : never;

export function selectionOf<F extends Fields>(fields: F): Selection<keyof F> {
  const names = Object.keys(fields).map((name) =>
    Object.hasOwn(parts, name) ? parts[name as keyof typeof parts] : name
  );
  // The same names, in the order of the definition.
  return names.join(" ") as Selection<keyof F>;
}
