/** Takes every attempt from its start to the report of its end (attempt.ts draws the way). */
import { textOf } from "../../schema/sentences.ts";
import { type Attempt, hasSucceeded, type LeaderEnd } from "./attempt.ts";
import { isSystemLimit, retryDelayMs } from "./backoff.ts";
import { createDelivery, type Delivery } from "./output/delivery.ts";
import { readTaskOutputs, type TaskOutputs } from "./end/task_outputs.ts";
import { describeEnd, describeNeverRan, describeUnstarted, readExit } from "./end/endings.ts";
import { createFollowers, type Follower, type Followers } from "./start/followers.ts";
import { createLaunchQueue, type LaunchQueue, type Prepared } from "./start/launch_queue.ts";
import type { AgentOptions } from "./options.ts";
import { outputPending } from "./output/output.ts";
import { awaitOutput } from "./output/output_end.ts";
import { OUTPUT_LIMIT_BYTES } from "./output/output_limit.ts";
import type { Ended, Started, Work } from "./port.ts";
import { releasePipe } from "./output/pipes.ts";
import type { Processes } from "./end/processes.ts";
import type { Readers } from "./output/readers.ts";
import type { Recovery } from "./end/recovery.ts";
import type { Spool } from "./spool/spool.ts";
import { createSpoolRoom, SPOOL_LIMIT_BYTES, type SpoolRoom } from "./spool/spool_room.ts";
import { formatMark, startAttempt } from "./start/start.ts";
import { createStopper, type Stopper } from "./end/stop.ts";
import { createTending, measureOutput, type Tending } from "./output/tending.ts";

export interface Lifecycle {
  start(): void;
  /** Attempts that may still have a process, or output to hand over. */
  running(): number;
  /** Those that wait for a slot. */
  waiting(): number;
  /** True while the system has no room for another process. */
  postponed(): boolean;
  /** Of those that wait for a slot; null when there are none. */
  highestPriority(): number | null;
  /** True until the server has taken its end. */
  knows(attemptId: number): boolean;
  /** Starts it in its turn, or once what it follows has succeeded. */
  launch(work: Work, generation: number): void;
  /** Gives it back, unless it was started. */
  recall(attemptId: number): void;
  /** Tells the server that nothing will come of those which have waited so long for a slot. */
  giveBack(waitedMs: number): void;
  adopt(recovery: Adoptable): void;
  /** Tells again the start of all but those: the server refuses those that it gave up while it could not be reached. */
  retell(named: ReadonlySet<number>): void;
  /** Harmless for one that just ended, that is being stopped, or that nobody knows. */
  requestStop(attemptId: number): void;
  /** The server does not know it as ours: it is stopped, and nothing of it is told. */
  disown(attemptId: number): void;
  /** The server has taken its end. */
  forget(attemptId: number): void;
  /** True when nothing that has ended waits for its output to be taken. */
  flushed(): boolean;
  /** What the output of all attempts takes in the spool. */
  readonly room: Pick<SpoolRoom, "usedBytes" | "limitBytes" | "full">;
  /** Looks after nobody any more; the processes live on. */
  stop(): Promise<void>;
}

interface LifecycleParts {
  readonly options: AgentOptions;
  readonly processes: Processes;
  readonly spool: Spool;
  readonly readers: Readers;
  readonly reportStarted: (started: Started) => void;
  readonly reportEnded: (ended: Ended) => void;
}

type Adoptable = Extract<Recovery, { readonly kind: "living" | "ended" }>;

/** All that the steps below share. */
interface Life extends LifecycleParts {
  readonly outputLimitBytes: number;
  readonly room: SpoolRoom;
  readonly attempts: Map<number, Attempt>;
  readonly queue: LaunchQueue;
  readonly followers: Followers;
  readonly stopper: Stopper;
  readonly delivery: Delivery;
  readonly tending: Tending;
  runningCount: number;
  stopped: boolean;
}

