/**
 * Takes folders of attempts that are over to be used again, and deletes the others in the background: under load a
 * deletion waits for the file system longer than a process takes to start, and whoever waits for it starts none.
 */
import type { AgentLog } from "../options.ts";

/** At once; the rest waits. */
const REMOVALS_AT_ONCE = 2;

type Reuse = (path: string) => string | null;

export interface Removal {
  add(path: string): void;
  /** Ends when all are gone that were added before. */
  finish(): Promise<void>;
}

/** `reuse` answers where a folder is that it has no use for; null when it has taken it. */
export function createRemoval(log: AgentLog, reuse: Reuse): Removal {
  const waiting: string[] = [];
  const underWay = new Set<Promise<void>>();

  function removeNext(): void {
    const path = waiting.pop();
    if (path === undefined) return;
    const removal = removeFolder(path, log, reuse).finally(() => {
      underWay.delete(removal);
      removeNext();
    });
    underWay.add(removal);
  }

  return {
    add(path): void {
      waiting.push(path);
      if (underWay.size < REMOVALS_AT_ONCE) removeNext();
    },
    async finish(): Promise<void> {
      while (underWay.size > 0) await Promise.race(underWay);
    },
  };
}

async function removeFolder(path: string, log: AgentLog, reuse: Reuse): Promise<void> {
  try {
    const left = reuse(path);
    if (left !== null) await Deno.remove(left, { recursive: true });
  } catch (error) {
    // Gone already, or it is swept away later.
    if (!(error instanceof Deno.errors.NotFound)) log.warn(`Cannot remove "${path}"`, { error });
  }
}
