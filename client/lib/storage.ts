/** What this browser remembers for its user. A browser that forbids it forgets: nothing may depend on it. */

export interface Memory {
  read(key: string): string | null;
  write(key: string, value: string): void;
}

/** The browser's local storage, or one that lasts as long as the page when that is blocked. */
export function openMemory(storage: () => Storage): Memory {
  const kept = new Map<string, string>();
  const attempt = <T>(use: (storage: Storage) => T, otherwise: T): T => {
    try {
      return use(storage());
    } catch {
      return otherwise; // Blocked or full: the page's own memory serves.
    }
  };
  return {
    read: (key) => kept.get(key) ?? attempt((store) => store.getItem(`orrery.${key}`), null),
    write: (key, value) => {
      kept.set(key, value);
      attempt((store) => store.setItem(`orrery.${key}`, value), undefined);
    },
  };
}
