/** Which two versions a page compares, by its address. */
import { single } from "../lib/paging.ts";

export interface ComparedVersions {
  readonly version: number;
  /** 0: nothing, as before the first version. */
  readonly against: number;
}

interface VersionAddress {
  readonly version?: string | readonly string[] | undefined;
  readonly against?: string | readonly string[] | undefined;
}

/** The newest version against the one before it, unless the address says otherwise. */
export function readVersionAddress(address: VersionAddress, newest: number): ComparedVersions {
  const version = readNumber(address.version, 1, newest) ?? newest;
  return { version, against: readNumber(address.against, 0, newest) ?? version - 1 };
}

/** Where a version is shown, on the page of its container. */
export function versionAddress(version: number): string {
  return `?tab=versions&version=${version}`;
}

function readNumber(
  word: string | readonly string[] | undefined,
  least: number,
  most: number,
): number | null {
  const text = single(word);
  if (text === undefined || !/^\d{1,9}$/.test(text)) return null;
  const number = Number(text);
  return number >= least && number <= most ? number : null;
}
