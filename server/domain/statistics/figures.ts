/** Figures for the dashboard: counts of what is stored, and how busy the server's own machine is. */
import os from "node:os";
import { eq, sql } from "drizzle-orm";
import { NotFoundError } from "../../../schema/errors.ts";
import { all } from "../../db/conditions.ts";
import type { Visible } from "../accounts/interface.ts";
import { inProjects } from "../accounts/visible.ts";
import { runConditions } from "../runs/run_conditions.ts";
import type { Database } from "../../db/database.ts";
import type { ContainerFigures, DayOutcome, Figures, HostStats, Overview } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import { agents } from "../../../schema/tables/agent.ts";
import { runs } from "../../../schema/tables/run.ts";
import { createContainerFigures } from "./container_figures.ts";
import { createHostHistory, refuseMinutes } from "./host_history.ts";
import { visibleInProject } from "../projects/projects.ts";
import { readTimezone } from "../rules/cron.ts";
import { databaseNow } from "../schedules/schedule_rows.ts";
import { createRunOutcomes } from "./run_outcomes.ts";

const COUNTED_RUNS = 10_000;
/** Processor times are counted in hundredths of a second: a shorter span than this says nothing. */
const CPU_SPAN_MS = 500;

interface FigureParts {
  readonly db: Database;
  readonly clock: { now(): number };
  /** How many processes the server's own agent has now. */
  readonly running: () => number;
  /** What output takes in that agent's spool, and may take. */
  readonly spool: () => { readonly usedBytes: number; readonly limitBytes: number };
  /** Id of that agent; null while there is none. */
  readonly agentId: () => number | null;
}

/** Figures, and the measuring that the history of the host is made of. */
export type MeasuredFigures = Figures & { readonly measureHost: () => void };

export function createFigures(parts: FigureParts): MeasuredFigures {
  const { db, clock, running, spool, agentId: ownAgentId } = parts;
  const cpuPercent = createCpuMeter(clock);
  const history = createHostHistory();
  const outcomes = createRunOutcomes(db);
  const containerFigures = createContainerFigures(db, clock);
  const measure = (): HostStats => ({
    ...readHost(clock.now(), cpuPercent(), running()),
    spoolUsedBytes: spool().usedBytes,
    spoolLimitBytes: spool().limitBytes,
  });
  return {
    ownAgentId,
    measureHost: () => history.add(measure()),
    async hostHistory(agentId, minutes): Promise<readonly HostStats[]> {
      refuseMinutes(minutes);
      if (agentId !== null) await checkAgent(db, agentId, ownAgentId());
      return history.since(new Date(clock.now() - minutes * 60_000));
    },
    async runOutcomes(visible, { project, ...rest }): Promise<readonly DayOutcome[]> {
      const shown = await visibleInProject(db, visible, project, "tell figures");
      return await outcomes({ ...rest, visible: shown });
    },
    async containerFigures(visible, { project, ...rest }): Promise<ContainerFigures> {
      const shown = await visibleInProject(db, visible, project, "tell figures");
      return await containerFigures({ ...rest, visible: shown });
    },
    async overview(visible, { project, timezone }): Promise<Overview> {
      const zone = readTimezone(timezone, ["timezone"]);
      const shown = await visibleInProject(db, visible, project, "tell figures");
      const now = Temporal.Instant.fromEpochMilliseconds((await databaseNow(db)).getTime());
      return await readOverview(db, shown, now.toZonedDateTimeISO(zone).startOfDay());
    },
    async hostStats(agentId): Promise<HostStats> {
      if (agentId !== null) await checkAgent(db, agentId, ownAgentId());
      return measure();
    },
    async countRuns(visible, filter): Promise<number> {
      const conditions = [inProjects(visible, runs.projectId), ...runConditions(runs, filter)];
      const matching = db.select({ one: sql`1` }).from(runs).where(all(conditions)).limit(COUNTED_RUNS);
      return await db.$count(matching.as("matching"));
    },
  };
}

