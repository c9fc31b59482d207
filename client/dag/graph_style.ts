/** The look of the graph, made of the same tokens as everything else. A canvas cannot read CSS variables by itself. */
import type { StylesheetJson } from "cytoscape";
import { taskRunStates } from "../../schema/states.ts";
import { stateLooks, type Tone } from "../lib/states.ts";
import { conditionLooks } from "./graph_model.ts";
import { stateImage } from "./state_images.ts";

export const NODE_HEIGHT = 34;
/** Space for the icon beside the name. */
export const ICON_SPACE = 22;
export const NODE_PADDING = 13;
/** Between two layers; a line turns in the middle of it. */
export const LAYER_SPACE = { right: 52, down: 46 } as const;
export const TASK_SPACE = { right: 22, down: 20 } as const;
const ICON_SIZE = 13;
const QUIET_GROUND = 0.05;
const LOUD_GROUND = 0.14;

/** Reads a token of the theme that the page wears, e.g. "--line". */
export type ReadToken = (name: string) => string;

export function graphStyle(token: ReadToken): StylesheetJson {
  return [...nodeStyle(token), ...stateStyle(token), ...edgeStyle(token)];
}

/** A colour laid thinly over another; the canvas knows no color-mix(). Both are #rrggbb. */
export function blend(over: string, under: string, share: number): string {
  const [upper, lower] = [channels(over), channels(under)];
  const mixed = upper.map((value, index) => Math.round(value * share + (lower[index] ?? 0) * (1 - share)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function nodeStyle(token: ReadToken): StylesheetJson {
  return [{
    selector: "node",
    style: {
      shape: "round-rectangle",
      "corner-radius": "8",
      width: "data(width)",
      height: NODE_HEIGHT,
      "background-color": token("--raised"),
      "border-width": 1.25,
      "border-color": token("--line-strong"),
      label: "data(name)",
      color: token("--text"),
      "font-family": token("--font-sans"),
      "font-size": 12.5,
      "font-weight": 500,
      "text-valign": "center",
      "text-halign": "center",
      "text-wrap": "ellipsis",
      "text-max-width": "data(textWidth)",
      "min-zoomed-font-size": 5,
      "overlay-opacity": 0,
    },
  }, {
    selector: "node[!enabled]",
    style: { "border-style": "dashed", color: token("--muted") },
  }, {
    selector: "node:selected",
    style: {
      "outline-width": 2,
      "outline-color": token("--accent"),
      "outline-offset": 3,
      "outline-opacity": 1,
    },
  }, {
    selector: "node.aim",
    style: {
      "outline-width": 2.5,
      "outline-color": token("--state-succeeded"),
      "outline-offset": 3,
      "outline-opacity": 1,
    },
  }, {
    selector: "node.refused",
    style: {
      "outline-width": 2.5,
      "outline-color": token("--state-failed"),
      "outline-style": "dashed",
      "outline-offset": 3,
      "outline-opacity": 1,
    },
  }, { selector: ".faded", style: { opacity: 0.3 } }];
}

function stateStyle(token: ReadToken): StylesheetJson {
  const states = taskRunStates.map((state) => {
    const { tone } = stateLooks[state];
    const colour = toneColour(token, tone);
    const quiet = tone === "pending" || tone === "skipped";
    return {
      selector: `node[state = "${state}"]`,
      style: {
        "border-color": quiet ? token("--line-strong") : colour,
        "border-width": quiet ? 1.25 : 1.75,
        "border-style": state === "SKIPPED" ? "dashed" as const : "solid" as const,
        "background-color": blend(colour, token("--raised"), quiet ? QUIET_GROUND : LOUD_GROUND),
        "background-image": stateImage(state, colour),
        "background-width": ICON_SIZE,
        "background-height": ICON_SIZE,
        "background-position-x": "11px",
        "background-position-y": "50%",
        "background-clip": "none" as const,
        "text-margin-x": ICON_SPACE / 2 - 2,
        ...(quiet ? { color: token("--muted") } : {}),
      },
    };
  });
  return [...states, {
    selector: 'node[state = "RUNNING"]',
    style: {
      "underlay-color": toneColour(token, "running"),
      "underlay-padding": 5,
      "underlay-shape": "round-rectangle",
      "underlay-opacity": 0.1,
    },
  }, {
    // Only where something breathes: while anything moves, the whole canvas is painted for every frame.
    selector: "node.breathing",
    style: {
      "transition-property": "underlay-opacity",
      "transition-duration": 0.9,
      "transition-timing-function": "ease-in-out",
    },
  }, { selector: "node.breath", style: { "underlay-opacity": 0.3 } }];
}

function edgeStyle(token: ReadToken): StylesheetJson {
  const conditions = Object.entries(conditionLooks).filter(([, look]) => look.labelled).map((
    [condition, look],
  ) => ({
    selector: `edge[condition = "${condition}"]`,
    style: {
      "line-style": look.line,
      "line-dash-pattern": look.line === "dashed" ? [6, 4] : [2, 4],
      "line-color": toneColour(token, look.tone),
      "target-arrow-color": toneColour(token, look.tone),
      color: toneColour(token, look.tone),
      "target-label": "data(targetWords)",
      "source-label": "data(sourceWords)",
      label: "data(middleWords)",
      // Only where there are words: each of these costs, and most lines have none.
      "font-family": token("--font-sans"),
      "font-size": 10,
      "min-zoomed-font-size": 7,
      "text-background-color": token("--surface"),
      "text-background-opacity": 1,
      "text-background-padding": "2px",
    },
  }));
  return [
    {
      selector: "edge",
      style: {
        width: 1.4,
        "curve-style": "round-taxi",
        "taxi-direction": "rightward",
        "taxi-turn": "data(turn)",
        "target-text-offset": 34,
        "source-text-offset": 30,
        "taxi-radius": 9,
        "source-endpoint": "90deg",
        "target-endpoint": "270deg",
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.75,
        "line-color": token("--line-strong"),
        "target-arrow-color": token("--line-strong"),
        "overlay-opacity": 0,
      },
    },
    {
      selector: 'edge[direction = "down"]',
      style: {
        "taxi-direction": "downward",
        "target-text-offset": 21,
        "source-text-offset": 18,
        "source-endpoint": "180deg",
        "target-endpoint": "0deg",
      },
    },
    {
      selector: 'edge[direction = "free"]',
      style: {
        "curve-style": "unbundled-bezier",
        "control-point-distances": [30],
        "control-point-weights": [0.5],
        "source-endpoint": "outside-to-node",
        "target-endpoint": "outside-to-node",
      },
    },
    ...conditions,
    {
      selector: "edge:selected",
      style: {
        width: 3,
        "line-color": token("--accent"),
        "target-arrow-color": token("--accent"),
        "underlay-color": token("--accent"),
        "underlay-padding": 4,
        "underlay-opacity": 0.18,
      },
    },
    {
      selector: "edge[?active]",
      style: {
        "line-color": toneColour(token, "running"),
        "target-arrow-color": toneColour(token, "running"),
        width: 2,
      },
    },
  ];
}

function toneColour(token: ReadToken, tone: Tone): string {
  return token(`--state-${tone}`);
}

/** Red, green and blue of #rrggbb, or of #rgb, to which a bundler shortens it. */
function channels(colour: string): readonly number[] {
  const hex = colour.trim().replace("#", "");
  const long = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((start) => Number.parseInt(long.slice(start, start + 2), 16));
}