export function createLifecycle(parts: LifecycleParts): Lifecycle {
  const life = createLife(parts);
  const { attempts, queue } = life;
  return {
    start(): void {
      life.delivery.start();
      life.stopper.start();
    },
    running: () => life.runningCount,
    waiting: queue.size,
    postponed: queue.postponed,
    highestPriority: queue.highestPriority,
    knows: (attemptId) => attempts.has(attemptId) || queue.has(attemptId) || life.followers.has(attemptId),
    launch: (work, generation) => launchInTurn(life, { work, generation }),
    recall: (attemptId) => recall(life, attemptId),
    giveBack: (waitedMs) => giveBack(life, waitedMs),
    adopt: (recovery) => adopt(life, recovery),
    retell: (named) => retell(life, named),
    requestStop: (attemptId) => requestStop(life, attemptId),
    disown(attemptId): void {
      const attempt = attempts.get(attemptId);
      if (attempt === undefined) dropUnstarted(life, attemptId);
      else disown(life, attempt);
    },
    forget: (attemptId) => forget(life, attemptId),
    flushed: () => ![...attempts.values()].some((attempt) => isOver(attempt) && attempt.phase !== "ended"),
    room: life.room,
    stop: () => stopLife(life),
  };
}

function createLife(parts: LifecycleParts): Life {
  const { options, processes, spool, readers } = parts;
  const { agentId, server, clock, log } = options;
  const outputLimitBytes = options.outputLimitBytes ?? OUTPUT_LIMIT_BYTES;
  const attempts = new Map<number, Attempt>();
  const room = createSpoolRoom(attempts, options.spoolLimitBytes ?? SPOOL_LIMIT_BYTES, log);
  const delivery = createDelivery({
    agentId,
    server,
    log,
    retryDelayMs: options.retryDelayMs ?? retryDelayMs,
    onDelivered: (attempt) => {
      if (attempt.phase === "draining") finish(life, attempt);
    },
    onRefused: (attempt) => refuseOutput(life, attempt),
  });
  const life: Life = {
    ...parts,
    outputLimitBytes,
    room,
    attempts,
    delivery,
    followers: createFollowers(),
    queue: createLaunchQueue(
      spool,
      (work, prepared) => launch(life, work, prepared),
      // What an agent has when its capacity becomes 0 is done, one after another.
      () => life.runningCount < Math.max(1, options.capacity),
    ),
    stopper: createStopper({
      processes,
      log,
      markOf: ({ id }) => formatMark(spool, id),
      onGone: (attempt) => drain(life, attempt, clock.now()),
    }),
    tending: createTending({
      ...options,
      attempts,
      processes,
      outputLimitBytes,
      room,
      readers,
      onOutput: delivery.offer,
      onTimeOver: (attempt) => beginStop(life, attempt, "TIMED_OUT"),
      onLeaderEnd: (attempt, end) => endLeader(life, attempt, end),
    }),
    runningCount: 0,
    stopped: false,
  };
  return life;
}

function launchInTurn(life: Life, follower: Follower): void {
  const { work, generation } = follower;
  const before = work.follows?.attemptId ?? null;
  if (before === null) return life.queue.add(work, generation);
  const attempt = life.attempts.get(before);
  if (attempt !== undefined && isOver(attempt)) return followOne(life, attempt, follower);
  // Where what it follows is not known any more the server has yet to say what becomes of it.
  if (attempt !== undefined || life.queue.has(before) || life.followers.has(before)) {
    life.followers.add(follower);
  }
}

/** It is over, and what it has written for others is complete. */
function followAll(life: Life, attempt: Attempt): void {
  for (const follower of life.followers.take(attempt.id)) followOne(life, attempt, follower);
}