/** What counts is when a run ended. */
async function readOverview(
  db: Database,
  visible: Visible,
  startOfDay: Temporal.ZonedDateTime,
): Promise<Overview> {
  const own = inProjects(visible, sql`project_id`);
  const ownSlot = inProjects(visible, sql`c.project_id`);
  const ownRun = inProjects(visible, sql`r.project_id`);
  const today = sql`${startOfDay.toInstant().toString()}::timestamptz`;
  const [counts] = await db.execute<Record<keyof Overview, number>>(sql`
    select
      (select count(*)::int from containers where ${own}) as "containers",
      (select count(*)::int from containers where ${own} and enabled) as "enabledContainers",
      (select count(*)::int from runs where ${own} and state in ('QUEUED', 'RUNNING') and state = 'RUNNING') as "running",
      (select count(*)::int from runs where ${own} and state in ('QUEUED', 'RUNNING') and state = 'QUEUED') as "waiting",
      (select count(*)::int from slots s join containers c on c.id = s.container_id
        where ${ownSlot} and s.outcome = 'MISSED' and s.at >= ${today}) as "missedToday",
      (select count(*)::int from slots s join containers c on c.id = s.container_id
        where ${ownSlot} and s.late_at is not null and s.at >= ${today}) as "lateToday",
      (select count(*)::int from runs r join slots s on s.container_id = r.container_id and s.at = r.scheduled_for
        where ${ownRun} and r.state in ('QUEUED', 'RUNNING') and s.late_at is not null and not exists (
          select 1 from task_runs t where t.run_id = r.id and t.started_at is not null)) as "lateNow",
      (count(*) filter (where state = 'SUCCEEDED'))::int as "succeededToday",
      (count(*) filter (where state = 'FAILED'))::int as "failedToday",
      (count(*) filter (where state = 'CANCELLED'))::int as "cancelledToday"
    from runs
    where ${own} and finished_at >= ${today}`);
  if (counts === undefined) throw new Error("A count gave no row back");
  return counts;
}

async function checkAgent(db: Database, agentId: number, own: number | null): Promise<void> {
  if (agentId === own) return;
  const [agent] = await db.select({ name: agents.name }).from(agents).where(eq(agents.id, agentId));
  throw new NotFoundError(
    agent === undefined ? say("HOST_AGENT_UNKNOWN") : say("HOST_AGENT_ELSEWHERE", { name: agent.name }),
    ["agentId"],
  );
}

function readHost(
  at: number,
  cpuPercent: number,
  running: number,
): Omit<HostStats, "spoolUsedBytes" | "spoolLimitBytes"> {
  const memory = Deno.systemMemoryInfo();
  return {
    at: new Date(at),
    cpuPercent,
    memoryUsedBytes: Math.max(0, memory.total - memory.available),
    memoryTotalBytes: memory.total,
    load: Deno.loadavg(),
    processMemoryBytes: Deno.memoryUsage().rss,
    running,
  };
}

/** Answers the share of processor time that was used since the answer before; at first, since it was made. */
function createCpuMeter(clock: FigureParts["clock"]): () => number {
  let last = { at: clock.now(), ...processorTimes() };
  let percent = 0;
  return () => {
    const at = clock.now();
    // Several watchers share the meter: who asks right after another gets the same answer.
    if (Math.abs(at - last.at) < CPU_SPAN_MS) return percent;
    const times = processorTimes();
    const all = times.all - last.all;
    const idle = times.idle - last.idle;
    percent = all <= 0 ? 0 : Math.min(100, Math.max(0, 100 * (1 - idle / all)));
    last = { at, ...times };
    return percent;
  };
}

/** Milliseconds since the machine was started, summed over all processors. */
function processorTimes(): { readonly all: number; readonly idle: number } {
  const processors = os.cpus().map(({ times }) => times);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    all: sum(processors.map(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq)),
    idle: sum(processors.map(({ idle }) => idle)),
  };
}
