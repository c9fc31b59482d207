/** Whether the window is of a kind, e.g. "(max-width: 960px)": for what is built otherwise there, not only laid out otherwise. */
import { type Accessor, createSignal, onCleanup } from "solid-js";

export function createMedia(query: string): Accessor<boolean> {
  const list = matchMedia(query);
  const [matches, setMatches] = createSignal(list.matches);
  const follow = (): void => {
    setMatches(list.matches);
  };
  list.addEventListener("change", follow);
  onCleanup(() => list.removeEventListener("change", follow));
  return matches;
}
