/** Waiting for a condition instead of for a time. */

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
