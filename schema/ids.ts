/** Global ids: opaque to clients, `Type:number` in base64url to us. */
import { decodeText, encodeText } from "./base64url.ts";

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
  | "Server"
  | "AuditEntry"
  | "Message"
  | "Variable";

/** Stands for an id that is no id of the asked type: no row ever has it, so it is not found. */
export const NO_ID = 0;

/** Longer than any id of ours. */
const MAX_CHARACTERS = 64;
const form = /^([A-Za-z]+):([1-9][0-9]{0,15})$/;

export function encodeId(type: string, id: number): string {
  return encodeText(`${type}:${id}`);
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
  if (text.length > MAX_CHARACTERS) return null;
  const [, type, digits] = form.exec(decodeText(text) ?? "") ?? [];
  if (type === undefined || digits === undefined) return null;
  const id = Number(digits);
  return Number.isSafeInteger(id) ? { type, id } : null;
}
