/** Two servers over one PostgreSQL, as far as their buses go. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Event } from "../../schema/events.ts";
import { openDatabase } from "../../server/db/open.ts";
import { type Bus, createBus } from "../../server/events/bus.ts";
import { openRelay } from "../../server/events/relay.ts";
import { createTestLog, openTestDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

const runChanged: Event = { kind: "run", runId: 1, containerId: 2, projectId: 3, taskRunIds: [4, 5] };

interface TestServer extends AsyncDisposable {
  readonly bus: Bus;
  /** What its bus has told, but for greetings. */
  readonly events: readonly Event[];
  /** For how many seconds it asked what changed. */
  readonly asked: readonly number[];
  readonly log: readonly string[];
}

async function openServer(url: string): Promise<TestServer> {
  const log = createTestLog();
  const { channel, close } = await openDatabase({ url, dataDir: "", log });
  if (channel === null) throw new Error("An external database has no channel");
  const bus = createBus();
  const events: Event[] = [];
  const asked: number[] = [];
  bus.subscribe((event) => void events.push(event));
  const relay = openRelay({
    channel,
    bus,
    log,
    changedWithin(seconds): Promise<readonly Event[]> {
      asked.push(seconds);
      return Promise.resolve([{ kind: "queue" }]);
    },
  });
  return {
    bus,
    events,
    asked,
    log: log.lines,
    async [Symbol.asyncDispose](): Promise<void> {
      await relay.stop();
      await close();
    },
  };
}

/** Who has just started is known to the other a moment later: what is told before is told to nobody. */
async function meet(one: TestServer, other: TestServer): Promise<void> {
  for (const [from, to] of [[one, other], [other, one]] as const) {
    await until("they know each other", () => {
      from.bus.publish({ kind: "messages" });
      return to.events.length > 0;
    });
  }
  for (const { events } of [one, other]) (events as Event[]).length = 0;
}

Deno.test("a relay tells the other server what happens at this one, once, and nothing to itself", async () => {
  await using database = await openTestDatabase();
  await using here = await openServer(database.url);
  await using there = await openServer(database.url);
  await meet(here, there);
  const told: readonly Event[] = [
    runChanged,
    { kind: "container", change: "DELETED", containerId: 2, projectId: 3 },
    { kind: "session", credentialId: "session:1" },
    { kind: "work" },
    { kind: "schedule" },
  ];
  const line = { seq: 7, at: 0, stream: "STDOUT", text: "one" } as const;
  const of = { attemptId: 1, attempt: 2, taskRunId: 3, runId: 4, containerId: 5, projectId: 6 };

  for (const event of told) here.bus.publish(event);
  here.bus.publish({ kind: "lines", ...of, lines: [line, { ...line, seq: 8 }] });
  await until("it has come", () => there.events.some(({ kind }) => kind === "schedule"));

  const heard = there.events.filter(({ kind }) => kind !== "messages");
  equal(
    heard.toSorted(byKind),
    [...told, { kind: "stored", ...of, firstSeq: 7, lastSeq: 8 } as Event].toSorted(byKind),
  );
  equal(here.events.filter(({ kind }) => kind !== "messages").length, told.length + 1);
  equal([here.asked, there.asked], [[], []]);
});

Deno.test("a relay that was told of too much asks what changed", async () => {
  await using database = await openTestDatabase();
  await using here = await openServer(database.url);
  await using there = await openServer(database.url);
  await meet(here, there);

  for (let runId = 1; runId <= 5_000; runId++) here.bus.publish({ ...runChanged, runId } as Event);
  await until("it has asked", () => there.asked.length > 0);

  ok(there.events.some(({ kind }) => kind === "queue"));
  ok(there.events.filter(({ kind }) => kind === "run").length < 5_000);
});

Deno.test("a relay whose connection is lost listens anew, and asks what changed meanwhile", async () => {
  await using database = await openTestDatabase();
  await using here = await openServer(database.url);
  await using there = await openServer(database.url);
  await meet(here, there);

  await database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query ilike 'listen%'`;
  await until("both have asked", () => here.asked.length > 0 && there.asked.length > 0);
  await meet(here, there);
  here.bus.publish(runChanged);
  await until("it is heard again", () => there.events.some(({ kind }) => kind === "run"));

  equal(there.events.filter(({ kind }) => kind === "run"), [runChanged]);
});

Deno.test("a relay that was stopped is told nothing, and tells nothing", async () => {
  await using database = await openTestDatabase();
  await using here = await openServer(database.url);
  {
    await using there = await openServer(database.url);
    await meet(here, there);
  }
  await using later = await openServer(database.url);
  await meet(here, later);

  ok(!here.log.some((line) => line.startsWith("error")));
});

function byKind(one: Event, other: Event): number {
  return one.kind < other.kind ? -1 : 1;
}
