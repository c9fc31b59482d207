/** What holds for every answer, whatever it is. */

/** For what is no page: nothing in it may do anything. */
const NO_PAGE_POLICY = "default-src 'none'; frame-ancestors 'none'";

export function secure(response: Response): Response {
  const { headers } = response;
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "no-referrer");
  headers.set("x-frame-options", "DENY");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("cross-origin-resource-policy", "same-origin");
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", NO_PAGE_POLICY);
  return response;
}
