/** Who gets what: queues by labels, shares by weight, agents that are offline or take no work. */
import { deepEqual as equal, match } from "node:assert/strict";
import { sql } from "drizzle-orm";
import { giveUpAttempts, registerAgent, touchServer } from "../../../server/domain/agents/agents.ts";
import { updateAgent } from "../../../server/domain/agents/update.ts";
import { createExchange, exchangeWithAgents } from "../../../server/domain/runs/exchange.ts";
import { createWaits } from "../../../server/domain/runs/waits.ts";
import type { Exchange, ExchangeReply } from "../../../server/agent/port.ts";
import { textOf } from "../../../schema/sentences.ts";
import { endedAs, inDomain, type TestDomain, triggerRun } from "../../support/domain.ts";

function test(name: string, body: Parameters<typeof inDomain>[0]): void {
  Deno.test(name, inDomain(body));
}

const ASKED = { started: [], ended: [], ahead: 0, abovePriority: null, resume: false };

async function addAgent(domain: TestDomain, name: string, labels: readonly string[] = []): Promise<number> {
  const registration = {
    version: "0",
    capacity: 100,
    os: "linux",
    arch: "x86_64",
    bootId: null,
    serverId: 0,
  };
  return await registerAgent(domain.db, { ...registration, key: crypto.randomUUID(), name, labels });
}

async function claim(domain: TestDomain, agentId: number, freeSlots: number): Promise<number> {
  return (await ask(domain, { agentId, freeSlots })).work.length;
}

async function ask(
  domain: TestDomain,
  exchange: Partial<Exchange> & { readonly agentId: number },
): Promise<ExchangeReply> {
  return await createExchange(domain.ports)({ ...ASKED, freeSlots: 0, ...exchange });
}

/** A container with so many tasks that wait for nothing. */
async function wide(domain: TestDomain, count: number, input = {}): Promise<number> {
  const containerId = await domain.container();
  for (let n = 1; n <= count; n++) await domain.task(containerId, `task ${n}`, input);
  return containerId;
}

async function silence(domain: TestDomain, agentId: number, seconds: number): Promise<void> {
  await touchServer(domain.db, 0);
  await domain.db.execute(sql`update fleet set servers_up_since = clock_timestamp() - interval '1 day'`);
  await domain.db.execute(sql`
    update agents set last_seen_at = clock_timestamp() - ${seconds} * interval '1 second' where id = ${agentId}`);
}

test("work for labels that no agent has is in nobody's way, says why it waits, and goes where they are given", async (domain) => {
  const gpu = await wide(domain, 3, { requiredLabels: ["gpu", "region:eu"] });
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: gpu });
  for (let n = 0; n < 3; n++) {
    await triggerRun(domain.ports, domain.viewer, { containerId: await wide(domain, 1) });
  }

  equal(await claim(domain, domain.agentId, 100), 3);
  const [waiting] = await domain.db.execute<{ id: number }>(
    sql`select id from task_runs where run_id = ${runId}`,
  );
  const explain = async () =>
    await createWaits(domain.db, domain.ports.definitions).ofTaskRun("all", waiting?.id ?? 0);
  const before = await explain();
  equal(before?.kind, "WaitingForAgent");
  match(
    textOf(before?.message ?? null) ?? "",
    /No agent of the project has all of the labels gpu, region:eu/,
  );

  const id = await addAgent(domain, "other", ["gpu"]);
  await updateAgent(domain.ports, domain.viewer, { id, labels: ["region:eu", "gpu", "gpu"], cordoned: true });
  const offline = await explain();
  equal(offline?.kind === "WaitingForAgent" ? offline.candidateIds : null, [id]);
  equal(await claim(domain, id, 100), 0);

  await updateAgent(domain.ports, domain.viewer, { id, cordoned: false });
  equal(await claim(domain, domain.agentId, 100), 0);
  equal(await claim(domain, id, 100), 3);
});

