/** What a dictionary of the server's sentences has to know: every one that it can say, with the values of each. */
import type { Format, Sentence, SentenceKey, Values } from "../../../schema/sentences.ts";
import type { Dictionary } from "../en.ts";

/** A sentence as the server tells it. */
export interface ToldRefusal {
  readonly messageKey?: unknown;
  readonly messageValues?: unknown;
  /** In English. */
  readonly message: string;
}

export type RefusalWords = {
  readonly [Key in SentenceKey]: (values: Values<Key>, format: Format, words: Dictionary) => string;
};

/** Says a sentence by the table of a language. One that the table has not stays in English. */
export function sayBy(
  table: Partial<RefusalWords>,
  { messageKey, messageValues, message }: ToldRefusal,
  words: Dictionary,
): string {
  if (typeof messageKey !== "string" || !Object.hasOwn(table, messageKey)) return message;
  // With each key the server sends the values that both sides are compiled against.
  const sentence = table[messageKey as SentenceKey] as (
    values: unknown,
    format: (inner: Sentence & { readonly text: string }) => string,
    words: Dictionary,
  ) => string;
  return sentence(
    messageValues,
    ({ key, values, text }) => sayBy(table, { messageKey: key, messageValues: values, message: text }, words),
    words,
  );
}
