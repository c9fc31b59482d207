/** Whether the server can do its work, for who watches over it. */
import type { Log } from "../log.ts";

/** Each check answers within this, or its part counts as gone. */
const CHECK_MS = 2_000;

/** What the server needs for its work: each rejects when it is not there, with words for anybody. */
export type HealthChecks = Readonly<Record<string, () => Promise<void>>>;

/** Thrown by a check; any other error is for the log alone. */
export class UnhealthyError extends Error {}

/** Many who ask at once cost one look. */
export function createHealth(checks: HealthChecks, log: Log): () => Promise<Response> {
  let looking: Promise<Readonly<Record<string, string>>> | null = null;
  let known = new Set<string>();

  async function look(): Promise<Readonly<Record<string, string>>> {
    const found = await Promise.all(
      Object.entries(checks).map(async ([part, check]) => ({ part, error: await errorOf(check) })),
    );
    const faults = found.filter(({ error }) => error !== null);
    // Told once each: a monitor asks every few seconds.
    for (const { part, error } of faults) {
      if (!known.has(part)) log.warn(`The server cannot do its work: ${part}`, { error });
    }
    const parts = new Set(faults.map(({ part }) => part));
    for (const part of known) if (!parts.has(part)) log.info(`The server can do its work again: ${part}`);
    known = parts;
    looking = null;
    return Object.fromEntries(faults.map(({ part, error }) => [
      part,
      error instanceof UnhealthyError ? error.message : "It does not answer",
    ]));
  }

  return async () => {
    const reasons = await (looking ??= look());
    const [first] = Object.keys(reasons);
    return first === undefined
      ? Response.json({ status: "ok" })
      : Response.json({ status: `${first} unavailable`, reasons }, { status: 503 });
  };
}

async function errorOf(check: () => Promise<void>): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${CHECK_MS} ms`)), CHECK_MS);
  });
  try {
    await Promise.race([check(), late]);
    return null;
  } catch (error) {
    return error;
  } finally {
    clearTimeout(timer);
  }
}
