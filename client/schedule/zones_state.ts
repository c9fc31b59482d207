/** Time zones found by what people type of them: "berlin", "new york", "asia/k", "+05:30". */
import { isKnownZone } from "../lib/time.ts";

export interface Zone {
  readonly id: string;
  /** "+02:00" at that instant. */
  readonly offset: string;
}

const UTC = "UTC";
/** Names of today that browsers know, but list by an older one. */
const renamed = [
  "America/Argentina/Buenos_Aires",
  "America/Atikokan",
  "America/Indiana/Indianapolis",
  "America/Kentucky/Louisville",
  "America/Nuuk",
  "Asia/Ho_Chi_Minh",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Asia/Yangon",
  "Atlantic/Faroe",
  "Europe/Kyiv",
  "Pacific/Chuuk",
  "Pacific/Kanton",
  "Pacific/Pohnpei",
] as const;

/** Every zone that the browser knows, the likely ones first: UTC, the reader's own, and the one that is set. */
export function listZones(known: readonly string[], own: string, current: string): readonly string[] {
  const likely = [UTC, own, ...(isKnownZone(current) ? [current] : [])];
  const all = new Set([...known, ...renamed.filter(isKnownZone)]);
  return [...new Set([...likely, ...[...all].sort()])];
}

/** The zones that fit the text, at most so many, those first of which a word begins with it. */
export function matchZones(
  zones: readonly string[],
  text: string,
  at: number,
  most: number,
): readonly Zone[] {
  const wanted = simplify(text);
  const offsetWanted = /^[+-]\d/.test(text.trim());
  const named = zones.filter((zone) => simplify(zone).includes(wanted));
  const begins = (zone: string): boolean => ` ${simplify(zone)}`.includes(` ${wanted}`);
  const found = offsetWanted
    ? zones.filter((zone) => offsetOf(zone, at).startsWith(text.trim()))
    : wanted === ""
    ? zones
    : [...named.filter(begins), ...named.filter((zone) => !begins(zone))];
  // A zone that the list lacks, such as an old name, is offered when it is typed in full.
  const typed = text.trim();
  const whole = found.length === 0 && isKnownZone(typed) ? [typed] : found;
  return whole.slice(0, most).map((id) => ({ id, offset: offsetOf(id, at) }));
}

/** "+02:00", "+00:00" for UTC. */
export function offsetOf(zone: string, at: number): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(
    at,
  );
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return name.replace("GMT", "") || "+00:00";
}

function simplify(text: string): string {
  return text.trim().toLowerCase().replaceAll(/[/_\s-]+/g, " ");
}
