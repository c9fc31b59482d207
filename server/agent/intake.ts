/**
 * Decides what becomes of work that the server names: it is started, found again, or given up. Whatever is repeated,
 * lost or late, nothing is started twice.
 */
import { describeUnstarted } from "./endings.ts";
import { formatMark, type Lifecycle } from "./lifecycle.ts";
import type { Clock } from "./options.ts";
import type { Ended, Work } from "./port.ts";
import type { Processes, ProcessRow } from "./processes.ts";
import { recoverAttempt, type Recovery } from "./recovery.ts";
import type { RecentIds } from "./recent_ids.ts";
import type { Folder, Spool } from "./spool.ts";

const LOST_REASON = "The machine was restarted under it, or the agent's spool is gone";

export interface Intake {
  /** `stopped` are not to be started any more. */
  takeWork(work: readonly Work[], stopped: ReadonlySet<number>): Promise<void>;
  /** Finds the living among those that a former agent left and that the server did not name. */
  adoptUnnamed(): Promise<void>;
  /** These were told to have ended. */
  settle(ended: readonly Ended[]): void;
  /** Tries to end the time after a restart of the machine in which unknown work is given up; answers whether it has. */
  confirm(): Promise<boolean>;
  /** False during that time: then nothing new may be claimed, or it would be given up too. */
  confirmed(): boolean;
}

export interface IntakeParts {
  readonly processes: Processes;
  readonly spool: Spool;
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
  /** Those whose end was told, lately. */
  readonly told: RecentIds;
  readonly reportEnded: (ended: Ended) => void;
}

export function createIntake(parts: IntakeParts): Intake {
  const { processes, spool, lifecycle, clock, told } = parts;
  const leftBehind = new Map(spool.folders);
  const untoldLost = new Set<number>();
  let confirmed = spool.sameBoot;

  async function takeWork(works: readonly Work[], stopped: ReadonlySet<number>): Promise<void> {
    const fresh = works.filter(({ attemptId }) => !lifecycle.knows(attemptId) && !told.has(attemptId));
    const known = fresh.filter(({ attemptId }) => leftBehind.has(attemptId));
    const rows = known.length > 0 ? await processes.list(true) : [];
    for (const work of fresh) {
      const folder = leftBehind.get(work.attemptId);
      const recovery = folder === undefined ? recoverUnknown() : await recover(folder, rows);
      leftBehind.delete(work.attemptId);
      takeRecovered(work, recovery, folder, stopped.has(work.attemptId));
    }
  }

  function takeRecovered(work: Work, recovery: Recovery, folder: Folder | undefined, stopped: boolean): void {
    const giveUp = (cause: "LOST" | "STOPPED", reason?: string): void => {
      if (folder !== undefined) spool.remove(folder);
      parts.reportEnded(describeUnstarted(work, cause, clock.now(), reason));
    };
    switch (recovery.kind) {
      case "living":
      case "ended":
        return lifecycle.adopt(recovery);
      case "lost":
        untoldLost.add(work.attemptId);
        return giveUp("LOST", LOST_REASON);
      case "unstarted":
        if (stopped) return giveUp("STOPPED");
        return lifecycle.launch(work, (folder?.generation ?? 0) + 1);
      default:
        throw new Error(`Unknown recovery ${recovery satisfies never}`);
    }
  }

  /** Work without a folder never ran, unless the folder went in a power cut. */
  function recoverUnknown(): Recovery {
    return { kind: confirmed ? "unstarted" : "lost" };
  }

  function recover(folder: Folder, rows: readonly ProcessRow[]): Promise<Recovery> {
    return recoverAttempt(folder, {
      bootId: processes.bootId,
      sameBoot: spool.sameBoot,
      rows,
      mark: formatMark(spool, folder.attemptId),
      now: clock.now(),
    });
  }

  return {
    takeWork,
    async adoptUnnamed(): Promise<void> {
      if (leftBehind.size === 0) return;
      const rows = await processes.list(true);
      const living = new Set(rows.map(({ mark }) => mark));
      for (const [attemptId, folder] of [...leftBehind]) {
        if (!living.has(formatMark(spool, attemptId))) continue;
        const recovery = await recover(folder, rows);
        if (recovery.kind !== "living" && recovery.kind !== "ended") continue;
        leftBehind.delete(attemptId);
        lifecycle.adopt(recovery);
      }
    },
    settle(reports): void {
      for (const { attemptId } of reports) {
        untoldLost.delete(attemptId);
        lifecycle.forget(attemptId);
      }
    },
    async confirm(): Promise<boolean> {
      if (untoldLost.size > 0) return false;
      await spool.confirmBoot();
      return confirmed = true;
    },
    confirmed: () => confirmed,
  };
}
