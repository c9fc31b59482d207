/** The themes there are, and which one a choice means. */

export const themeChoices = ["system", "light", "dark", "neon"] as const;
export type ThemeChoice = typeof themeChoices[number];
export type Theme = Exclude<ThemeChoice, "system">;

export function readThemeChoice(remembered: string | null): ThemeChoice {
  return themeChoices.find((choice) => choice === remembered) ?? "system";
}

export function resolveTheme(choice: ThemeChoice, dark: boolean): Theme {
  if (choice !== "system") return choice;
  return dark ? "dark" : "light";
}
