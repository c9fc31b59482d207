/** The look of the graph, made of the same tokens as everything else. A canvas cannot read CSS variables by itself. */
import type { StylesheetJson } from "cytoscape";
import { type Tone, tones } from "../lib/states.ts";
import { conditionLooks } from "./graph_model.ts";

const NODE_HEIGHT = 34;

export function graphStyle(token: (name: string) => string): StylesheetJson {
  const tone = (name: Tone): string => token(`--state-${name}`);
  return [
    {
      selector: "node",
      style: {
        shape: "round-rectangle",
        "corner-radius": "8",
        width: "data(width)",
        height: NODE_HEIGHT,
        "background-color": token("--raised"),
        "border-width": 1.25,
        "border-color": token("--line-strong"),
        label: "data(label)",
        color: token("--text"),
        "font-family": token("--font-sans"),
        "font-size": 12.5,
        "font-weight": 500,
        "text-valign": "center",
        "text-halign": "center",
        "text-wrap": "ellipsis",
        "text-max-width": "data(textWidth)",
        "min-zoomed-font-size": 6,
        "overlay-opacity": 0,
      },
    },
    ...tones.map((name) => ({
      selector: `node[tone = "${name}"]`,
      style: {
        "border-color": tone(name),
        "border-width": name === "pending" || name === "skipped" ? 1.25 : 1.75,
        "border-style": name === "skipped" ? "dashed" as const : "solid" as const,
        "background-color": blend(tone(name), token("--raised"), name === "pending" ? 0.04 : 0.13),
      },
    })),
    { selector: 'node[tone = "running"]', style: { "border-width": 2.25, "border-style": "solid" } },
    { selector: "node[?disabled]", style: { "border-style": "dashed", color: token("--muted") } },
    {
      selector: "node:selected",
      style: {
        "outline-width": 2,
        "outline-color": token("--accent"),
        "outline-offset": 3,
        "outline-opacity": 1,
      },
    },
    {
      selector: "edge",
      style: {
        width: 1.4,
        "curve-style": "bezier",
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.8,
        "line-color": token("--line-strong"),
        "target-arrow-color": token("--line-strong"),
        "overlay-opacity": 0,
        "font-family": token("--font-sans"),
        "font-size": 10.5,
        "min-zoomed-font-size": 7,
        "text-background-color": token("--surface"),
        "text-background-opacity": 1,
        "text-background-padding": "3px",
      },
    },
    ...Object.entries(conditionLooks).filter(([condition]) => condition !== "SUCCESS").map(([condition, look]) => ({
      selector: `edge[condition = "${condition}"]`,
      style: {
        "line-style": look.line,
        "line-color": tone(look.tone),
        "target-arrow-color": tone(look.tone),
        color: tone(look.tone),
        label: "data(label)",
      },
    })),
    { selector: "edge[?active]", style: { "line-color": tone("running"), "target-arrow-color": tone("running"), width: 2 } },
    { selector: ".faded", style: { opacity: 0.25 } },
  ];
}

/** A colour laid thinly over another; the canvas knows no color-mix(). Both are #rrggbb. */
export function blend(over: string, under: string, share: number): string {
  const [a, b] = [channels(over), channels(under)];
  const mixed = a.map((value, index) => Math.round(value * share + (b[index] ?? 0) * (1 - share)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function channels(colour: string): readonly number[] {
  const hex = colour.trim().replace("#", "");
  return [0, 2, 4].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));
}
