import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { sql } from "drizzle-orm";
import { fireDueSchedules } from "../../server/domain/schedules/fire_schedules.ts";
import { markLateSlots } from "../../server/domain/schedules/lateness.ts";
import { encodeId } from "../../schema/ids.ts";
import { codes, openApi, type TestApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

const SIMULATE = `query($id: ID!, $from: DateTime!, $to: DateTime!, $expression: String, $timezone: String,
    $dst: ClockChangeInput, $overlap: OverlapPolicy) {
  simulate(containerId: $id, from: $from, to: $to, expression: $expression, timezone: $timezone, dst: $dst, overlap: $overlap) {
    __typename
    ... on Simulation { kept added lost moved { from to } }
    ... on Error { message path }
  }
}`;
const march = { from: "2026-03-28T00:00:00Z", to: "2026-03-31T00:00:00Z" };

/** The next slot stands so many seconds in the past, as if nobody had looked since. */
async function overdue({ domain }: TestApi, id: number, seconds: number): Promise<void> {
  await domain.db.execute(sql`
    update schedules set next_fire_at = date_trunc('second', clock_timestamp()) - ${seconds} * interval '1 second'
    where container_id = ${id}`);
}

const test = (name: string, body: (api: TestApi) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openApi(opened.db));
  });
};

test("a container keeps its rule for clock changes, its grace and its most catch-ups", async ({ ask }) => {
  const fields =
    "... on Container { id version dst { missing repeated } lateAfterSeconds maxCatchUp nextFires(count: 1) }";
  const made = await ask(
    `mutation { createContainer(input: { name: "a", expression: "30 2 * * *", dst: { missing: SKIP } }) { ${fields} } }`,
  );
  const { id, ...first } = made.data.createContainer;
  const changed = await ask(
    `mutation($id: ID!) { updateContainer(input: { id: $id, dst: { repeated: BOTH }, lateAfterSeconds: 7, maxCatchUp: 2 }) { ${fields} } }`,
    { id },
  );
  const refused = await ask(
    `mutation($id: ID!) { updateContainer(input: { id: $id, lateAfterSeconds: 0 }) { ... on Error { path } } }`,
    { id },
  );

  deepStrictEqual([first.dst, first.lateAfterSeconds, first.maxCatchUp], [
    { missing: "SKIP", repeated: "FIRST" },
    300,
    100,
  ]);
  const { id: _id, nextFires: _fires, ...second } = changed.data.updateContainer;
  deepStrictEqual(second, {
    version: 2,
    dst: { missing: "SHIFT", repeated: "BOTH" },
    lateAfterSeconds: 7,
    maxCatchUp: 2,
  });
  deepStrictEqual(refused.data.updateContainer.path, ["input", "lateAfterSeconds"]);
});

test("slots and didNotRun tell what became of each slot", async (api) => {
  const { domain, ask } = api;
  const fired = await domain.container({ name: "fired", expression: "@yearly", lateAfterSeconds: 3600 });
  const late = await domain.container({ name: "late", expression: "@yearly", lateAfterSeconds: 1 });
  const empty = await domain.container({ name: "empty", expression: "@yearly" });
  const missed = await domain.container({ name: "missed", expression: "@yearly", misfire: "SKIP" });
  for (const id of [fired, late, missed]) await domain.task(id, "only");
  for (const [id, seconds] of [[fired, 1], [late, 3], [empty, 2], [missed, 60]] as const) {
    await overdue(api, id, seconds);
  }
  await fireDueSchedules(domain.ports);
  await markLateSlots(domain.ports);

  const { data } = await ask(`{
    containers { edges { node { name slots { outcome reason late lateSeconds run { state } } } } }
    didNotRun { kind reason container { name } run { containerName } }
    overview { missedToday lateToday lateNow }
  }`);

  const slotOf = Object.fromEntries(
    data.containers.edges.map((
      { node }: { node: { name: string; slots: object[] } },
    ) => [node.name, node.slots]),
  );
  deepStrictEqual(slotOf.fired, [
    { outcome: "FIRED", reason: null, late: false, lateSeconds: null, run: { state: "RUNNING" } },
  ]);
  deepStrictEqual([slotOf.late[0].outcome, slotOf.late[0].late], ["FIRED", true]);
  deepStrictEqual([slotOf.empty[0].outcome, slotOf.empty[0].run], ["SKIPPED", null]);
  deepStrictEqual([slotOf.missed[0].outcome, slotOf.missed[0].run], ["MISSED", null]);
  const told = data.didNotRun.map((
    { kind, container, run }: {
      kind: string;
      container: { name: string };
      run: { containerName: string } | null;
    },
  ) => [kind, container.name, run?.containerName ?? null]);
  deepStrictEqual(told, [["SKIPPED", "empty", null], ["LATE", "late", "late"], ["MISSED", "missed", null]]);
  deepStrictEqual(data.overview, { missedToday: 1, lateToday: 1, lateNow: 1 });
});

