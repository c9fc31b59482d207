/** Which rows are ticked. Rows that leave the page are no longer ticked: nothing is done to what is not seen. */
import { type Accessor, createEffect, createSignal } from "solid-js";

export interface Selection {
  readonly ids: Accessor<readonly string[]>;
  readonly has: (id: string) => boolean;
  readonly toggle: (id: string) => void;
  readonly setAll: (ids: readonly string[], ticked: boolean) => void;
  readonly clear: () => void;
}

export function createSelection(present: Accessor<readonly string[]>): Selection {
  const [ids, setIds] = createSignal<readonly string[]>([]);
  createEffect(() => {
    const there = new Set(present());
    setIds((ticked) => ticked.every((id) => there.has(id)) ? ticked : ticked.filter((id) => there.has(id)));
  });
  return {
    ids,
    has: (id) => ids().includes(id),
    toggle: (id) =>
      setIds((ticked) => ticked.includes(id) ? ticked.filter((one) => one !== id) : [...ticked, id]),
    setAll: (all, ticked) => setIds(ticked ? all : []),
    clear: () => setIds([]),
  };
}
