/** Work that waits for another attempt of this agent, which has not succeeded yet. */
import type { Work } from "../port.ts";

export interface Follower {
  readonly work: Work;
  /** Counts the starts of this attempt, as in the launch queue. */
  readonly generation: number;
}

export interface Followers {
  /** The work has to follow an attempt. */
  add(follower: Follower): void;
  has(attemptId: number): boolean;
  /** What follows the attempt, which waits here no more. */
  take(attemptId: number): readonly Follower[];
  /** Takes one out, and with it all that follows it; answers whether it was there. */
  remove(attemptId: number): boolean;
  /** Takes out all that follows the attempt, which was not started. */
  drop(attemptId: number): void;
}

export function createFollowers(): Followers {
  const waiting = new Map<number, Follower>();
  const byPredecessor = new Map<number, Set<number>>();

  function take(attemptId: number): readonly Follower[] {
    const ids = byPredecessor.get(attemptId) ?? [];
    byPredecessor.delete(attemptId);
    return [...ids].flatMap((id) => {
      const follower = waiting.get(id);
      waiting.delete(id);
      return follower ?? [];
    });
  }

  function remove(attemptId: number): boolean {
    const follower = waiting.get(attemptId);
    if (follower === undefined) return false;
    waiting.delete(attemptId);
    byPredecessor.get(follower.work.follows?.attemptId ?? 0)?.delete(attemptId);
    drop(attemptId);
    return true;
  }

  function drop(attemptId: number): void {
    for (const { work } of take(attemptId)) drop(work.attemptId);
  }

  return {
    add(follower): void {
      const { attemptId, follows } = follower.work;
      if (follows === null) throw new Error(`Attempt ${attemptId} follows nothing`);
      waiting.set(attemptId, follower);
      const others = byPredecessor.get(follows.attemptId) ?? new Set();
      byPredecessor.set(follows.attemptId, others.add(attemptId));
    },
    has: (attemptId) => waiting.has(attemptId),
    take,
    remove,
    drop,
  };
}
