/**
 * Output passes on its way to the database as pieces that live for milliseconds, but the runtime counts them among what
 * lives long, and looks at that only when it has grown fourfold: a server that stored a quarter of a gigabyte kept as
 * much again. So after so many bytes it is made to look, which takes a small part of the time that storing them takes.
 * The start command exposes the means (`--expose-gc`), keeps the young generation small and lets all threads share one
 * heap of the C library, so that what one gives back another takes; without these, everything works and takes more memory.
 */

/** Is told what has passed. */
export type PassedOn = (bytes: number) => void;

export function createCollector(everyBytes: number, collect = exposedCollector()): PassedOn {
  let passed = 0;
  return (bytes) => {
    passed += bytes;
    if (passed < everyBytes) return;
    passed = 0;
    collect();
  };
}

function exposedCollector(): () => void {
  // Not in the types: it is there when the runtime was started with the flag.
  const { gc } = globalThis as { gc?: () => void };
  // Without an argument: given one that is undefined, the runtime looked at the young only.
  return gc === undefined ? () => {} : () => gc();
}
