/** The states' icons for the canvas, which cannot hold a component: small SVG images in the colours of the theme. */
import { type StateLook, stateLooks } from "../lib/states.ts";
import type { TaskRunState } from "../../schema/states.ts";

/** Drawn on a field of 24 by 24, as lucide's are. */
const strokes: { readonly [I in StateLook["icon"]]: string } = {
  clock: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>',
  hourglass: '<path d="M6 3h12M6 21h12M7 3v4l5 5 5-5V3M7 21v-4l5-5 5 5v4"/>',
  orrery:
    '<circle cx="12" cy="12" r="9" opacity=".5"/><circle cx="12" cy="12" r="3"/><circle cx="12" cy="3" r="2"/>',
  check: '<path d="M4 12.5l5.5 5.5L20 7"/>',
  cross: '<path d="M6 6l12 12M18 6L6 18"/>',
  timer: '<circle cx="12" cy="14" r="8"/><path d="M12 14l3-3M10 2h4"/>',
  stop: '<circle cx="12" cy="12" r="9"/><path d="M6 6l12 12"/>',
  skip: '<path d="M6 5l9 7-9 7zM19 5v14"/>',
  lost: '<path d="M4 4l16 16M9 15l-3 3a3 3 0 01-4-4l3-3M15 9l3-3a3 3 0 014 4l-3 3"/>',
};

/** The icon of a state as a data URL; `colour` is #rrggbb. */
export function stateImage(state: TaskRunState, colour: string): string {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" ` +
    `stroke="${colour}" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">` +
    `${strokes[stateLooks[state].icon]}</svg>`;
  return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
}
