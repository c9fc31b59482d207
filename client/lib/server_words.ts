import { useServices } from "./services.ts";

/** A text of the API with what it takes to say it in another language, as the API calls them. */
export type Told<Field extends string> =
  & Readonly<Record<Field, string | null>>
  & Readonly<Record<`${Field}Key` | `${Field}Values`, unknown>>;

export type SayTold = <Field extends string>(row: Told<Field>, field: Field) => string;

/** Says in the language of the page what a row has in a field; "" where it has nothing. */
export function useServerWords(): SayTold {
  const { texts } = useServices();
  return (row, field) =>
    texts.words().refusals.message({
      messageKey: row[`${field}Key`],
      messageValues: row[`${field}Values`],
      message: row[field] ?? "",
    });
}
