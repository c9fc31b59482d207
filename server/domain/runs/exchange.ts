/** What agents say and their answers: what they report, and what they may start and must stop next. */
import type { Exchange, ExchangeReply } from "../../agent/port.ts";
import type { Database } from "../../db/database.ts";
import { gatherCalls } from "../../db/gather.ts";
import { type AfterCommit, retryConflicts, transaction } from "../../db/transaction.ts";
import {
  type Claim,
  type ClaimedRow,
  claimReady,
  livingAttempts,
  readAgentClasses,
  type Statements,
} from "./claims.ts";
import type { RunPorts } from "./create.ts";
import { reserveFollowers } from "./followers.ts";
import type { LockedRun } from "./locked_run.ts";
import { type Orders, readOrders, type Reports, takeReports } from "./reports.ts";
import { createWork } from "./work.ts";
import type { Vault } from "../../vault/vault.ts";

/** The next ones share the next transaction. */
const EXCHANGES_AT_ONCE = 100;

export interface ExchangePorts extends RunPorts {
  readonly db: Database;
  /** Between 0 and 1: spreads the delays of retries. */
  readonly random: () => number;
  readonly vault: Vault;
}

/** What agents say at the same time shares one transaction: so a server is one that claims, however many agents it has. */
export function createExchange(ports: ExchangePorts): (exchange: Exchange) => Promise<ExchangeReply> {
  return gatherCalls((exchanges) => exchangeWithAgents(ports, exchanges), EXCHANGES_AT_ONCE);
}

/** One answer for each, in their order. */
export async function exchangeWithAgents(
  ports: ExchangePorts,
  exchanges: readonly Exchange[],
): Promise<readonly (ExchangeReply | Error)[]> {
  try {
    return await exchangeTogether(ports, exchanges);
  } catch (error) {
    if (exchanges.length === 1) throw error;
  }
  // One that cannot be taken must not be the fault of the others.
  const answers: (ExchangeReply | Error)[] = [];
  for (const exchange of exchanges) {
    answers.push(
      ...await exchangeTogether(ports, [exchange]).catch((error) => [
        error instanceof Error ? error : new Error(String(error)),
      ]),
    );
  }
  return answers;
}

interface Exchanged extends Orders {
  readonly claimed: readonly ClaimedRow[];
  readonly refused: ReadonlySet<number>;
}

async function exchangeTogether(
  ports: ExchangePorts,
  exchanges: readonly Exchange[],
): Promise<readonly ExchangeReply[]> {
  const reported = exchanges.some(({ started, ended }) => started.length + ended.length > 0);
  const { claimed, stops, recalls, refused } = reported
    ? await exchangeReports(ports, exchanges)
    : await answerPolls(ports, exchanges);
  // After the commit, which releases the locks: what the work is made of does not change any more.
  const work = await createWork(ports, claimed);
  return exchanges.map(({ agentId, started, ended }) => {
    const own = <T extends { readonly agentId: number; readonly attemptId: number }>(orders: readonly T[]) =>
      orders.filter((order) => order.agentId === agentId).map(({ attemptId }) => attemptId);
    return {
      work: work.get(agentId) ?? [],
      stops: own(stops),
      recalls: own(recalls),
      refused: [...new Set([...started, ...ended].map(({ attemptId }) => attemptId))].filter((id) =>
        refused.has(id)
      ),
    };
  });
}

async function exchangeReports(ports: ExchangePorts, exchanges: readonly Exchange[]): Promise<Exchanged> {
  const reports: readonly Reports[] = exchanges.map(({ agentId, started, ended }) => ({
    agentId,
    started,
    ended: ended.map((report) => ({ ...report, followed: report.followed ?? false })),
  }));
  return await transaction(ports.db, async (tx, after) => {
    const { written, locked, ...taken } = await takeReports({ ...ports, tx, after }, reports);
    // Sent along with what was written, and carried out after it: saves a round trip.
    const [, claimed] = await Promise.all([written, claim(tx, after, ports, exchanges, locked)]);
    return { ...taken, claimed };
  });
}

/** Most calls of idle agents: two statements, each a transaction by itself. */
async function answerPolls(ports: ExchangePorts, exchanges: readonly Exchange[]): Promise<Exchanged> {
  const { db } = ports;
  const [claimed, orders] = await Promise.all([
    retryConflicts(() => claim(db, (effect) => effect(), ports, exchanges, new Map())),
    readOrders(db, exchanges.map(({ agentId }) => agentId)),
  ]);
  return { ...orders, claimed, refused: new Set() };
}

/** After a resume an agent first counts what it has; it asks for more at once. */
async function claim(
  db: Statements,
  after: AfterCommit,
  ports: ExchangePorts,
  exchanges: readonly Exchange[],
  locked: ReadonlyMap<number, LockedRun>,
): Promise<readonly ClaimedRow[]> {
  const resuming = exchanges.filter(({ resume }) => resume);
  const asking = exchanges.filter(({ resume, freeSlots, ahead }) => !resume && freeSlots + ahead > 0);
  const [living, ...claims] = await Promise.all([
    livingAttempts(db, resuming.map(({ agentId }) => agentId)),
    ...(await classify(db, asking)).map((alike) => claimReady(db, alike, alike[0]?.abovePriority ?? null)),
  ]);
  const claimed = claims.flat();
  publishClaimed(after, ports, claimed);
  const reserved = await reserveFollowers(db, ports.definitions, locked, claimed);
  return [...living, ...claimed, ...reserved];
}

/** Those that may have the same work claim it together. */
async function classify<Asking extends Claim & Pick<Exchange, "abovePriority">>(
  db: Statements,
  asking: readonly Asking[],
): Promise<readonly (readonly Asking[])[]> {
  if (asking.length < 2) return asking.map((one) => [one]);
  const classOf = await readAgentClasses(db, asking.map(({ agentId }) => agentId));
  return [
    ...Map.groupBy(asking, ({ agentId, abovePriority }) => `${abovePriority} ${classOf.get(agentId)}`)
      .values(),
  ];
}

function publishClaimed(after: AfterCommit, { bus }: ExchangePorts, claimed: readonly ClaimedRow[]): void {
  after(() => {
    for (const [runId, rows] of Map.groupBy(claimed, (row) => row.runId)) {
      const [first] = rows;
      if (first === undefined) continue;
      const { containerId, projectId } = first;
      bus.publish({
        kind: "run",
        runId,
        containerId,
        projectId,
        taskRunIds: rows.map((row) => row.taskRunId),
      });
    }
    // The others could not see what was locked meanwhile, and a part of it may be for them.
    if (claimed.some(({ shared }) => shared)) bus.publish({ kind: "work" });
  });
}
