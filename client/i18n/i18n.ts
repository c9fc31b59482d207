/** The language of the page: English at once, others fetched when chosen. */
import { type Flatten, flatten, resolveTemplate, type Translator, translator } from "@solid-primitives/i18n";
import { type Accessor, createMemo, createSignal } from "solid-js";
import type { Memory } from "../lib/storage.ts";
import { type Dictionary, en } from "./en.ts";
import { chooseLanguage, type Language } from "./language.ts";

export type Translate = Translator<Flatten<Dictionary>>;

export interface Texts {
  readonly t: Translate;
  /** The dictionary of the language, for what is put together outside of components. */
  readonly words: Accessor<Dictionary>;
  /** The same once it is here: a language is fetched when it is chosen. */
  readonly ready: () => Promise<Dictionary>;
  readonly language: Accessor<Language>;
  readonly speak: (language: Language) => Promise<void>;
}

/** `preferred` is what the browser's user reads, the best first. */
export function createTexts(memory: Memory, page: HTMLElement, preferred: readonly string[]): Texts {
  const [spoken, setSpoken] = createSignal<{ language: Language; words: Dictionary }>({
    language: "en",
    words: en,
  });
  const flat = createMemo(() => flatten(spoken().words));
  let latest = Promise.resolve();
  const load = (language: Language): Promise<void> => {
    latest = loadDictionary(language).then((words) => {
      page.lang = language;
      setSpoken({ language, words });
    });
    return latest;
  };
  const speak = async (language: Language): Promise<void> => {
    memory.write("language", language);
    await load(language);
  };
  const first = chooseLanguage(memory.read("language"), preferred);
  if (first !== "en") void load(first);
  return {
    t: translator(flat, resolveTemplate),
    words: () => spoken().words,
    // One that cannot be fetched leaves the page in the language that it has.
    ready: () => latest.then(() => spoken().words, () => spoken().words),
    language: () => spoken().language,
    speak,
  };
}

async function loadDictionary(language: Language): Promise<Dictionary> {
  return language === "zh" ? (await import("./zh.ts")).zh : en;
}
