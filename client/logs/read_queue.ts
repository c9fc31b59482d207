/** One read of an output at a time: pages fit together only when each begins where the one before it ended. */
import { type Accessor, createSignal } from "solid-js";

export interface ReadQueue {
  /** A read is on its way. */
  readonly busy: Accessor<boolean>;
  readonly add: <T>(read: () => Promise<T>) => Promise<T>;
}

export function createReadQueue(): ReadQueue {
  const [busy, setBusy] = createSignal(false);
  let waiting = 0;
  let latest: Promise<unknown> = Promise.resolve();
  return {
    busy,
    add: (read) => {
      waiting++;
      setBusy(true);
      // Whoever asked for the one before is told how it went; the next one is read all the same.
      const turn = latest.then(read, read).finally(() => {
        waiting--;
        if (waiting === 0) setBusy(false);
      });
      latest = turn;
      return turn;
    },
  };
}
