/** The domain on a test's database, with an agent that starts nothing and ends what it is told to end. */
import { eq, sql } from "drizzle-orm";
import type { Event } from "../../schema/events.ts";
import type { Database } from "../../server/db/database.ts";
import type { Viewer } from "../../server/domain/accounts/interface.ts";
import type { NewContainer, NewTask } from "../../server/domain/containers/interface.ts";
import type { Runs } from "../../server/domain/runs/interface.ts";
import type { RelationCondition } from "../../schema/states.ts";
import { projects } from "../../schema/tables/project.ts";
import { runs, taskRuns } from "../../schema/tables/run.ts";
import { users } from "../../schema/tables/user.ts";
import type { Ended, Exchange, ExchangeReply, Work } from "../../server/agent/port.ts";
import { registerAgent } from "../../server/domain/agents/agents.ts";
import { registerServer } from "../../server/domain/agents/servers.ts";
import { type ContainerPorts, createContainer } from "../../server/domain/containers/containers.ts";
import { openTestDatabase, type TestDatabase } from "./database.ts";
import { createPlacements } from "../../server/domain/runs/placements.ts";
import { createDefinitions } from "../../server/domain/containers/definitions.ts";
import { createRelation } from "../../server/domain/containers/relations.ts";
import { createExchange, type ExchangePorts } from "../../server/domain/runs/exchange.ts";
import { expireRuns, promoteRuns, releaseRetries } from "../../server/domain/runs/queue.ts";
import { createTrigger } from "../../server/domain/runs/trigger.ts";
import { createTask } from "../../server/domain/containers/tasks.ts";
import { openVault } from "../../server/vault/vault.ts";
import { createBus } from "../../server/events/bus.ts";

/** How the fake agent's processes end, by task name: an exit code, or a whole report. */
export type Endings = Readonly<Record<string, number | Partial<Ended>>>;

/** Of a person. */
export interface UserViewer extends Viewer {
  readonly userId: number;
}

export interface TestDomain {
  readonly ports: ExchangePorts & ContainerPorts;
  readonly db: Database;
  readonly viewer: UserViewer;
  /** May read only. */
  readonly reader: UserViewer;
  readonly events: Event[];
  readonly agentId: number;
  container(input?: Partial<NewContainer>): Promise<number>;
  task(containerId: number, name: string, input?: Partial<NewTask>): Promise<number>;
  relation(upstreamId: number, downstreamId: number, condition?: RelationCondition): Promise<number>;
  /** One exchange; what it hands out is remembered as living. */
  exchange(
    input?: Partial<Omit<Exchange, "agentId">>,
  ): Promise<ExchangeReply>;
  /** Ends the living attempts of these tasks and claims what follows. */
  end(endings: Endings, freeSlots?: number): Promise<ExchangeReply>;
  /** Ends everything, again and again, until nothing is left to do. Tasks not named end with exit code 0. */
  finish(endings?: Endings): Promise<void>;
  /** Names of the tasks whose attempts live, sorted. */
  living(): readonly string[];
  run(id: number): Promise<typeof runs.$inferSelect>;
  /** Task name -> state. */
  states(runId: number): Promise<Readonly<Record<string, string>>>;
}

/** The server's own defaults. */
export const usualLimits = { shortestGapSeconds: 1, missedAfterSeconds: 5 } as const;