function followOne(life: Life, attempt: Attempt, { work, generation }: Follower): void {
  // Otherwise the server decides what comes next, and drops it by itself.
  if (!hasSucceeded(attempt) || attempt.unwanted) return;
  let outputs: TaskOutputs["outputs"];
  try {
    ({ outputs } = readTaskOutputs(attempt.folder.path, attempt.redactor));
  } catch (error) {
    if (!isSystemLimit(error)) throw error;
    const ended = describeUnstarted(work, "GIVEN_BACK", life.options.clock.now(), null);
    life.followers.drop(work.attemptId);
    return tell(life, attempt.id, () => life.reportEnded(ended));
  }
  attempt.followed = true;
  const inputs = outputs === null ? work.inputs : { ...work.inputs, [work.follows?.task ?? ""]: outputs };
  life.queue.add({ ...work, inputs }, generation);
}

/** Once the server has learned how what it follows has ended. */
function tell({ attempts }: Life, follows: number | null, report: () => void): void {
  const before = follows === null ? undefined : attempts.get(follows);
  if (before === undefined || before.told) report();
  else before.held.push(report);
}

/** Its end was given to the exchange, and so may be what follows it. */
function tellHeld(attempt: Attempt): void {
  attempt.told = true;
  for (const report of attempt.held.splice(0)) report();
}

function recall(life: Life, attemptId: number): void {
  if (!dropUnstarted(life, attemptId)) return;
  life.reportEnded(describeUnstarted({ attemptId }, "GIVEN_BACK", life.options.clock.now(), null));
}

/** Answers whether it was there. What follows it goes with it. */
function dropUnstarted({ queue, followers }: Life, attemptId: number): boolean {
  if (!queue.remove(attemptId)) return followers.remove(attemptId);
  followers.drop(attemptId);
  return true;
}

/** Answers whether anything came of it: if not, its turn comes again. */
function launch(life: Life, work: Work, prepared: Prepared): boolean {
  const { clock, log } = life.options;
  const start = startAttempt(work, prepared, life);
  if (start.kind === "postponed") {
    log.warn("The system is at its limit: no work is taken for a moment", { reason: textOf(start.reason) });
    return false;
  }
  const follows = work.follows?.attemptId ?? null;
  if (start.kind === "failed") {
    life.followers.drop(work.attemptId);
    tell(life, follows, () => life.reportEnded(start.ended));
    return true;
  }
  const { attempt, child } = start;
  begin(life, attempt);
  tellStarted(life, attempt);
  child.status.then(
    ({ code, signal }) => {
      const at = clock.now();
      endLeader(life, attempt, signal === null ? readExit(code, at) : { kind: "killed", signal, at });
    },
    (error) => log.warn(`Cannot learn how attempt ${attempt.id} ended`, { error }),
  );
  return true;
}

function giveBack({ queue, followers, reportEnded, options: { clock } }: Life, waitedMs: number): void {
  for (const attemptId of queue.removeOlder(waitedMs)) {
    followers.drop(attemptId);
    reportEnded(describeUnstarted({ attemptId }, "GIVEN_BACK", clock.now(), null));
  }
}

function adopt(life: Life, recovery: Adoptable): void {
  const { attempt } = recovery;
  begin(life, attempt);
  const before = life.attempts.get(attempt.follows ?? 0);
  if (before !== undefined) before.followed = true;
  if (recovery.kind === "living") return tellStarted(life, attempt);
  if (recovery.groupLives) return endLeader(life, attempt, recovery.end);
  attempt.leader = recovery.end;
  // The former agent may have come so far that it wrote a mark.
  attempt.out.readable = attempt.err.readable = 0;
  drain(life, attempt, recovery.end.at);
}

function tellStarted(life: Life, { id, startedAt, follows }: Attempt): void {
  tell(life, follows, () => life.reportStarted({ attemptId: id, startedAt }));
}

function begin(life: Life, attempt: Attempt): void {
  life.attempts.set(attempt.id, attempt);
  life.runningCount++;
  life.tending.begin();
}

function retell(life: Life, named: ReadonlySet<number>): void {
  for (const attempt of life.attempts.values()) {
    if (attempt.phase !== "ended" && !attempt.unwanted && !named.has(attempt.id)) tellStarted(life, attempt);
  }
}

