/** What is stored of a sentence, as people read it in English. */
import { say, type Sentence, textOf } from "../../schema/sentences.ts";

/** "" where there is none. */
export function readText(sentence: Sentence | null | undefined): string {
  return sentence === null || sentence === undefined ? "" : textOf(sentence);
}

/** A sentence of these words, for those who only hand it on. */
export function quote(text: string): Sentence {
  return say("TEXT", { text });
}