export async function openDomain(db: Database): Promise<TestDomain> {
  const bus = createBus();
  const events: Event[] = [];
  bus.subscribe((event) => void events.push(event));
  const ports = {
    db,
    bus,
    definitions: createDefinitions(db),
    vault: await openVault("a key of this test"),
    placements: createPlacements(),
    random: () => 0,
    limits: usualLimits,
  };
  await db.insert(projects).values({ slug: "default", name: "Default" }).onConflictDoNothing();
  const viewer = await createViewer(db, "admin", true);
  const reader = await createViewer(db, "reader", false);
  const agentId = await registerAgent(db, {
    key: crypto.randomUUID(),
    name: "test",
    version: "0",
    capacity: 100,
    labels: null,
    os: "linux",
    arch: "x86_64",
    bootId: null,
    serverId: await registerServer(db, { key: crypto.randomUUID(), name: "test", url: null, version: "0" }),
  });
  const exchangeOnce = createExchange(ports);
  const living = new Map<number, Work>();
  let names = 0;

  async function exchange(
    { started = [], ended = [], freeSlots = 100, ahead = 0, abovePriority = null, resume = false }: Partial<
      Omit<Exchange, "agentId">
    > = {},
  ): Promise<ExchangeReply> {
    const reply = await exchangeOnce({
      agentId,
      started,
      ended,
      freeSlots,
      ahead,
      abovePriority,
      resume,
    });
    for (const { attemptId } of ended) living.delete(attemptId);
    for (const work of reply.work) living.set(work.attemptId, work);
    return reply;
  }

  async function end(endings: Endings, freeSlots?: number): Promise<ExchangeReply> {
    const ended = [...living.values()].flatMap((work) => {
      const ending = endings[taskOf(work)];
      return ending === undefined ? [] : [endedAs(work.attemptId, ending)];
    });
    return await exchange({ ended, ...(freeSlots === undefined ? {} : { freeSlots }) });
  }

  return {
    ports,
    db,
    viewer,
    reader,
    events,
    agentId,
    container: (input = {}) => createContainer(ports, viewer, { name: `container ${++names}`, ...input }),
    task: (containerId, name, input = {}) =>
      createTask(ports, viewer, { containerId, name, command: ":", ...input }),
    relation: (upstreamId, downstreamId, condition = "SUCCESS") =>
      createRelation(ports, viewer, { upstreamId, downstreamId, condition }),
    exchange,
    end,
    async finish(endings = {}): Promise<void> {
      await exchange();
      while (living.size > 0) {
        await end(
          Object.fromEntries([...living.values()].map((work) => [taskOf(work), endings[taskOf(work)] ?? 0])),
        );
        while (await releaseRetries(ports));
        while (await promoteRuns(ports));
        while (await expireRuns(ports));
        await exchange();
      }
    },
    living: () => [...living.values()].map(taskOf).sort(),
    async run(id): Promise<typeof runs.$inferSelect> {
      const [run] = await db.select().from(runs).where(eq(runs.id, id));
      if (run === undefined) throw new Error(`There is no run ${id}`);
      return run;
    },
    async states(runId): Promise<Readonly<Record<string, string>>> {
      const rows = await db.select().from(taskRuns).where(eq(taskRuns.runId, runId));
      return Object.fromEntries(rows.map(({ name, state }) => [name, state]));
    },
  };
}

export function taskOf(work: Work): string {
  return work.environment.ORRERY_TASK ?? "";
}

export function endedAs(attemptId: number, ending: number | Partial<Ended>): Ended {
  const fields = typeof ending === "number" ? { exitCode: ending } : ending;
  return {
    attemptId,
    cause: "EXIT",
    exitCode: null,
    signal: null,
    startedAt: 1_767_225_600_000,
    finishedAt: 1_767_225_600_500,
    reason: null,
    outputs: null,
    outputFault: null,
    redactedCount: 0,
    ...fields,
  };
}

/** The body of a test that has a domain and a database of its own. The gate counts a test where Deno.test() is called. */
export function inDomain(
  body: (domain: TestDomain, opened: TestDatabase) => Promise<void>,
): () => Promise<void> {
  return async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db), opened);
  };
}

/** A run asked for in a transaction of its own: callers at once contend for locks, as those of two servers do. */
export async function triggerRun(
  ports: Parameters<typeof createTrigger>[0],
  ...[viewer, input]: Parameters<Runs["trigger"]>
): Promise<number> {
  return await createTrigger(ports)(viewer, input);
}

/** Lets time pass for what is kept as an instant in the database, without waiting. */
export async function pass(db: Database, seconds: number): Promise<void> {
  const interval = sql`${seconds} * interval '1 second'`;
  await db.execute(sql`update task_runs set retry_at = retry_at - ${interval} where retry_at is not null`);
  await db.execute(
    sql`update runs set deadline_at = deadline_at - ${interval} where deadline_at is not null`,
  );
  await db.execute(
    sql`update schedules set next_fire_at = next_fire_at - ${interval} where next_fire_at is not null`,
  );
}

async function createViewer(db: Database, username: string, admin: boolean): Promise<UserViewer> {
  const [user] = await db.insert(users).values({
    username,
    displayName: username,
    passwordHash: "none",
    admin,
  })
    .returning({ id: users.id });
  if (user === undefined) throw new Error("An insert gave no row back");
  return {
    userId: user.id,
    username,
    admin,
    roles: admin ? "ADMIN" : "VIEWER",
    scopes: ["ADMINISTER"],
    limitedTo: null,
    via: "bearer",
    credentialId: "session:test",
    expiresAt: null,
    address: null,
  };
}
