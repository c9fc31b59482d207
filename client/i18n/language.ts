/** The languages that the console speaks, and which one it speaks first. */

export const languages = [{ code: "en", name: "English" }, { code: "zh", name: "简体中文" }] as const;
export type Language = typeof languages[number]["code"];

/** What was chosen here, else the first language of the browser that the console speaks, else English. */
export function chooseLanguage(remembered: string | null, preferred: readonly string[]): Language {
  const speaks = (tag: string | null | undefined): Language | undefined =>
    languages.find(({ code }) => tag?.toLowerCase().split("-")[0] === code)?.code;
  return speaks(remembered) ?? preferred.map(speaks).find((language) => language !== undefined) ?? "en";
}
