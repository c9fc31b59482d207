/** Agents as the server knows them: registered at their start, seen while they are up, what they have is given up when they stay away. */
import { type SQL, sql } from "drizzle-orm";
import type { Labels } from "../../../schema/definition/field.ts";
import { SYSTEM_LABEL } from "../../../schema/definition/label.ts";
import { say } from "../../../schema/sentences.ts";
import type { StopCause } from "../../../schema/states.ts";
import type { Database } from "../../db/database.ts";
import { textArray } from "../../db/parameters.ts";
import { prepared } from "../../db/prepared_statements.ts";
import { transaction } from "../../db/transaction.ts";
import { planReboots } from "../schedules/schedule_rows.ts";
import { isGivenUp } from "../rules/offline.ts";
import type { ExchangePorts } from "../runs/exchange.ts";
import type { EndReport } from "../runs/judge_reports.ts";
import { takeReports } from "../runs/reports.ts";
import { LEASE_SECONDS } from "./eligible.ts";

/** Attempts that one transaction gives up; the next takes the rest. */
const ATTEMPTS_AT_ONCE = 200;
/** A pause of all servers: what agents would have said meanwhile nobody heard. */
const PAUSE_SECONDS = 30;

export interface AgentRegistration {
  /** Kept in the agent's data directory: the same agent after a restart. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly capacity: number;
  /** Its own; null: those that it had, or none. */
  readonly labels: Labels | null;
  /** The operating system and the architecture. */
  readonly os: string;
  readonly arch: string;
  /** Another one after each start of the machine; null: it cannot tell. */
  readonly bootId: string | null;
  /** The server that it is connected to. */
  readonly serverId: number;
}

/**
 * Answers the agent's id. It keeps the name, the labels and all else that it was given meanwhile. What is scheduled for the
 * start of a machine becomes due when its agent reports a new one.
 */
export async function registerAgent(
  db: Database,
  { key, name, version, capacity, labels, os, arch, bootId, serverId }: AgentRegistration,
): Promise<number> {
  const kept =
    sql`array(select label from unnest(agents.labels) as label where label !~ ${SYSTEM_LABEL.source})`;
  const given = labels === null ? kept : textArray(labels);
  return await transaction(db, async (tx) => {
    const [before] = await tx.execute<{ bootId: string | null }>(sql`
      select boot_id as "bootId" from agents where key = ${key} for update`);
    const [agent] = await tx.execute<{ id: number }>(sql`
      insert into agents (key, name, version, capacity, boot_id, server_id, last_seen_at, labels)
      values (${key}, ${name}, ${version}, ${capacity}, ${bootId}, ${serverId}, clock_timestamp(),
        ${withSystemLabels(textArray(labels ?? []), sql`${name}::text`, { os, arch })})
      on conflict (key) do update set version = excluded.version, capacity = excluded.capacity,
        boot_id = coalesce(excluded.boot_id, agents.boot_id), server_id = excluded.server_id,
        last_seen_at = excluded.last_seen_at, labels = ${
      withSystemLabels(given, sql`agents.name`, { os, arch })
    }
      returning id`);
    if (agent === undefined) throw new Error("An upsert gave no row back");
    if (bootId !== null && (before?.bootId ?? bootId) !== bootId) await planReboots(tx);
    return agent.id;
  });
}

function withSystemLabels(
  labels: SQL,
  name: SQL,
  { os, arch }: { readonly os: string; readonly arch: string },
): SQL {
  return sql`${labels} || array[${nameLabel(name)}, ${`os:${os}`}::text, ${`arch:${arch}`}::text]`;
}

/** The label with an agent's name. It has no spaces: they become hyphens. */
export function nameLabel(name: SQL): SQL {
  return sql`'agent:' || regexp_replace(${name}, '[^[:alnum:].:_/-]', '-', 'g')`;
}

/**
 * A server is seen, and so is its own agent. After a pause of all servers, or a jump of the database's clock, nobody can
 * be said to have been silent: that counts from now.
 */
