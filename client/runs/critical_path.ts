/** Which tasks decided how long a run took: make one of them shorter and the run is shorter, any other and it is not. */

export interface TimedTask {
  readonly id: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface TimedRelation {
  readonly upstream: { readonly id: string };
  readonly downstream: { readonly id: string };
}

/**
 * From what ended last (or still runs, the longest first) back along the upstream task that ended last before it. A task that
 * never started is walked through, since what it waited for still held the next one back, but is no part of the path.
 */
export function findCriticalPath<T extends TimedTask>(
  tasks: readonly T[],
  relations: readonly TimedRelation[],
): ReadonlySet<string> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const upstreams = new Map<string, T[]>();
  for (const { upstream, downstream } of relations) {
    const task = byId.get(upstream.id);
    if (task !== undefined) upstreams.set(downstream.id, [...upstreams.get(downstream.id) ?? [], task]);
  }
  const path = new Set<string>();
  const seen = new Set<string>();
  let task = latest(tasks.filter(({ startedAt }) => startedAt !== null));
  while (task !== undefined && !seen.has(task.id)) {
    seen.add(task.id);
    if (task.startedAt !== null) path.add(task.id);
    const before = startOf(task);
    task = latest((upstreams.get(task.id) ?? []).filter((one) => endOf(one) <= before));
  }
  return path;
}

function latest<T extends TimedTask>(tasks: readonly T[]): T | undefined {
  let found: T | undefined;
  for (const task of tasks) {
    if (found === undefined || endsLater(task, found)) found = task;
  }
  return found;
}

function endsLater(task: TimedTask, other: TimedTask): boolean {
  const [end, otherEnd] = [endOf(task), endOf(other)];
  return end === otherEnd ? startOf(task) < startOf(other) : end > otherEnd;
}

function startOf(task: TimedTask): number {
  const at = task.startedAt ?? task.finishedAt;
  return at === null ? Infinity : Date.parse(at);
}

function endOf(task: TimedTask): number {
  return task.finishedAt === null ? Infinity : Date.parse(task.finishedAt);
}
