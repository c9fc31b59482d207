/** How the fires to come are laid on a strip: equal slices of time, each with what fires in it. */

export interface Fire {
  readonly at: string;
  readonly container: { readonly id: string; readonly name: string };
}

export interface SliceContainer {
  readonly id: string;
  readonly name: string;
  readonly fires: readonly string[];
}

export interface Slice {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** 0 to 1, of the fullest slice; a root, so that a busy slice does not flatten the others to nothing. */
  readonly level: number;
  readonly containers: readonly SliceContainer[];
  /** The answer ended before this slice: it may have fires that are not known. */
  readonly unknown: boolean;
}

export interface UpcomingLayout {
  readonly from: number;
  readonly sliceMs: number;
  readonly hours: number;
  readonly count: number;
}

/** `complete`: the answer has every fire of the time; else none is known after the last one. */
export function layUpcoming(
  fires: readonly Fire[],
  complete: boolean,
  { from, sliceMs, count }: UpcomingLayout,
): readonly Slice[] {
  const knownTo = complete ? Infinity : Date.parse(fires.at(-1)?.at ?? new Date(from).toISOString());
  const bySlice = new Map<number, Fire[]>();
  for (const fire of fires) {
    const index = Math.floor((Date.parse(fire.at) - from) / sliceMs);
    if (index < 0 || index >= count) continue;
    const held = bySlice.get(index);
    if (held === undefined) bySlice.set(index, [fire]);
    else held.push(fire);
  }
  const fullest = Math.max(1, ...[...bySlice.values()].map(({ length }) => length));
  return Array.from({ length: count }, (_slice, index) => {
    const held = bySlice.get(index) ?? [];
    const begin = from + index * sliceMs;
    return {
      from: begin,
      to: begin + sliceMs,
      count: held.length,
      level: Math.sqrt(held.length / fullest),
      containers: groupByContainer(held),
      unknown: begin > knownTo,
    };
  });
}

/** The strip begins with the slice that the present lies in, so that slices are full quarters or halves of an hour. */
export function planUpcoming(now: number, hours: number, sliceMinutes: number): UpcomingLayout {
  const sliceMs = sliceMinutes * 60_000;
  return {
    from: Math.floor(now / sliceMs) * sliceMs,
    sliceMs,
    hours,
    count: Math.ceil((hours * 60) / sliceMinutes),
  };
}

/** Where the first fire lies; 0 when there is none. */
export function firstBusy(slices: readonly Slice[]): number {
  return Math.max(0, slices.findIndex(({ count }) => count > 0));
}

/** Where the focus goes by a key; null: the key is not for the strip. */
export function moveOnStrip(index: number, key: string, count: number): number | null {
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, index - 1);
    case "ArrowRight":
      return Math.min(count - 1, index + 1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

function groupByContainer(fires: readonly Fire[]): readonly SliceContainer[] {
  const found = new Map<string, { id: string; name: string; fires: string[] }>();
  for (const { at, container } of fires) {
    const held = found.get(container.id);
    if (held === undefined) found.set(container.id, { id: container.id, name: container.name, fires: [at] });
    else held.fires.push(at);
  }
  return [...found.values()];
}
