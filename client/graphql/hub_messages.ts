/** What a tab and the worker that holds the tabs' lines say to each other. */
import type { LineRequest, LineResult } from "./line.ts";

/** A tab is silent when it was killed; one in the background still says once a minute that it is there. */
export const ALIVE_MS = 20_000;
export const GONE_MS = 180_000;

export type TabMessage =
  /** First of all. Who is signed in: no line is shared by two people. */
  | { readonly kind: "join"; readonly viewerId: string }
  | { readonly kind: "subscribe"; readonly id: number; readonly request: LineRequest }
  | { readonly kind: "end"; readonly id: number }
  | { readonly kind: "alive" }
  /** Last of all. */
  | { readonly kind: "leave"; readonly reason: "left" | "dead" };

export type HubMessage =
  | { readonly kind: "connected" }
  | { readonly kind: "next"; readonly id: number; readonly result: LineResult }
  | { readonly kind: "complete"; readonly id: number }
  | { readonly kind: "error"; readonly id: number };
