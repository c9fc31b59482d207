/** What is folded on the live console: all of it at once, or single runs and tasks against that. */
import { type Accessor, createSignal } from "solid-js";

export interface Folds {
  readonly folded: (id: string) => boolean;
  readonly toggle: (id: string) => void;
  readonly allFolded: Accessor<boolean>;
  readonly toggleAll: () => void;
}

export function createFolds(): Folds {
  const [all, setAll] = createSignal(false);
  const [others, setOthers] = createSignal<ReadonlySet<string>>(new Set());
  return {
    folded: (id) => all() !== others().has(id),
    toggle: (id) =>
      void setOthers((present) => {
        const next = new Set(present);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    allFolded: all,
    toggleAll: () => {
      setOthers(new Set<string>());
      setAll(!all());
    },
  };
}
