import { strictEqual } from "node:assert/strict";
import { readThemeChoice, resolveTheme } from "../../../client/lib/theme_choice.ts";

Deno.test("readThemeChoice() follows the system when nothing, or nothing known, is remembered", () => {
  strictEqual(readThemeChoice(null), "system");
  strictEqual(readThemeChoice("sepia"), "system");
  strictEqual(readThemeChoice("neon"), "neon");
});

Deno.test("resolveTheme() asks the system only when it was told to", () => {
  strictEqual(resolveTheme("system", true), "dark");
  strictEqual(resolveTheme("system", false), "light");
  strictEqual(resolveTheme("light", true), "light");
});

Deno.test("every theme has every token that another has", async () => {
  const css = await Deno.readTextFile(new URL("../../../client/styles/themes.css", import.meta.url));
  const blocks = css.split(/\[data-theme="/).slice(1).map((block) => block.split("}", 1)[0] ?? "");
  const tokens = blocks.map((block) =>
    [...block.matchAll(/(--[\w-]+):/g)].map(([, name]) => name).sort().join()
  );

  strictEqual(blocks.length, 3);
  strictEqual(new Set(tokens).size, 1);
});