test("agents share what has just become READY by weight, and a lower weight leaves slots empty", async (domain) => {
  const light = await addAgent(domain, "light");
  const heavy = await addAgent(domain, "heavy");
  await updateAgent(domain.ports, domain.viewer, { id: domain.agentId, cordoned: true });
  await updateAgent(domain.ports, domain.viewer, { id: heavy, weight: 300 });
  await triggerRun(domain.ports, domain.viewer, { containerId: await wide(domain, 40) });

  equal(await claim(domain, light, 100), 10);
  equal(await claim(domain, heavy, 100), 30);

  await triggerRun(domain.ports, domain.viewer, { containerId: await wide(domain, 80) });
  // What the other one does not fetch is anybody's after a while, as far as the weight goes.
  await domain.db.execute(
    sql`update task_runs set ready_at = ready_at - interval '3 seconds' where state = 'READY'`,
  );
  const rest = await claim(domain, light, 90);
  equal(rest >= 23 && rest <= 24, true, `${rest} of a third of 100 slots, of which 10 are taken`);
});

test("what several agents ask for at once is one transaction, and each time the one with the lowest load gets the next", async (domain) => {
  const other = await addAgent(domain, "other");
  const third = await addAgent(domain, "third");
  await updateAgent(domain.ports, domain.viewer, { id: third, weight: 200 });
  await triggerRun(domain.ports, domain.viewer, { containerId: await wide(domain, 40) });

  const replies = await exchangeWithAgents(
    domain.ports,
    [domain.agentId, other, third].map((agentId) => ({ ...ASKED, agentId, freeSlots: 100 })),
  );

  equal(replies.map((reply) => reply instanceof Error ? reply : reply.work.length), [10, 10, 20]);
});

test("an exchange that cannot be written is the fault of none beside it", async (domain) => {
  const other = await addAgent(domain, "other");
  await triggerRun(domain.ports, domain.viewer, { containerId: await wide(domain, 2) });
  const first = await ask(domain, { agentId: domain.agentId, freeSlots: 100 });
  const second = await ask(domain, { agentId: other, freeSlots: 100 });
  const ended = (
    reply: ExchangeReply,
    fields = {},
  ) => [endedAs(reply.work[0]?.attemptId ?? 0, { exitCode: 0, ...fields })];

  const [bad, good] = await exchangeWithAgents(domain.ports, [
    { ...ASKED, agentId: domain.agentId, freeSlots: 0, ended: ended(first, { exitCode: 2 ** 40 }) },
    { ...ASKED, agentId: other, freeSlots: 0, ended: ended(second) },
  ]);

  equal(bad instanceof Error, true);
  equal(good instanceof Error ? good : good?.refused, []);
  const [row] = await domain.db.execute<{ count: number }>(sql`
    select count(*)::int as count from attempts where state = 'SUCCEEDED'`);
  equal(row?.count, 1);
});

test("a cordon takes back what was claimed and has not started", async (domain) => {
  const containerId = await domain.container();
  const first = await domain.task(containerId, "first");
  await domain.relation(first, await domain.task(containerId, "second"));
  await domain.task(containerId, "beside");
  await triggerRun(domain.ports, domain.viewer, { containerId });
  const { work } = await ask(domain, { agentId: domain.agentId, freeSlots: 1, ahead: 1 });
  const idOf = (name: string): number =>
    work.find(({ environment }) => environment.ORRERY_TASK === name)?.attemptId ?? 0;
  await ask(domain, {
    agentId: domain.agentId,
    started: [{ attemptId: idOf("first"), startedAt: Date.now() }],
  });

  await updateAgent(domain.ports, domain.viewer, { id: domain.agentId, weight: 0 });
  const { recalls, stops } = await ask(domain, { agentId: domain.agentId, freeSlots: 5 });

  equal([...recalls].sort(), [idOf("second"), idOf("beside")].sort());
  equal(stops, []);
});

