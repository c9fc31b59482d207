/**
 * Reading pages of an output: one at a time, since pages fit together only when each begins where the one before it ended,
 * and so that one that fails takes nothing away of what is held.
 */
import { type Accessor, createSignal } from "solid-js";
import type { LogBuffer } from "./log_state.ts";

/** A page that could not be read. The lines that are held stay. */
export interface PageFault {
  /** Where the page would have come. */
  readonly side: "older" | "newer";
  /** A sentence for people. */
  readonly message: string;
  readonly again: () => void;
}

export interface AskedPage<T> {
  readonly side: PageFault["side"];
  /** The answer when it could not be read. */
  readonly otherwise: T;
  /** What the fault offers; left out: the same read. */
  readonly again?: () => void;
  readonly work: (held: LogBuffer) => Promise<T>;
}

export interface PageReads {
  /** A read is on its way. */
  readonly busy: Accessor<boolean>;
  /** Reads in turn; what fails is thrown. */
  readonly add: <T>(read: () => Promise<T>) => Promise<T>;
  /** Reads in turn beside what is held; what fails is told by `fault`. */
  readonly page: <T>(asked: AskedPage<T>) => Promise<T>;
  readonly fault: Accessor<PageFault | null>;
  /** What was not read is no longer missed. */
  readonly forget: () => void;
}

export function createPageReads(log: Accessor<LogBuffer>): PageReads {
  const [busy, setBusy] = createSignal(false);
  const [fault, setFault] = createSignal<PageFault | null>(null);
  let waiting = 0;
  let latest: Promise<unknown> = Promise.resolve();
  const add = <T>(read: () => Promise<T>): Promise<T> => {
    waiting++;
    setBusy(true);
    // Whoever asked for the one before is told how it went; the next one is read all the same.
    const turn = latest.then(read, read).finally(() => {
      waiting--;
      if (waiting === 0) setBusy(false);
    });
    latest = turn;
    return turn;
  };
  const page = <T>(asked: AskedPage<T>): Promise<T> =>
    add(async () => {
      const { side } = asked;
      const held = log();
      try {
        const answer = await asked.work(held);
        setFault((present) => present?.side === side ? null : present);
        return answer;
      } catch (thrown) {
        const again = asked.again ?? (() => void page(asked));
        if (held === log()) setFault({ side, message: messageOf(thrown), again });
        return asked.otherwise;
      }
    });
  return { busy, add, page, fault, forget: () => void setFault(null) };
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