function endLeader(life: Life, attempt: Attempt, end: LeaderEnd): void {
  if (life.stopped || attempt.leader !== null || attempt.phase === "ended") return;
  attempt.leader = end;
  if (life.stopper.leaderEnded(attempt)) drain(life, attempt, life.options.clock.now());
}

function requestStop(life: Life, attemptId: number): void {
  const attempt = life.attempts.get(attemptId);
  if (attempt !== undefined) return beginStop(life, attempt, "STOPPED");
  if (!dropUnstarted(life, attemptId)) return;
  life.reportEnded(describeUnstarted({ attemptId }, "STOPPED", life.options.clock.now()));
}

function beginStop(life: Life, attempt: Attempt, cause: "STOPPED" | "TIMED_OUT"): void {
  if (isOver(attempt)) return;
  attempt.stopCause ??= cause;
  life.stopper.stopAttempt(attempt);
}

function isOver({ phase }: Attempt): boolean {
  return phase === "emptying" || phase === "draining" || phase === "ended";
}

/** All its processes are gone. */
function drain(life: Life, attempt: Attempt, finishedAt: number): void {
  attempt.phase = "emptying";
  attempt.finishedAt = finishedAt;
  followAll(life, attempt);
  awaitOutput(attempt, {
    readers: life.readers,
    log: life.options.log,
    mark: `\0\0${formatMark(life.spool, attempt.id)}\0`,
    stopped: () => life.stopped,
    onComplete: () => handOver(life, attempt),
  });
}

function handOver(life: Life, attempt: Attempt): void {
  attempt.phase = "draining";
  releasePipe(attempt.out);
  releasePipe(attempt.err);
  try {
    if (attempt.outputRefused || !hasOutput(life, attempt)) return finish(life, attempt);
  } catch (error) {
    if (!isSystemLimit(error)) throw error;
  }
  // Who has handed over everything is finished; this is tried again as long as the system has no descriptor to give.
  life.delivery.offer(attempt);
}

function hasOutput({ options: { clock, log }, outputLimitBytes, room }: Life, attempt: Attempt): boolean {
  try {
    measureOutput(attempt, { clock, room, outputLimitBytes });
  } catch (error) {
    // What was seen before is handed over; the end must not wait for files that cannot be read.
    log.warn(`Cannot look for the last output of attempt ${attempt.id}`, { error });
  }
  return outputPending(attempt);
}

function finish(life: Life, attempt: Attempt): void {
  // Before anything is changed: the system may have no descriptor to give.
  const ended = attempt.unwanted ? null : describeNeverRan(attempt) ?? describeEnd(attempt);
  attempt.phase = "ended";
  life.runningCount--;
  life.queue.poke();
  life.delivery.withdraw(attempt);
  if (ended === null) {
    tellHeld(attempt);
    return forget(life, attempt.id);
  }
  tell(life, attempt.follows, () => {
    life.reportEnded(ended);
    tellHeld(attempt);
  });
}

/** What it has written and what it writes until it is stopped is handed over still: the server says whether it takes it. */
function disown(life: Life, attempt: Attempt): void {
  attempt.unwanted = true;
  if (attempt.phase === "ended") forget(life, attempt.id);
  else if (attempt.phase !== "draining") life.stopper.stopAttempt(attempt);
}

function refuseOutput(life: Life, attempt: Attempt): void {
  attempt.outputRefused = true;
  disown(life, attempt);
  if (attempt.phase === "draining") finish(life, attempt);
}

function forget({ attempts, room, spool }: Life, attemptId: number): void {
  const attempt = attempts.get(attemptId);
  if (attempt === undefined) return;
  attempts.delete(attemptId);
  spool.remove(attempt.folder);
  if (room.full()) room.measure();
}

async function stopLife(life: Life): Promise<void> {
  life.stopped = true;
  life.tending.stop();
  await Promise.all([life.queue.stop(), life.delivery.stop(), life.stopper.stop()]);
  await life.readers.stop();
  for (const { child, out, err } of life.attempts.values()) {
    child?.unref();
    releasePipe(out);
    releasePipe(err);
  }
}
