/** Answers of pure functions that thousands of containers ask for: kept, so that one evaluation serves them all. */
export interface Memo<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

/** Over the limit the entry that was set first goes. */
export function createMemo<V>(limit: number): Memo<V> {
  const entries = new Map<string, V>();
  return {
    get: (key) => entries.get(key),
    set(key, value): void {
      // Set again, it is the newest.
      entries.delete(key);
      entries.set(key, value);
      const [oldest] = entries.keys();
      if (entries.size > limit && oldest !== undefined) entries.delete(oldest);
    },
  };
}
