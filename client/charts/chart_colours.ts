/** The theme's tokens as a canvas needs them: a canvas does not read custom properties by itself. */
import type { Tone } from "../lib/states.ts";

export interface ChartColours {
  readonly muted: string;
  readonly line: string;
  readonly font: { readonly family: string; readonly size: number };
  readonly tone: (tone: Tone) => string;
}

export function readChartColours(): ChartColours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    muted: read("--muted"),
    line: read("--line"),
    font: { family: read("--font-sans"), size: 11.5 },
    tone: (tone) => read(`--state-${tone}`),
  };
}