test("giveUpAttempts() goes by each task's policy once its agent is silent, and refuses its late word", async (domain) => {
  const containerId = await domain.container();
  await domain.task(containerId, "fails", { offlineSeconds: 60, maxRetries: 1, retryDelaySeconds: 0 });
  await domain.task(containerId, "reassigned", { offline: "REASSIGN", offlineSeconds: 60 });
  await domain.task(containerId, "waits", { offline: "WAIT" });
  await domain.task(containerId, "patient", { offlineSeconds: 600 });
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  const { work } = await domain.exchange();

  await silence(domain, domain.agentId, 59);
  await giveUpAttempts(domain.ports);
  equal(Object.values(await domain.states(runId)), ["RUNNING", "RUNNING", "RUNNING", "RUNNING"]);
  await silence(domain, domain.agentId, 61);
  await giveUpAttempts(domain.ports);

  const states = { fails: "READY", reassigned: "READY", waits: "RUNNING", patient: "RUNNING" };
  equal(await domain.states(runId), states);
  const late = await domain.exchange({
    ended: work.map(({ attemptId }) => endedAs(attemptId, 0)),
    freeSlots: 0,
  });
  equal(late.refused.length, 2);
  const other = await addAgent(domain, "other");
  const again = (await ask(domain, { agentId: other, freeSlots: 5 })).work.map(({ environment }) =>
    environment
  );
  equal(again.map(({ ORRERY_TASK }) => ORRERY_TASK), ["reassigned"]);
  // A later attempt has a greater fence.
  const fences = work.map(({ environment }) => Number(environment.ORRERY_FENCE));
  equal(fences.every((fence) => fence < Number(again[0]?.ORRERY_FENCE)), true);
  const [tries] = await domain.db.execute<{ attempt: number; count: number }>(sql`
    select attempt, reassign_count as count from task_runs where name = 'reassigned'`);
  equal(tries, { attempt: 2, count: 1 });
});

test("giveUpAttempts() gives nothing up after a pause of all servers or a jump of the clock", async (domain) => {
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: await wide(domain, 1) });
  await domain.exchange();

  for (const days of [0, 1, 400, -1]) {
    await silence(domain, domain.agentId, 0);
    const jump = sql`${days} * interval '1 day'`;
    await domain.db.execute(sql`update agents set last_seen_at = last_seen_at - ${jump}`);
    await domain.db.execute(sql`
      update fleet set last_heartbeat_at = last_heartbeat_at - ${jump}, servers_up_since = servers_up_since - ${jump}`);
    // As it looks before the next heartbeat, and after it.
    await giveUpAttempts(domain.ports);
    await touchServer(domain.db, 0);
    await giveUpAttempts(domain.ports);
  }

  equal(Object.values(await domain.states(runId)), ["RUNNING"]);
});

for (
  const [what, input, refusal] of [
    ["a label of the system's", { labels: ["os:plan9"] }, /labels that begin with agent:, os: or arch:/],
    ["a label with a blank", { labels: ["two words"] }, /labels: a label has 1 to 100 letters/],
    ["a weight beyond the limit", { weight: 1001 }, /weight 1001: it is a whole number from 0 to 1000/],
    ["no project", { projects: [] }, /it has to work for at least one project/],
    ["an unknown project", { projects: ["nowhere"] }, /there is no project "nowhere"/],
    ["a taken name", { name: "OTHER" }, /there is already an agent "OTHER"/],
    ["null", { cordoned: null }, /cordoned null: it is true or false/],
  ] as const
) {
  test(`updateAgent() refuses ${what} and changes nothing`, async (domain) => {
    await addAgent(domain, "other");
    const read = async () => await domain.db.execute(sql`select * from agents order by id`);
    const before = await read();

    await updateAgent(domain.ports, domain.viewer, { id: domain.agentId, ...input }).then(
      () => match("changed", refusal),
      (error: Error) => match(error.message, refusal),
    );

    equal([...await read()], [...before]);
  });
}
