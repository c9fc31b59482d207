/** What a dictionary of refusals has to know: every sentence that the server can say, with the values of each. */
import type { Sentence, SentenceKey, Values } from "../../../schema/sentences.ts";
import type { Dictionary } from "../en.ts";

/** A refusal as the server tells it. */
export interface ToldRefusal {
  readonly messageKey?: unknown;
  readonly messageValues?: unknown;
  /** In English. */
  readonly message: string;
}

export interface Telling {
  readonly words: Dictionary;
  /** Says a sentence that stands inside another one. */
  readonly clause: (sentence: Sentence) => string;
}

export type RefusalWords = {
  readonly [Key in SentenceKey]: (values: Values<Key>, telling: Telling) => string;
};
