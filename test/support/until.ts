/** Waiting for a condition instead of for a time. */
import { deepStrictEqual } from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

const LOOK_MS = 5;
const PATIENCE_MS = 20_000;

/** Answers the first value that is neither null, undefined nor false. */
export async function until<T>(
  what: string,
  find: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const found = await find();
    if (found !== null && found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`Waited in vain until ${what}`);
}

/** Reads until it is what is wanted; when it never is, the difference is told. */
export async function untilEqual<T>(what: string, read: () => T | Promise<T>, wanted: T): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let last = await read();
  while (!isDeepStrictEqual(last, wanted) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    last = await read();
  }
  deepStrictEqual(last, wanted, `Waited in vain until ${what}: ${Deno.inspect(last)}`);
}
