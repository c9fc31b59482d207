/** What a field of the API is called on the forms. */
import { containerFields } from "../../schema/definition/container.ts";
import { taskFields } from "../../schema/definition/task.ts";
import type { Dictionary } from "./en.ts";

/** The place of a text in a dictionary, such as "task.name". */
type TextKey = {
  [Part in keyof Dictionary]: {
    [Word in keyof Dictionary[Part] & string]: Dictionary[Part][Word] extends string ? `${Part}.${Word}`
      : never;
  }[keyof Dictionary[Part] & string];
}[keyof Dictionary];

/** Does not compile when the label of a field has no word. */
type Labels = Readonly<Record<string, { readonly label: TextKey }>>;
const allFields: Labels = { ...containerFields, ...taskFields };

/** A field that is on no form is called as the API calls it. */
export function fieldName(words: Dictionary, field: string, fields: Labels = allFields): string {
  if (!Object.hasOwn(fields, field)) return field;
  const label = fields[field]?.label.split(".") ?? [];
  // A TextKey leads to a text by way of objects.
  return label.reduce<unknown>(
    (part, word) => (part as Readonly<Record<string, unknown>>)[word],
    words,
  ) as string;
}
