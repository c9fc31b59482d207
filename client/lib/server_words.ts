import { sayServerWords } from "./server_sentences.ts";
import { useServices } from "./services.ts";

/** Says the server's English sentences in the language of the page. */
export function useServerWords(): (text: string) => string {
  const { clock, texts } = useServices();
  return (text) => sayServerWords({ words: texts.words(), language: texts.language(), now: clock() }, text);
}
