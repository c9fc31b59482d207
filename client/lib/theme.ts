/** Which theme is chosen, remembered, and put on the page. public/theme_boot.js does the same before the first paint. */
import { type Accessor, createEffect, createSignal } from "solid-js";
import type { Memory } from "./storage.ts";

export const themeChoices = ["system", "light", "dark", "neon"] as const;
export type ThemeChoice = typeof themeChoices[number];
export type Theme = Exclude<ThemeChoice, "system">;

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

export function readThemeChoice(remembered: string | null): ThemeChoice {
  return themeChoices.find((choice) => choice === remembered) ?? "system";
}

export function resolveTheme(choice: ThemeChoice, dark: boolean): Theme {
  if (choice !== "system") return choice;
  return dark ? "dark" : "light";
}