test("slots are narrowed by time and number, newest first", async (api) => {
  const id = await api.domain.container({ name: "a", expression: "@hourly" });
  await api.domain.db.execute(sql`
    insert into slots (container_id, at, outcome)
    select ${id}, '2026-01-01 00:00:00+00'::timestamptz + n * interval '1 hour', 'MISSED' from generate_series(0, 9) n`);
  const ask = async (args: string): Promise<string[]> => {
    const { data } = await api.ask(`query($id: ID!) { container(id: $id) { slots${args} { at } } }`, {
      id: encodeId("Container", id),
    });
    return data.container.slots.map(({ at }: { at: string }) => at.slice(11, 13));
  };

  deepStrictEqual(await ask("(first: 2)"), ["09", "08"]);
  deepStrictEqual(await ask('(from: "2026-01-01T02:00:00Z", to: "2026-01-01T04:00:00Z")'), ["03", "02"]);
  const refused = await api.ask(`{ containers { edges { node { slots(first: 501) { at } } } } }`);
  deepStrictEqual(codes(refused), ["INVALID_INPUT first"]);
});

test("upcoming merges the fires of all enabled containers", async ({ domain, ask }) => {
  await domain.container({ name: "hourly", expression: "0 0 * * * *" });
  await domain.container({ name: "also hourly", expression: "0 0 * * * *" });
  await domain.container({ name: "half", expression: "0 30 * * * *" });
  await domain.container({ name: "off", expression: "* * * * *", enabled: false });
  await domain.container({ name: "never", expression: "0 0 31 2 *" });

  const { data } = await ask(
    "{ upcoming(hours: 2) { at container { name } } first: upcoming(first: 1) { at } }",
  );

  const fires: { at: string; container: { name: string } }[] = data.upcoming;
  strictEqual(fires.length, 6);
  deepStrictEqual(fires.map(({ at }) => at), fires.map(({ at }) => at).toSorted());
  deepStrictEqual(fires.filter(({ container }) => container.name === "half").length, 2);
  deepStrictEqual(data.first.map(({ at }: { at: string }) => at), [fires[0]?.at]);
  for (const args of ["hours: 745", "hours: 0", "first: 501"]) {
    deepStrictEqual(codes(await ask(`{ upcoming(${args}) { at } }`)), [
      `INVALID_INPUT ${args.split(":")[0]}`,
    ]);
  }
  deepStrictEqual(codes(await ask('{ upcoming(project: "x") { at } }')), ["NOT_FOUND project"]);
});

test("simulate tells what a change would add, move and lose", async ({ domain, ask }) => {
  const id = encodeId(
    "Container",
    await domain.container({ expression: "30 2 * * *", timezone: "Europe/Berlin" }),
  );
  const simulate = async (change: object) => (await ask(SIMULATE, { id, ...march, ...change })).data.simulate;

  const same = await simulate({});
  const skipped = await simulate({ dst: { missing: "SKIP" } });
  const moved = await simulate({ expression: "45 2 * * *" });
  const more = await simulate({ expression: "30 2,12 * * *" });

  deepStrictEqual(same, { __typename: "Simulation", kept: 3, added: [], lost: [], moved: [] });
  deepStrictEqual(skipped.lost, ["2026-03-29T01:00:00.000Z"]);
  // On the day of the change both stand at the end of the gap.
  deepStrictEqual([moved.kept, moved.moved], [1, [
    { from: "2026-03-28T01:30:00.000Z", to: "2026-03-28T01:45:00.000Z" },
    { from: "2026-03-30T00:30:00.000Z", to: "2026-03-30T00:45:00.000Z" },
  ]]);
  deepStrictEqual([more.kept, more.added.length, more.lost], [3, 3, []]);
});

test("simulate refuses what it cannot tell", async ({ domain, ask }) => {
  const id = encodeId("Container", await domain.container({ expression: "@daily" }));
  const simulate = async (change: object) => (await ask(SIMULATE, { id, ...march, ...change })).data.simulate;

  const much = await simulate({ expression: "* * * * * *" });
  const unread = await simulate({ expression: "61 * * * *" });
  const backwards = await simulate({ to: march.from });
  const unknown = await simulate({ id: encodeId("Container", 4711) });

  match(much.message, /more than 10000 times/);
  deepStrictEqual([unread.__typename, unread.path], ["InvalidCronError", ["expression"]]);
  deepStrictEqual([backwards.__typename, backwards.path], ["InvalidInputError", ["to"]]);
  strictEqual(unknown.__typename, "NotFoundError");
});

test("cronPreview tells local times, the change of the clocks, and warns", async ({ ask }) => {
  const { data } = await ask(`{
    cronPreview(expression: "30 2 * * *", timezone: "Europe/Berlin", from: "2026-03-28T12:00:00Z", count: 1, dst: { missing: SKIP }) {
      ... on CronPreview { times { at local offset clockChange } warning }
    }
    never: cronPreview(expression: "0 0 31 2 *") { ... on CronPreview { fires times { at } warning } }
  }`);

  deepStrictEqual(data.cronPreview, {
    times: [{
      at: "2026-03-30T00:30:00.000Z",
      local: "2026-03-30 02:30:00",
      offset: "+02:00",
      clockChange: "AFTER_CHANGE",
    }],
    warning: null,
  });
  deepStrictEqual([data.never.fires, data.never.times], [[], []]);
  ok(data.never.warning);
});
