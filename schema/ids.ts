/** Global ids: opaque to clients, `Type:number` in base64url to us. */

/** Types that have a global id; all but ApiToken can be looked up by `node`. */
export type IdType =
  | "User"
  | "ApiToken"
  | "Project"
  | "Container"
  | "Task"
  | "Relation"
  | "Run"
  | "TaskRun"
  | "Attempt"
  | "Agent"
  | "Message";

/** Stands for an id that is no id of the asked type: no row ever has it, so it is not found. */
export const NO_ID = 0;

/** Longer than any id of ours. */
const MOST_CHARACTERS = 64;
const form = /^([A-Za-z]+):([1-9][0-9]{0,15})$/;

export function encodeId(type: string, id: number): string {
  // Letters, digits and the colon never give one of the two characters in which base64url differs from base64.
  const text = btoa(`${type}:${id}`);
  const padding = text.indexOf("=");
  return padding === -1 ? text : text.slice(0, padding);
}

/** The row's id, or NO_ID for garbage and for an id of another type. */
export function decodeId(type: IdType, text: string): number {
  const parts = splitId(text);
  return parts !== null && parts.type === type ? parts.id : NO_ID;
}

/** The same for an argument that may be left out. */
export function decodeOptionalId(type: IdType, text: string | null | undefined): number | null | undefined {
  return text === null || text === undefined ? text : decodeId(type, text);
}

/** What an id says that it is; null for garbage. */
export function splitId(text: string): { readonly type: string; readonly id: number } | null {
  if (text.length > MOST_CHARACTERS || !/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) return null;
  const match = form.exec(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  const [, type, digits] = match ?? [];
  if (type === undefined || digits === undefined) return null;
  const id = Number(digits);
  // Only the one spelling of an id that we would give is an id, so that ids can be compared as text.
  return Number.isSafeInteger(id) && encodeId(type, id) === text ? { type, id } : null;
}
