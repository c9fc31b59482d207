import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { plainStyle } from "../../../client/logs/ansi.ts";
import { spanStyle } from "../../../client/logs/span_style.ts";

Deno.test("spanStyle() takes the sixteen colours from the theme", () => {
  deepStrictEqual(spanStyle({ ...plainStyle, foreground: 3 }), { color: "var(--ansi-3)" });
});

Deno.test("spanStyle() holds a program's own colour within what can be read in the theme", () => {
  strictEqual(
    spanStyle({ ...plainStyle, foreground: "#ffff00" }).color,
    "oklch(from #ffff00 clamp(var(--ansi-least), l, var(--ansi-most)) c h)",
  );
});

Deno.test("spanStyle() leaves two colours that a program chose together, and finds one for a ground alone", () => {
  const both = spanStyle({ ...plainStyle, foreground: "#000000", background: "#ffff00" });
  const ground = spanStyle({ ...plainStyle, background: 1 });

  deepStrictEqual(both, { color: "#000000", "background-color": "#ffff00" });
  strictEqual(ground["background-color"], "var(--ansi-1)");
  strictEqual(`${ground.color}`.startsWith("oklch(from var(--ansi-1)"), true);
});

Deno.test("spanStyle() turns inverse text round, also without colours of its own", () => {
  deepStrictEqual(spanStyle({ ...plainStyle, inverse: true }), {
    color: "var(--sunken)",
    "background-color": "var(--text)",
  });
});
