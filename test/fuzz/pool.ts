/** What earlier answers gave, to be used again: ids by type, cursors and instants. */
import { splitId } from "../../schema/ids.ts";
import type { Random } from "../support/random.ts";

/** Of each kind; older ones are forgotten. */
const MAX_KEPT = 40;
/** Most calls are about the same few things, so that they meet. */
const NEWEST_SHARE = 0.6;
const MAX_NEWEST = 3;
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const CURSOR = /cursor/i;
/** The ids of what was deleted are kept beside the others. */
export const DELETED = "deleted";
export const CURSORS = "cursors";
export const INSTANTS = "instants";
/** Of streams that were reserved. */
export const STREAM_TOKENS = "stream tokens";

export interface Pool {
  /** Remembers what an answer holds. */
  read(answer: unknown): void;
  keep(kind: string, text: string): void;
  /** Undefined when there is none of this kind. */
  pick(kind: string, random: Random): string | undefined;
  kinds(): readonly string[];
}

export function createPool(): Pool {
  const kept = new Map<string, string[]>();

  function keep(kind: string, text: string): void {
    const texts = kept.get(kind) ?? [];
    if (texts.includes(text)) return;
    kept.set(kind, [...texts.slice(-MAX_KEPT + 1), text]);
  }

  function visit(key: string, value: unknown): void {
    if (typeof value === "object" && value !== null) {
      for (const [name, part] of Object.entries(value)) visit(Array.isArray(value) ? key : name, part);
    } else if (typeof value === "string") visitText(key, value);
  }

  function visitText(key: string, text: string): void {
    const id = splitId(text);
    if (key.startsWith("deletedId")) {
      for (const [kind, texts] of kept) kept.set(kind, texts.filter((other) => other !== text));
      keep(DELETED, text);
    } else if (id !== null) keep(id.type, text);
    else if (CURSOR.test(key)) keep(CURSORS, text);
    else if (INSTANT.test(text)) keep(INSTANTS, text);
  }

  return {
    keep,
    read: (answer) => visit("", answer),
    pick(kind, random): string | undefined {
      const texts = kept.get(kind) ?? [];
      const newest = random.next() < NEWEST_SHARE ? texts.slice(-MAX_NEWEST) : texts;
      return texts.length === 0 ? undefined : random.pick(newest);
    },
    kinds: () => [...kept.keys()],
  };
}
