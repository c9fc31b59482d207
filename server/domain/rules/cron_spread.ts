/** The stable spread that `H` asks for: containers with one expression start at different times, each always at its own. */
import type { FieldKind } from "./cron_field.ts";

const salts: Readonly<Record<FieldKind, number>> = {
  second: 1,
  minute: 2,
  hour: 3,
  day: 4,
  month: 5,
  weekday: 6,
  year: 7,
};

/** A number from 0 to span - 1 that the container and the field alone decide. */
export function spreadOffset(containerId: number, kind: FieldKind, span: number): number {
  return mix(Math.imul(containerId, 8) + salts[kind]) % span;
}

/** The last step of MurmurHash3: neighbouring numbers come out far apart. */
function mix(seed: number): number {
  let hash = seed | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
