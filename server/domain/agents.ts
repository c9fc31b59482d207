/** Agents as the server knows them: registered at their start, seen while they are up, given up when they stay away. */
import { sql } from "drizzle-orm";
import type { Database } from "../../schema/graphql/context.ts";
import { agents } from "../../schema/tables/agent.ts";
import type { Ended } from "../agent/port.ts";
import { kept } from "../db/kept_statements.ts";
import { type ExchangePorts, exchangeWithAgent } from "./runs/exchange.ts";

/** An agent that was not seen for so long is given up: its attempts are LOST, and a late word from it is refused. */
const LEASE_SECONDS = 60;
/** Attempts that one transaction gives up; the next takes the rest. */
const ATTEMPTS_AT_ONCE = 200;

export interface AgentRegistration {
  /** Kept in the agent's data directory: the same agent after a restart. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly capacity: number;
}

/** Answers the agent's id. */
export async function registerAgent(db: Database, registration: AgentRegistration): Promise<number> {
  const seen = { ...registration, lastSeenAt: sql`clock_timestamp()` };
  const { key: _key, ...changes } = seen;
  const [agent] = await db.insert(agents).values(seen).onConflictDoUpdate({
    target: agents.key,
    set: changes,
  })
    .returning({ id: agents.id });
  if (agent === undefined) throw new Error("An upsert gave no row back");
  return agent.id;
}

/** Answers for how many seconds it was not seen before, by the database's clock. */
export async function touchAgent(db: Database, agentId: number): Promise<number> {
  const [row] = await db.execute<{ seconds: number }>(kept(sql`
    update agents set last_seen_at = clock_timestamp()
    from (select id, last_seen_at from agents where id = ${agentId} for update) before where agents.id = before.id
    returning extract(epoch from agents.last_seen_at - before.last_seen_at)::float8 as seconds`));
  if (row === undefined) throw new Error(`There is no agent ${agentId}`);
  return row.seconds;
}

/** Ends the attempts of agents that stay away. Answers whether there may be more. */
export async function giveUpAgents(ports: ExchangePorts): Promise<boolean> {
  const rows = await ports.db.execute<{ id: number; agent_id: number; name: string; now: number }>(kept(sql`
    select a.id::float8 as id, g.id::float8 as agent_id, g.name, (extract(epoch from clock_timestamp()) * 1000)::float8 as now
    from attempts a join agents g on g.id = a.agent_id
    where a.state in ('STARTING', 'RUNNING')
      and g.last_seen_at < clock_timestamp() - ${LEASE_SECONDS} * interval '1 second'
    order by a.id limit ${ATTEMPTS_AT_ONCE}`));
  for (const [agentId, attempts] of Map.groupBy(rows, (row) => row.agent_id)) {
    const ended = attempts.map(({ id, name, now }): Ended => ({
      attemptId: id,
      cause: "LOST",
      exitCode: null,
      signal: null,
      startedAt: null,
      finishedAt: now,
      reason: `Agent "${name}" was not heard of for ${LEASE_SECONDS} s and was given up`,
      outputs: null,
      outputFault: null,
    }));
    await exchangeWithAgent(ports, {
      agentId,
      started: [],
      ended,
      freeSlots: 0,
      ahead: 0,
      abovePriority: null,
      resume: false,
    });
  }
  return rows.length === ATTEMPTS_AT_ONCE;
}
