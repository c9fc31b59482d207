/** Whether the server can do its work, for who watches over it. */
import type { Log } from "../log.ts";

/** The database answers within this, or it counts as gone. */
const HEALTH_MS = 2_000;

/** `databaseAnswers` rejects when the database is gone. Many who ask at once cost one look. */
export function createHealth(databaseAnswers: () => Promise<void>, log: Log): () => Promise<Response> {
  let looking: Promise<boolean> | null = null;
  let well = true;

  async function look(): Promise<boolean> {
    try {
      await within(databaseAnswers(), HEALTH_MS);
      if (!well) log.info("The database answers again");
      well = true;
    } catch (error) {
      // Told once: a monitor asks every few seconds.
      if (well) log.warn("The database does not answer", { error });
      well = false;
    } finally {
      looking = null;
    }
    return well;
  }

  return async () =>
    await (looking ??= look())
      ? Response.json({ status: "ok" })
      : Response.json({ status: "database unavailable" }, { status: 503 });
}

async function within(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
