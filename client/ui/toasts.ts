/** Short messages at the edge of the page. Bad news stays until it is dismissed, all other messages go by themselves. */
import { type Accessor, createSignal } from "solid-js";
import type { Tone } from "../lib/states.ts";

const PASSING_MS = 4_000;
/** More would hide the page; the oldest goes. */
const MAX_TOASTS = 4;

export interface Toast {
  readonly id: number;
  readonly tone: Tone;
  readonly text: string;
}

export interface Toasts {
  readonly list: Accessor<readonly Toast[]>;
  readonly good: (text: string) => void;
  /** What is neither good nor bad: a run that was cancelled. */
  readonly neutral: (text: string) => void;
  readonly bad: (text: string) => void;
  readonly dismiss: (id: number) => void;
}

export function createToasts(): Toasts {
  const [list, setList] = createSignal<readonly Toast[]>([]);
  let lastId = 0;
  const dismiss = (id: number): void => {
    setList((toasts) => toasts.filter((toast) => toast.id !== id));
  };
  const show = (tone: Tone, text: string): number => {
    const toast = { id: ++lastId, tone, text };
    setList((toasts) => [...toasts, toast].slice(-MAX_TOASTS));
    return toast.id;
  };
  const pass = (tone: Tone, text: string): void => {
    const id = show(tone, text);
    setTimeout(() => dismiss(id), PASSING_MS);
  };
  return {
    list,
    good: (text) => pass("succeeded", text),
    neutral: (text) => pass("cancelled", text),
    bad: (text) => void show("failed", text),
    dismiss,
  };
}
