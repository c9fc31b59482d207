/** Which agents may have what work, and which of them are there to take it. */
import { type Column, type SQL, sql } from "drizzle-orm";

/** An agent that was silent for longer is offline: nothing is expected of it, but what it has is not given up yet. */
export const LEASE_SECONDS = 35;

/** The condition that an agent was heard from within its lease. */
export function isOnline(lastSeenAt: Column | SQL): SQL<boolean> {
  return sql<
    boolean
  >`coalesce(${lastSeenAt} > clock_timestamp() - make_interval(secs => ${LEASE_SECONDS}), false)`;
}

/** Of a row of agents: it claims work. */
export function claims(agent: SQL): SQL<boolean> {
  return sql<boolean>`(not ${agent}.cordoned and ${agent}.weight > 0 and ${agent}.capacity > 0)`;
}

/** Of a row of agents and one of placements: the agent may have what is placed there. */
export function serves(agent: SQL, placement: SQL): SQL<boolean> {
  return sql<boolean>`((${agent}.project_ids is null or ${placement}.project_id = any(${agent}.project_ids))
    and ${placement}.labels <@ ${agent}.labels)`;
}
