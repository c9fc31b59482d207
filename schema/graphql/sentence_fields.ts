/** What the server has to say as fields: the sentence in English, and what it takes to say it in another language. */
import { type Sentence, textOf } from "../sentences.ts";
import { valuesOf } from "./refusals.ts";

type Stored<Nullable extends boolean> = Nullable extends true ? Sentence | null : Sentence;
type Read<T, Nullable extends boolean> = Nullable extends true ? T | null : T;

interface FieldOptions<Column extends string, Nullable extends boolean, T> {
  readonly nullable: Nullable;
  readonly select: { readonly columns: Readonly<Record<Column, true>> };
  readonly extensions: Record<string, unknown>;
  readonly resolve: (row: Readonly<Record<Column, Stored<Nullable>>>) => Read<T, Nullable>;
}

export interface SentenceFields<Column extends string, Nullable extends boolean> {
  readonly text: FieldOptions<Column, Nullable, string>;
  readonly key: FieldOptions<Column, Nullable, string> & { readonly description: string };
  readonly values: FieldOptions<Column, Nullable, unknown> & {
    readonly description: string;
    readonly type: "JSON";
  };
}

/** Options for the fields of one sentence; `field` is what its English text is called. */
export function sentenceFields<const Column extends string, const Nullable extends boolean>(
  column: Column,
  nullable: Nullable,
  field: string = column,
): SentenceFields<Column, Nullable> {
  const options = <T>(read: (sentence: Sentence) => T): FieldOptions<Column, Nullable, T> => {
    const readColumn = (sentence: Sentence | null): Read<T, Nullable> =>
      // Null is there only where it is allowed.
      (sentence === null ? null : read(sentence)) as Read<T, Nullable>;
    return {
      nullable,
      select: { columns: { [column]: true } as Record<Column, true> },
      extensions: { column, readColumn },
      resolve: (row) => readColumn(row[column]),
    };
  };
  const missing = nullable ? ` Null where ${field} is.` : "";
  return {
    text: options(textOf),
    key: {
      ...options(({ key }) => key),
      description:
        `Which sentence ${field} is, as a word that stays when its English changes, e.g. "EXIT_CODE"; "TEXT" is one that has no other. New ones may come.${missing}`,
    },
    values: {
      ...options<unknown>(valuesOf),
      type: "JSON",
      description:
        `What the sentence names, as an object: texts, numbers, lists, and sentences that it contains as objects with key, values and text (in English). Enough to say it in another language.${missing}`,
    },
  };
}
