/**
 * Every sentence that a refusal can say, each by a key that does not change when its words do. A refusal can be made
 * in no other way, and the console's other languages have to know every key, with its values: that is how none is
 * forgotten.
 */
import { accountSentences, passwordFaults } from "./sentences/accounts.ts";
import { cronFaults, cronFieldFaults, cronSentences } from "./sentences/cron.ts";
import { editSentences, saveSentences } from "./sentences/edits.ts";
import { fieldFaults, fieldSentences } from "./sentences/fields.ts";
import { figureSentences } from "./sentences/figures.ts";
import { requestSentences, streamSentences } from "./sentences/requests.ts";
import { logSentences, overlapReasons, runSentences } from "./sentences/runs.ts";

export const sentences = {
  ...accountSentences,
  ...cronFaults,
  ...cronFieldFaults,
  ...cronSentences,
  ...editSentences,
  ...fieldFaults,
  ...fieldSentences,
  ...figureSentences,
  ...logSentences,
  ...overlapReasons,
  ...passwordFaults,
  ...requestSentences,
  ...runSentences,
  ...saveSentences,
  ...streamSentences,
} as const;

export type SentenceKey = keyof typeof sentences;

/** What the sentence of a key is made with: texts, numbers, lists of texts, and sentences. */
export type Values<Key extends SentenceKey> = (typeof sentences)[Key] extends (values: infer V) => string
  ? unknown extends V ? Record<never, never> : V
  : never;

/** A sentence in English, with what it takes to say it in another language. */
export interface Sentence {
  readonly key: SentenceKey;
  readonly values: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** The values may be left out where the sentence has none. */
export function say<Key extends SentenceKey>(
  key: Key,
  ...[values]: keyof Values<Key> extends never ? [] : [values: Values<Key>]
): Sentence {
  // Each sentence takes the values of its own key, which the call was checked for; a union of them cannot be called.
  const sentence = sentences[key] as (values: object) => string;
  const given: object = values ?? {};
  return { key, values: { ...given }, text: sentence(given) };
}
