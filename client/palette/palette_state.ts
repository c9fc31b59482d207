/** What the palette offers for what was typed, in which order. */
import { go } from "fuzzysort";

export type PaletteGroup = "pages" | "containers" | "runs" | "actions";
/** The order in which groups stand. */
export const paletteGroups: readonly PaletteGroup[] = ["pages", "containers", "runs", "actions"];

export interface PaletteItem {
  readonly id: string;
  readonly group: PaletteGroup;
  readonly label: string;
  /** Other words that lead here. */
  readonly words?: string;
  /** The server has found it already: it is not judged again. */
  readonly found?: boolean;
}

export interface RankedItem<Item extends PaletteItem> {
  readonly item: Item;
  /** Positions in the label that the typed letters stand at. */
  readonly marks: ReadonlySet<number>;
}

/** Of groups that grow; pages are all listed. */
const MAX_IN_GROUP = 10;
/** How well something has to fit, from 0 to 1. */
const MIN_SCORE = 0.35;

/** The items that fit, best first inside each group; all of them, in their own order, while nothing is typed. */
export function rankItems<Item extends PaletteItem>(
  items: readonly Item[],
  typed: string,
): readonly RankedItem<Item>[] {
  const text = typed.trim();
  const ranked = text === ""
    ? items.map((item) => ({ item, marks: new Set<number>() }))
    : search(items, text);
  return paletteGroups.flatMap((group) =>
    ranked.filter(({ item }) => item.group === group).slice(0, group === "pages" ? undefined : MAX_IN_GROUP)
  );
}

function search<Item extends PaletteItem>(items: readonly Item[], text: string): readonly RankedItem<Item>[] {
  const matches = go(text, items, {
    keys: ["label", (item) => item.words ?? ""],
    limit: 0,
    threshold: MIN_SCORE,
  });
  const judged = matches.map(({ obj: item, 0: label }) => ({ item, marks: new Set(label?.indexes ?? []) }));
  const known = new Set(judged.map(({ item }) => item.id));
  const others = items.filter(({ id, found }) => found === true && !known.has(id))
    .map((item) => ({ item, marks: new Set<number>() }));
  return [...judged, ...others];
}

/** The place after a step, round the ends. */
export function stepPlace(place: number, step: number, count: number): number {
  return count === 0 ? -1 : (place + step + count) % count;
}

/** The label cut where marks begin and end. */
export function markedParts(
  label: string,
  marks: ReadonlySet<number>,
): readonly { readonly text: string; readonly marked: boolean }[] {
  const parts: { text: string; marked: boolean }[] = [];
  for (let index = 0; index < label.length; index++) {
    const marked = marks.has(index);
    const last = parts.at(-1);
    if (last?.marked === marked) last.text += label.charAt(index);
    else parts.push({ text: label.charAt(index), marked });
  }
  return parts;
}
