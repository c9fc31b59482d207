/** The ids that were added last; older ones are forgotten, so that it never grows past its limit. */
export interface RecentIds {
  add(id: number): void;
  has(id: number): boolean;
}

export function createRecentIds(limit: number): RecentIds {
  const ids = new Set<number>();
  return {
    add(id): void {
      ids.add(id);
      if (ids.size <= limit) return;
      for (const oldest of ids) {
        ids.delete(oldest);
        return;
      }
    },
    has: (id) => ids.has(id),
  };
}
