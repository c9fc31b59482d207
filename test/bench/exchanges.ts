/** Many agents that ask for one task at a time, gathered, beside one agent that asks for as many: no processes are started. */
import type { Exchange } from "../../server/agent/port.ts";
import { registerAgent } from "../../server/domain/agents/agents.ts";
import { createExchange } from "../../server/domain/runs/exchange.ts";
import { openDomain, triggerRun } from "../support/domain.ts";
import { type Bench, type BenchContext, type Figures, median, round, ROUNDS } from "./bench.ts";

const AGENTS = 64;
const TASKS = 1_000;

export const exchangesBench: Bench = { name: "exchanges", optional: true, run: benchExchanges };

async function benchExchanges(context: BenchContext): Promise<Figures> {
  const database = await context.openDatabase();
  const domain = await openDomain(database.db);
  const exchange = createExchange({ ...domain.ports, db: database.engineDb });
  const containerId = await domain.container({ overlap: "ALLOW" });
  for (let index = 0; index < TASKS; index++) await domain.task(containerId, `t${index}`);
  const register = (capacity: number): Promise<number> =>
    registerAgent(database.db, {
      key: crypto.randomUUID(),
      name: `agent ${crypto.randomUUID()}`,
      version: "0",
      capacity,
      labels: null,
      os: "linux",
      arch: "x86_64",
      bootId: null,
      serverId: 0,
    });
  const one = [await register(AGENTS)];
  const many = await Promise.all(Array.from({ length: AGENTS }, () => register(1)));
  const time = async (agents: readonly number[], slots: number): Promise<number> => {
    // Only those that ask are there.
    await database.sql`update agents set cordoned = not id = any(${[...agents]}::bigint[])`;
    await triggerRun(domain.ports, domain.viewer, { containerId });
    const startedAt = performance.now();
    const left = { count: TASKS };
    await Promise.all(agents.map((agentId) => work(exchange, agentId, slots, left)));
    return TASKS / ((performance.now() - startedAt) / 1000);
  };
  const rates = { one: [] as number[], many: [] as number[] };
  for (let turn = 0; turn < ROUNDS; turn++) {
    rates.one.push(await time(one, AGENTS));
    rates.many.push(await time(many, 1));
  }
  const [value, limit] = [median(rates.many), median(rates.one)];
  return {
    value: round(value),
    unit: "tasks/s",
    limit: round(limit),
    ratio: round(value / limit),
    agents: AGENTS,
  };
}

/** Ends what it has at once, and asks for as much again. */
async function work(
  exchange: (exchange: Exchange) => Promise<{ readonly work: readonly { readonly attemptId: number }[] }>,
  agentId: number,
  slots: number,
  left: { count: number },
): Promise<void> {
  let has: readonly { readonly attemptId: number }[] = [];
  while (left.count > 0) {
    const now = Date.now();
    const ended = has.map(({ attemptId }) => ({
      attemptId,
      cause: "EXIT" as const,
      exitCode: 0,
      signal: null,
      startedAt: now,
      finishedAt: now,
      reason: null,
      outputs: null,
      outputFault: null,
      redactedCount: 0,
    }));
    has = (await exchange({
      agentId,
      started: [],
      ended,
      freeSlots: slots,
      ahead: 0,
      abovePriority: null,
      resume: false,
    })).work;
    left.count -= ended.length;
  }
}
