/**
 * Decides what becomes of work that the server names: it is started, found again, or given up. Whatever is repeated,
 * lost or late, nothing is started twice.
 */
import type { LRUCache } from "lru-cache";
import { say } from "../../../schema/sentences.ts";
import { isSystemLimit } from "../backoff.ts";
import { describeUnstarted } from "../end/endings.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { AgentLog, Clock } from "../options.ts";
import { type Ended, secretsOf, type Work } from "../port.ts";
import type { Processes, ProcessRow } from "../end/processes.ts";
import { recoverAttempt, type Recovery, type RecoveryPlace } from "../end/recovery.ts";
import type { Folder, Spool } from "../spool/spool.ts";
import { formatMark } from "../start/start.ts";

const LOST_REASON = say("RECORD_LOST");
/** The server does not name it, and stops it when it does not know it. */
const UNKNOWN_WORK: RecoverableWork = {
  timeoutSeconds: 0,
  killGraceSeconds: 5,
  follows: null,
  secretNames: [],
  environment: {},
};

type RecoverableWork = RecoveryPlace["limits"] & Pick<Work, "secretNames" | "environment">;

interface Intake {
  /** `stopped` are not to be started any more. */
  takeWork(work: readonly Work[], stopped: ReadonlySet<number>): Promise<void>;
  /** Starts none of them. */
  giveBack(work: readonly Work[]): void;
  /** Finds the living among those that a former agent left and that the server did not name. */
  adoptUnnamed(): Promise<void>;
  /** These were told to have ended. */
  settle(ended: readonly Ended[]): void;
  /** Tries to end the time after a restart of the machine in which unknown work is given up; answers whether it has. */
  confirm(): Promise<boolean>;
  /** False during that time: then nothing new may be claimed, or it would be given up too. */
  confirmed(): boolean;
}

interface IntakeParts {
  readonly processes: Processes;
  readonly spool: Spool;
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
  readonly log: AgentLog;
  /** Those whose end was told, lately. */
  readonly told: Pick<LRUCache<number, true>, "has">;
  readonly reportEnded: (ended: Ended) => void;
}

/** All that the steps below share. */
interface Intaking extends IntakeParts {
  /** Of attempts that a former agent had, and that nobody has asked for yet. */
  readonly leftBehind: Map<number, Folder>;
  readonly untoldLost: Set<number>;
  confirmed: boolean;
}

export function createIntake(parts: IntakeParts): Intake {
  const { spool, lifecycle } = parts;
  const intaking: Intaking = {
    ...parts,
    leftBehind: new Map(spool.folders),
    untoldLost: new Set(),
    confirmed: spool.sameBoot,
  };
  return {
    takeWork: (works, stopped) => takeWork(intaking, works, stopped),
    giveBack(works): void {
      for (const work of works) {
        parts.reportEnded(describeUnstarted(work, "GIVEN_BACK", parts.clock.now(), null));
      }
    },
    adoptUnnamed: () => adoptUnnamed(intaking),
    settle(reports): void {
      for (const { attemptId } of reports) {
        intaking.untoldLost.delete(attemptId);
        lifecycle.forget(attemptId);
      }
    },
    async confirm(): Promise<boolean> {
      if (intaking.untoldLost.size > 0) return false;
      await spool.confirmBoot();
      return intaking.confirmed = true;
    },
    confirmed: () => intaking.confirmed,
  };
}

async function takeWork(
  intaking: Intaking,
  works: readonly Work[],
  stopped: ReadonlySet<number>,
): Promise<void> {
  const { processes, lifecycle, told, leftBehind, confirmed } = intaking;
  const fresh = works.filter(({ attemptId }) => !lifecycle.knows(attemptId) && !told.has(attemptId));
  const rows = fresh.some(({ attemptId }) => leftBehind.has(attemptId)) ? await processes.list(true) : [];
  for (const work of fresh) {
    const folder = leftBehind.get(work.attemptId) ?? null;
    // Work without a folder never ran, unless the folder went in a power cut.
    const unknown: Recovery = { kind: confirmed ? "unstarted" : "lost" };
    const recovery = folder === null
      ? unknown
      : await recoverSafely(intaking, folder, rows, { ...work, follows: work.follows?.attemptId ?? null });
    leftBehind.delete(work.attemptId);
    takeRecovered(intaking, work, folder, recovery, stopped.has(work.attemptId));
  }
}

function takeRecovered(
  { lifecycle, untoldLost, spool, clock, reportEnded }: Intaking,
  work: Work,
  folder: Folder | null,
  recovery: Recovery,
  stopped: boolean,
): void {
  if (recovery.kind === "living" || recovery.kind === "ended") return lifecycle.adopt(recovery);
  if (work.givenUp) {
    if (folder !== null) spool.remove(folder);
    return;
  }
  if (recovery.kind === "unstarted" && !stopped) {
    return lifecycle.launch(work, (folder?.generation ?? 0) + 1);
  }
  if (folder !== null) spool.remove(folder);
  if (recovery.kind === "unstarted") return reportEnded(describeUnstarted(work, "STOPPED", clock.now()));
  untoldLost.add(work.attemptId);
  reportEnded(describeUnstarted(work, "LOST", clock.now(), LOST_REASON));
}

async function adoptUnnamed(intaking: Intaking): Promise<void> {
  const { processes, spool, lifecycle, leftBehind } = intaking;
  if (leftBehind.size === 0) return;
  const rows = await processes.list(true);
  const living = new Set(rows.map(({ mark }) => mark));
  for (const [attemptId, folder] of [...leftBehind]) {
    if (!living.has(formatMark(spool, attemptId))) continue;
    const recovery = await recoverSafely(intaking, folder, rows, UNKNOWN_WORK);
    if (recovery.kind !== "living" && recovery.kind !== "ended") continue;
    leftBehind.delete(attemptId);
    lifecycle.adopt(recovery);
  }
}

async function recoverSafely(
  { processes, spool, clock, log }: Intaking,
  folder: Folder,
  rows: readonly ProcessRow[],
  work: RecoverableWork,
): Promise<Recovery> {
  try {
    return await recoverAttempt(folder, {
      bootId: processes.bootId,
      sameBoot: spool.sameBoot,
      rows,
      mark: formatMark(spool, folder.attemptId),
      now: clock.now(),
      limits: work,
      secrets: secretsOf(work),
    });
  } catch (error) {
    // The server is asked again for all that it believes this agent to have.
    if (isSystemLimit(error)) throw error;
    // One folder that cannot be read must not keep the agent from all other work.
    log.warn(`Cannot read "${folder.path}"`, { error });
    return { kind: "lost" };
  }
}
