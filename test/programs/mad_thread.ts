/** A thread whose clock is mad: its own program stands in the address behind the #. */
import "./mad_clock.ts";

const early: MessageEvent[] = [];
const keep = (event: Event): void => {
  if (event instanceof MessageEvent) early.push(event);
};

// What is said to the program before it listens is said again.
globalThis.addEventListener("message", keep);
await import(decodeURIComponent(location.hash.slice(1)));
globalThis.removeEventListener("message", keep);
for (const { data, ports } of early) {
  globalThis.dispatchEvent(new MessageEvent("message", { data, ports: [...ports] }));
}
