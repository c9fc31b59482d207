/** Agents as the server knows them: registered at their start, seen while they are up, given up when they stay away. */
import { sql } from "drizzle-orm";
import type { Database } from "../../schema/graphql/context.ts";
import { agents } from "../../schema/tables/agent.ts";
import type { Ended } from "../agent/port.ts";
import { type ExchangePorts, exchangeWithAgent } from "./runs/exchange.ts";

/**
 * An agent without a heartbeat for so many intervals is given up: its attempts are LOST, and a late report from it is
 * refused.
 */
export const HEARTBEAT_SECONDS = 10;
export const MAX_MISSED_HEARTBEATS = 6;
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

/** Says that the agent is up. A heartbeat ahead of the clock was written before the clock jumped back. */
export async function touchAgent(db: Database, agentId: number): Promise<void> {
  await db.execute(sql`
    update agents set last_seen_at = clock_timestamp()
    where id = ${agentId} or last_seen_at > clock_timestamp() + interval '2 seconds'`);
}

/** The last heartbeat of an agent that has attempts. What it is compared with is an earlier one, never a clock. */
export interface Heartbeat {
  readonly agentId: number;
  readonly seenAt: string;
}

export async function listHeartbeats(db: Database): Promise<readonly Heartbeat[]> {
  return await db.execute<Heartbeat & Record<string, unknown>>(sql`
    select id::float8 as "agentId", coalesce(last_seen_at::text, '') as "seenAt" from agents
    where exists (select 1 from attempts a where a.agent_id = agents.id and a.state in ('STARTING', 'RUNNING'))`);
}

/** Ends the attempts of an agent whose last heartbeat is still this one. Answers whether there may be more. */
export async function giveUpAgent(ports: ExchangePorts, { agentId, seenAt }: Heartbeat): Promise<boolean> {
  const rows = await ports.db.execute<{ id: number; name: string; now: number }>(sql`
    select a.id::float8 as id, g.name, (extract(epoch from clock_timestamp()) * 1000)::float8 as now
    from attempts a join agents g on g.id = a.agent_id
    where a.state in ('STARTING', 'RUNNING') and g.id = ${agentId} and coalesce(g.last_seen_at::text, '') = ${seenAt}
    order by a.id limit ${ATTEMPTS_AT_ONCE}`);
  if (rows.length === 0) return false;
  const ended = rows.map(({ id, name, now }): Ended => ({
    attemptId: id,
    cause: "LOST",
    exitCode: null,
    signal: null,
    startedAt: null,
    finishedAt: now,
    reason: `Agent "${name}" was not heard of for ${
      HEARTBEAT_SECONDS * MAX_MISSED_HEARTBEATS
    } s and was given up`,
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
  return rows.length === ATTEMPTS_AT_ONCE;
}