export async function touchServer(db: Database, serverId: number): Promise<void> {
  await db.execute(prepared(sql`
    with beat as (
      insert into fleet (servers_up_since, last_heartbeat_at) values (clock_timestamp(), clock_timestamp())
      on conflict (singleton) do update set last_heartbeat_at = clock_timestamp(),
        servers_up_since = case
          when fleet.last_heartbeat_at between clock_timestamp() - make_interval(secs => ${PAUSE_SECONDS})
            and clock_timestamp() then fleet.servers_up_since
          else clock_timestamp() end
    ), seen as (
      update servers set last_seen_at = clock_timestamp() where id = ${serverId}::bigint returning id
    )
    update agents set last_seen_at = clock_timestamp() from seen
    where server_id = seen.id or agents.last_seen_at > clock_timestamp() + make_interval(secs => ${PAUSE_SECONDS})`));
}

interface SilentRow extends Record<string, unknown> {
  readonly id: number;
  readonly agentId: number;
  readonly name: string;
  readonly silentSeconds: number;
  readonly ranSeconds: number;
  readonly stopCause: StopCause | null;
  readonly versionId: number;
  readonly taskIndex: number;
  readonly now: Date;
}

/**
 * Ends the attempts of agents that are offline, as their tasks wish it. Whatever the clock did: a jump since the last
 * heartbeat of a server is seen to be one, and nobody is given up before the next.
 */
export async function giveUpAttempts(ports: ExchangePorts): Promise<void> {
  for (let lastId = 0, more = true; more;) {
    const rows = await ports.db.execute<SilentRow>(prepared(sql`
      select a.id, a.agent_id as "agentId", g.name, s.seconds as "silentSeconds", a.stop_cause as "stopCause",
        extract(epoch from clock_timestamp() - coalesce(a.started_at, a.created_at))::float8 as "ranSeconds",
        r.version_id as "versionId", t.task_index as "taskIndex", clock_timestamp() as now
      from fleet f cross join agents g cross join lateral (
        select extract(epoch from clock_timestamp() - greatest(g.last_seen_at, f.servers_up_since))::float8 as seconds
      ) s join attempts a on a.agent_id = g.id and a.state in ('STARTING', 'RUNNING')
      join task_runs t on t.id = a.task_run_id join runs r on r.id = t.run_id
      where f.last_heartbeat_at between clock_timestamp() - make_interval(secs => ${PAUSE_SECONDS})
          and clock_timestamp()
        and s.seconds > ${LEASE_SECONDS} and t.state = 'RUNNING' and a.id > ${lastId}
      order by a.id limit ${ATTEMPTS_AT_ONCE}`));
    const stored = await ports.definitions.getMany(rows.map(({ versionId }) => versionId));
    const givenUp = rows.filter((row) => {
      const task = stored.get(row.versionId)?.definition.tasks[row.taskIndex];
      return task !== undefined && isGivenUp(task, row);
    });
    await loseAttempts(ports, givenUp);
    more = rows.length === ATTEMPTS_AT_ONCE;
    lastId = rows.at(-1)?.id ?? 0;
  }
}

async function loseAttempts(ports: ExchangePorts, rows: readonly SilentRow[]): Promise<void> {
  if (rows.length === 0) return;
  const reports = [...Map.groupBy(rows, ({ agentId }) => agentId)].map(([agentId, own]) => ({
    agentId,
    started: [],
    ended: own.map(({ id, name, silentSeconds, now }): EndReport => ({
      attemptId: id,
      cause: "OFFLINE",
      exitCode: null,
      signal: null,
      startedAt: null,
      finishedAt: now.getTime(),
      reason: say("AGENT_LOST", { name, seconds: Math.floor(silentSeconds) }),
      outputs: null,
      outputFault: null,
      redactedCount: 0,
      followed: false,
    })),
  }));
  await transaction(ports.db, async (tx, after) => {
    const { written } = await takeReports({ ...ports, tx, after }, reports);
    await written;
  });
}
