/** A bar that stands at the foot of the page says how high it is, as --foot: short messages are shown above it. */
import { onCleanup } from "solid-js";

export function markFoot(bar: HTMLElement): void {
  const { style } = document.documentElement;
  const sized = new ResizeObserver(() => style.setProperty("--foot", `${bar.offsetHeight}px`));
  sized.observe(bar);
  onCleanup(() => {
    sized.disconnect();
    style.removeProperty("--foot");
  });
}
