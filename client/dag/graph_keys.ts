/** What a key does while the drawing of a graph has the focus. */
import { GRID } from "./graph_edit_state.ts";

export type GraphCommand =
  /** To the next task that way; `extend` keeps what is selected. */
  | { readonly kind: "step"; readonly key: string; readonly extend: boolean }
  | { readonly kind: "nudge"; readonly x: number; readonly y: number }
  | { readonly kind: "confirm" }
  | { readonly kind: "cancel" }
  | { readonly kind: "remove" }
  | { readonly kind: "link" }
  | { readonly kind: "all" }
  | { readonly kind: "tidy" }
  | { readonly kind: "fit" }
  | { readonly kind: "create" }
  | { readonly kind: "zoom"; readonly step: 1 | -1 };

interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-GRID, 0],
  ArrowRight: [GRID, 0],
  ArrowUp: [0, -GRID],
  ArrowDown: [0, GRID],
};

const plainKeys: Readonly<Record<string, GraphCommand>> = {
  Enter: { kind: "confirm" },
  Escape: { kind: "cancel" },
  Delete: { kind: "remove" },
  Backspace: { kind: "remove" },
  l: { kind: "link" },
  t: { kind: "tidy" },
  f: { kind: "fit" },
  n: { kind: "create" },
  "+": { kind: "zoom", step: 1 },
  "=": { kind: "zoom", step: 1 },
  "-": { kind: "zoom", step: -1 },
};

/** Null for a key that is not the drawing's. */
export function graphCommand(pressed: Pressed): GraphCommand | null {
  const { key } = pressed;
  const held = pressed.ctrlKey || pressed.metaKey;
  if (pressed.altKey) return null;
  const arrow = arrows[key];
  if (arrow !== undefined) {
    const [x, y] = arrow;
    return held ? { kind: "nudge", x, y } : { kind: "step", key, extend: pressed.shiftKey };
  }
  if (held) return key.toLowerCase() === "a" ? { kind: "all" } : null;
  return plainKeys[key] ?? null;
}
