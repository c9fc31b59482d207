/** What holds for every answer, whatever it is. */

/** For what is no page: nothing in it may do anything. */
const NO_PAGE_POLICY = "default-src 'none'; frame-ancestors 'none'";

const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
} as const;

export function secure(response: Response): Response {
  const { headers } = response;
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", NO_PAGE_POLICY);
  return response;
}

/** A whole answer for a connection whose request could not be read. */
export function plainAnswer(status: string, text: string): string {
  const headers = {
    ...HEADERS,
    "content-security-policy": NO_PAGE_POLICY,
    "content-type": "text/plain; charset=utf-8",
    "content-length": text.length,
    "connection": "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join("")}\r\n${text}`;
}
