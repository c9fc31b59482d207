/** Text as base64url: the form of ids and cursors. */
import { Buffer } from "node:buffer";

export function encodeText(text: string): string {
  return Buffer.from(text).toString("base64url");
}

/** Null unless it is spelled as `encodeText` does, so that ids can be compared as they are. */
export function decodeText(text: string): string | null {
  const decoded = Buffer.from(text, "base64url").toString();
  return encodeText(decoded) === text ? decoded : null;
}
