/** The language of the page: English at once, others fetched when chosen. */
import { type Flatten, flatten, resolveTemplate, type Translator, translator } from "@solid-primitives/i18n";
import { type Accessor, createMemo, createSignal } from "solid-js";
import type { Memory } from "../lib/storage.ts";
import { type Dictionary, en } from "./en.ts";

export const languages = [{ code: "en", name: "English" }, { code: "zh", name: "简体中文" }] as const;
export type Language = typeof languages[number]["code"];
export type Translate = Translator<Flatten<Dictionary>>;

export interface Texts {
  readonly t: Translate;
  readonly language: Accessor<Language>;
  readonly speak: (language: Language) => Promise<void>;
}

export function createTexts(memory: Memory, page: HTMLElement): Texts {
  const [spoken, setSpoken] = createSignal<{ language: Language; words: Dictionary }>({
    language: "en",
    words: en,
  });
  const flat = createMemo(() => flatten(spoken().words));
  const speak = async (language: Language): Promise<void> => {
    const words = await loadDictionary(language);
    memory.write("language", language);
    page.lang = language;
    setSpoken({ language, words });
  };
  const remembered = languages.find(({ code }) => code === memory.read("language"));
  if (remembered !== undefined && remembered.code !== "en") void speak(remembered.code);
  return { t: translator(flat, resolveTemplate), language: () => spoken().language, speak };
}

async function loadDictionary(language: Language): Promise<Dictionary> {
  return language === "zh" ? (await import("./zh.ts")).zh : en;
}
