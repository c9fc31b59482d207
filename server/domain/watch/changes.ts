/**
 * Changes on their way to one reader, folded: what changed twice is told once, so that what waits is never more than
 * what there is.
 */
import type { ContainerChanged, RunChanged } from "../../../schema/events.ts";

/** Task run ids that wait; beyond it the run that grows is told as a whole. */
const WAITING_TASK_RUNS = 50_000;
/** Runs, or containers, that wait; beyond it those that waited longest are forgotten. */
const WAITING_ENTRIES = 5000;
/** A batch is closed at this many task runs. */
const BATCH_TASK_RUNS = 5000;
const BATCH_ENTRIES = 500;

export interface FoldedRun {
  readonly runId: number;
  /** Null: all that the run has. */
  readonly taskRunIds: readonly number[] | null;
}

export class RunChanges {
  readonly #waiting = new Map<number, Set<number> | null>();
  #taskRuns = 0;

  get empty(): boolean {
    return this.#waiting.size === 0;
  }

  add({ runId, taskRunIds }: RunChanged): void {
    const known = this.#waiting.get(runId);
    if (known === null) return;
    const ids = known ?? new Set();
    this.#taskRuns -= ids.size;
    for (const id of taskRunIds ?? []) ids.add(id);
    const whole = taskRunIds === null || this.#taskRuns + ids.size > WAITING_TASK_RUNS;
    if (!whole) this.#taskRuns += ids.size;
    this.#waiting.set(runId, whole ? null : ids);
    if (this.#waiting.size > WAITING_ENTRIES) this.#takeOldest();
  }

  /** A run told as a whole ends its batch, since nobody knows yet how many task runs it has. */
  take(): readonly FoldedRun[] {
    const batch: FoldedRun[] = [];
    let taskRuns = 0;
    while (batch.length < BATCH_ENTRIES && taskRuns < BATCH_TASK_RUNS) {
      const next = this.#takeOldest();
      if (next === null) break;
      batch.push(next);
      taskRuns += next.taskRunIds?.length ?? BATCH_TASK_RUNS;
    }
    return batch;
  }

  clear(): void {
    this.#waiting.clear();
    this.#taskRuns = 0;
  }

  #takeOldest(): FoldedRun | null {
    for (const [runId, ids] of this.#waiting) {
      this.#waiting.delete(runId);
      this.#taskRuns -= ids?.size ?? 0;
      return { runId, taskRunIds: ids === null ? null : [...ids] };
    }
    return null;
  }
}

export class ContainerChanges {
  readonly #waiting = new Map<number, ContainerChanged>();

  get empty(): boolean {
    return this.#waiting.size === 0;
  }

  add(event: ContainerChanged): void {
    const known = this.#waiting.get(event.containerId);
    // Who has not heard of a container yet hears that it was made, whatever became of it since, unless it is gone.
    const folded = known?.change === "CREATED" && event.change === "UPDATED" ? known : event;
    this.#waiting.set(event.containerId, folded);
    if (this.#waiting.size <= WAITING_ENTRIES) return;
    for (const oldest of this.#waiting.keys()) {
      this.#waiting.delete(oldest);
      return;
    }
  }

  take(): readonly ContainerChanged[] {
    const batch = [...this.#waiting.values()].slice(0, BATCH_ENTRIES);
    for (const { containerId } of batch) this.#waiting.delete(containerId);
    return batch;
  }

  clear(): void {
    this.#waiting.clear();
  }
}
