/** The delay before the next try after `failures` in a row: the first one, doubled with each failure up to the limit. */
export function backoff(failures: number, first: number, limit: number): number {
  return Math.min(limit, first * 2 ** Math.max(0, failures - 1));
}
