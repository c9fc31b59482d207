/**
 * Every sentence that the server can say, each by a key that does not change when its words do: refusals, and what is
 * stored of runs, slots and changes. Nothing is said in another way, and the console's other languages have to know
 * every key, with its values: that is how none is forgotten.
 */
import { accountSentences, passwordFaults } from "./sentences/accounts.ts";
import { cronFaults, cronFieldFaults, cronSentences } from "./sentences/cron.ts";
import { crontabFaults, crontabNotes, crontabSentences } from "./sentences/crontab.ts";
import { editSentences, saveSentences } from "./sentences/edits.ts";
import { fieldFaults, fieldSentences } from "./sentences/fields.ts";
import { fileFaults, fileSentences } from "./sentences/files.ts";
import { figureSentences } from "./sentences/figures.ts";
import { parameterFaults, parameterSentences } from "./sentences/parameters.ts";
import { pauseSentences } from "./sentences/pauses.ts";
import { requestSentences, streamSentences } from "./sentences/requests.ts";
import { logSentences, overlapReasons, runSentences } from "./sentences/runs.ts";
import { storedSentences } from "./sentences/stored.ts";
import { auditSentences, variableSentences } from "./sentences/variables.ts";

export const sentences = {
  ...accountSentences,
  ...auditSentences,
  ...cronFaults,
  ...cronFieldFaults,
  ...cronSentences,
  ...crontabFaults,
  ...crontabNotes,
  ...crontabSentences,
  ...editSentences,
  ...fieldFaults,
  ...fieldSentences,
  ...fileFaults,
  ...fileSentences,
  ...figureSentences,
  ...logSentences,
  ...overlapReasons,
  ...parameterFaults,
  ...parameterSentences,
  ...passwordFaults,
  ...pauseSentences,
  ...requestSentences,
  ...runSentences,
  ...saveSentences,
  ...storedSentences,
  ...streamSentences,
  ...variableSentences,
} as const;

export type SentenceKey = keyof typeof sentences;

/** What the sentence of a key is made with: texts, numbers, lists of texts, and sentences. */
export type Values<Key extends SentenceKey> = Parameters<(typeof sentences)[Key]> extends
  [infer V, ...unknown[]] ? V
  : Record<never, never>;

/** What it takes to say a sentence in any language. It is stored, and sent, as it is. */
export interface Sentence {
  readonly key: SentenceKey;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Says a sentence that stands inside another one. */
export type Format = (sentence: Sentence) => string;

/** The values may be left out where the sentence has none. */
export function say<Key extends SentenceKey>(
  key: Key,
  ...[values]: keyof Values<Key> extends never ? [] : [values: Values<Key>]
): Sentence {
  return { key, values: values ?? {} };
}

/** Several that stand beside each other. */
export function sayParts(parts: readonly Sentence[]): Sentence {
  const [only = null, ...others] = parts;
  return only !== null && others.length === 0 ? only : say("PARTS", { parts });
}

/** The sentence in English. A key that only a newer server knows is all that can be said of it. */
export function textOf({ key, values }: Sentence): string {
  if (!Object.hasOwn(sentences, key)) return key;
  // Each sentence takes the values of its own key, which say() was checked for; a union of them cannot be called.
  const sentence = sentences[key] as (values: object, format: Format) => string;
  return sentence(values, textOf);
}

/** The words of another program, or of the system. */
export function quoteError(error: unknown): Sentence {
  return say("TEXT", { text: error instanceof Error ? error.message : String(error) });
}
