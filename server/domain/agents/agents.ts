/** Agents as the server knows them: registered at their start, seen while they are up, given up when they stay away. */
import { eq, sql } from "drizzle-orm";
import { say } from "../../../schema/sentences.ts";
import type { Database } from "../../db/database.ts";
import { agents } from "../../../schema/tables/agent.ts";
import type { Ended } from "../../agent/port.ts";
import { prepared } from "../../db/prepared_statements.ts";
import { transaction } from "../../db/transaction.ts";
import { planReboots } from "../schedules/schedule_rows.ts";
import { type ExchangePorts, exchangeWithAgent } from "../runs/exchange.ts";

/** An agent that was not seen for so long is given up: its attempts are LOST, and a late word from it is refused. */
const LEASE_MS = 60_000;
/** Attempts that one transaction gives up; the next takes the rest. */
const ATTEMPTS_AT_ONCE = 200;

export interface AgentRegistration {
  /** Kept in the agent's data directory: the same agent after a restart. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly capacity: number;
  /** Another one after each start of the machine; null: it cannot tell. */
  readonly bootId: string | null;
  /** The server that it is connected to. */
  readonly serverId: number;
}

/** How long agents with attempts have not been seen anew, by their ids. */
export type AgentAbsences = ReadonlyMap<number, AgentAbsence>;

interface AgentAbsence {
  /** As the database has it: whatever its clock says, it is another one when the agent was seen again. */
  readonly seenAt: string;
  readonly absentMs: number;
}

/** Answers the agent's id. What is scheduled for the start of a machine becomes due when its agent reports a new one. */
export async function registerAgent(db: Database, registration: AgentRegistration): Promise<number> {
  const seen = { ...registration, lastSeenAt: sql`clock_timestamp()` };
  const { key, bootId, ...changes } = seen;
  return await transaction(db, async (tx) => {
    const [before] = await tx.select({ bootId: agents.bootId }).from(agents).where(eq(agents.key, key)).for(
      "update",
    );
    const [agent] = await tx.insert(agents).values(seen).onConflictDoUpdate({
      target: agents.key,
      set: bootId === null ? changes : { ...changes, bootId },
    })
      .returning({ id: agents.id });
    if (agent === undefined) throw new Error("An upsert gave no row back");
    const restarted = bootId !== null && (before?.bootId ?? bootId) !== bootId;
    if (restarted) await planReboots(tx);
    return agent.id;
  });
}

/** A server is seen, and so is its own agent. */
export async function touchServer(db: Database, serverId: number): Promise<void> {
  await db.execute(prepared(sql`
    with seen as (update servers set last_seen_at = clock_timestamp() where id = ${serverId}::bigint returning id)
    update agents set last_seen_at = clock_timestamp() from seen where server_id = seen.id`));
}

/**
 * Ends the attempts of agents that stay away. How long they do is counted from one look to the next, and not by a clock,
 * which can be set. `absences` is what the look before has answered, `passedMs` before now.
 */
export async function giveUpAgents(
  ports: ExchangePorts,
  absences: AgentAbsences,
  passedMs: number,
): Promise<AgentAbsences> {
  const rows = await ports.db.execute<{ id: number; seenAt: string }>(sql`
    select id, last_seen_at::text as "seenAt" from agents
    where exists (select from attempts where agent_id = agents.id and state in ('STARTING', 'RUNNING'))`);
  const current = new Map(rows.map(({ id, seenAt }): [number, AgentAbsence] => {
    const before = absences.get(id);
    return [id, { seenAt, absentMs: before?.seenAt === seenAt ? before.absentMs + passedMs : 0 }];
  }));
  for (const [id, { seenAt, absentMs }] of current) {
    if (absentMs >= LEASE_MS) { while (await loseAttempts(ports, id, seenAt)); }
  }
  return current;
}

/** Unless the agent was seen meanwhile. Answers whether there may be more. */
async function loseAttempts(ports: ExchangePorts, agentId: number, seenAt: string): Promise<boolean> {
  const attempts = await ports.db.execute<{ id: number; name: string; now: Date }>(sql`
    select a.id, g.name, clock_timestamp() as now
    from attempts a join agents g on g.id = a.agent_id
    where g.id = ${agentId} and a.state in ('STARTING', 'RUNNING') and g.last_seen_at::text = ${seenAt}
    order by a.id limit ${ATTEMPTS_AT_ONCE}`);
  if (attempts.length > 0) {
    const ended = attempts.map(({ id, name, now }): Ended => ({
      attemptId: id,
      cause: "LOST",
      exitCode: null,
      signal: null,
      startedAt: null,
      finishedAt: now.getTime(),
      reason: say("AGENT_LOST", { name, seconds: LEASE_MS / 1000 }),
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
  return attempts.length === ATTEMPTS_AT_ONCE;
}
