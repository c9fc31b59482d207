/** How a span of output looks: the sixteen colours are the theme's, all others are kept legible on its ground. */
import type { JSX } from "solid-js";
import type { AnsiColour, AnsiStyle } from "./ansi.ts";

export function spanStyle(style: AnsiStyle): JSX.CSSProperties {
  const [text, ground] = style.inverse ? inverted(style) : [textColour(style), plain(style.background)];
  const lines = [style.underline ? "underline" : "", style.strike ? "line-through" : ""].filter((line) =>
    line !== ""
  );
  return {
    ...(text === null ? {} : { color: text }),
    ...(ground === null ? {} : { "background-color": ground }),
    ...(style.bold ? { "font-weight": 650 } : {}),
    ...(style.italic ? { "font-style": "italic" } : {}),
    ...(lines.length === 0 ? {} : { "text-decoration": lines.join(" ") }),
  };
}

function inverted(style: AnsiStyle): readonly [string, string] {
  const ground = style.foreground === null ? "var(--text)" : legible(style.foreground);
  return [style.background === null ? "var(--sunken)" : textOn(ground), ground];
}

function textColour({ foreground, background, dim }: AnsiStyle): string | null {
  if (background !== null) {
    const bothChosen = typeof foreground === "string" && typeof background === "string";
    return bothChosen ? foreground : textOn(plain(background) ?? "");
  }
  if (foreground === null) return dim ? "var(--muted)" : null;
  return legible(foreground);
}

/** A program's own colour keeps its hue; its lightness is held where the theme's ground lets it be read. */
function legible(colour: number | string): string {
  if (typeof colour === "number") return `var(--ansi-${colour})`;
  return `oklch(from ${colour} clamp(var(--ansi-least), l, var(--ansi-most)) c h)`;
}

/** Black on light grounds, white on dark ones. */
function textOn(ground: string): string {
  return `oklch(from ${ground} clamp(0, (0.62 - l) * 1000, 1) 0 h)`;
}

function plain(colour: AnsiColour): string | null {
  return typeof colour === "number" ? `var(--ansi-${colour})` : colour;
}
