/** Which theme is chosen, remembered, and put on the page. public/theme_boot.js does the same before the first paint. */
import { type Accessor, createEffect, createSignal } from "solid-js";
import type { Memory } from "./storage.ts";
import { readThemeChoice, resolveTheme, type Theme, type ThemeChoice } from "./theme_choice.ts";

export interface ThemeSwitch {
  readonly choice: Accessor<ThemeChoice>;
  /** What is on the page now. Canvases read it to be drawn anew. */
  readonly theme: Accessor<Theme>;
  readonly choose: (choice: ThemeChoice) => void;
}

export function createTheme(memory: Memory, page: HTMLElement, darkPreferred: MediaQueryList): ThemeSwitch {
  const [choice, setChoice] = createSignal(readThemeChoice(memory.read("theme")));
  const [dark, setDark] = createSignal(darkPreferred.matches);
  darkPreferred.addEventListener("change", (event) => setDark(event.matches));
  const theme = (): Theme => resolveTheme(choice(), dark());
  // A function, so that the page wears the theme before any computation below reads its colours.
  createEffect(() => page.dataset["theme"] = theme());
  return {
    choice,
    theme,
    choose: (next) => {
      page.dataset["theme"] = resolveTheme(next, dark());
      memory.write("theme", next);
      setChoice(next);
    },
  };
}
