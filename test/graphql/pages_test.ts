import assert from "node:assert/strict";
import { encodeId } from "../../schema/ids.ts";
import { writeCursor } from "../../schema/graphql/pages.ts";
import { containers } from "../../schema/tables/container.ts";
import { schedules } from "../../schema/tables/schedule.ts";
import { type Answer, codes, openApi, type TestApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: ContainerFilter) {
  containers(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    edges { cursor node { name } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;

/** In the order of the API: by letters, capitals like small ones, then by id. */
const NAMES = ["a", "a b", "B", "b", "Z", "zz", "Ä", "ä", "日本"];

Deno.test("containers reads every window as it is cut from the whole list", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  await addContainers(api, NAMES.toSorted());
  const whole = (await api.ask(PAGE)).data.containers.edges as readonly Edge[];
  assert.deepEqual(whole.map(({ node }) => node.name), NAMES);

  for (const window of windows(whole)) {
    const { containers: page } = (await api.ask(PAGE, { ...window })).data;

    assert.deepEqual(page.edges, cut(whole, window), JSON.stringify(window));
    assert.deepEqual(page.pageInfo, expectedInfo(whole, window), JSON.stringify(window));
    assert.equal(page.totalCount, NAMES.length);
  }
});

Deno.test("runs with the same instant are neither lost nor doubled between pages", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const ids = await addRuns(api, 7);
  await api.domain.db.execute("update runs set created_at = '2026-01-01T00:00:00.123Z'");
  const wanted = ids.toReversed().map((id) => encodeId("Run", id));

  assert.deepEqual(await walk(api, "first", "after", "endCursor", "hasNextPage"), wanted);
  assert.deepEqual(await walk(api, "last", "before", "startCursor", "hasPreviousPage"), wanted);
});

Deno.test("containers goes on behind a row that was deleted meanwhile", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  await addContainers(api, ["a", "b", "c"]);
  const first = (await api.ask(PAGE, { first: 2 })).data.containers;

  await api.domain.db.execute("delete from containers where name = 'b'");

  const second = (await api.ask(PAGE, { first: 2, after: first.pageInfo.endCursor })).data.containers;
  assert.deepEqual(second.edges.map((edge: Edge) => edge.node.name), ["c"]);
  assert.equal(second.pageInfo.hasPreviousPage, true);
  assert.equal(second.totalCount, 2);
});

Deno.test("containers applies its filter to page, flags and count alike", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  await addContainers(api, ["Report A", "report b", "other", "100% REPORT", "r_port"]);
  const names = async (filter: object): Promise<[string[], number]> => {
    const page = (await api.ask(PAGE, { filter })).data.containers;
    return [page.edges.map((edge: Edge) => edge.node.name), page.totalCount];
  };

  assert.deepEqual(await names({ nameContains: "REPORT" }), [["100% REPORT", "Report A", "report b"], 3]);
  assert.deepEqual(await names({ nameContains: "%" }), [["100% REPORT"], 1]);
  assert.deepEqual(await names({ nameContains: "_" }), [["r_port"], 1]);
  assert.deepEqual(await names({ nameContains: "" }).then(([, count]) => count), 5);
  assert.deepEqual(await names({ enabled: false }), [[], 0]);
  assert.deepEqual(await names({ project: "default", enabled: true }).then(([, count]) => count), 5);
  assert.deepEqual(await names({ project: "none" }), [[], 0]);
  const page = (await api.ask(PAGE, { first: 1, filter: { nameContains: "other" } })).data.containers;
  assert.equal(page.pageInfo.hasNextPage, false);
});

Deno.test("containers refuses a page that cannot be, and names the argument", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const cases: readonly (readonly [object, string])[] = [
    [{ first: 1, last: 1 }, "INVALID_INPUT last"],
    [{ first: -1 }, "INVALID_INPUT first"],
    [{ last: -1 }, "INVALID_INPUT last"],
    [{ first: 501 }, "INVALID_INPUT first"],
    [{ last: 501 }, "INVALID_INPUT last"],
    ...["", "!", "garbage", encodeId("Container", 1), "A".repeat(5000)].map((after) =>
      [{ after }, "INVALID_INPUT after"] as const
    ),
    [{ before: writeCursor([5, 1]) }, "INVALID_INPUT before"],
    [{ before: writeCursor(["\0", 1]) }, "INVALID_INPUT before"],
    [{ after: writeCursor(["a", 1.5]) }, "INVALID_INPUT after"],
  ];
  test.statements();

  for (const [page, code] of cases) {
    assert.deepEqual(codes(await api.ask(PAGE, { ...page })), [code], JSON.stringify(page));
  }
  assert.deepEqual(test.statements(), []);
  assert.deepEqual(codes(await api.ask(PAGE, { first: 500 })), []);
  const runsAfter = "query ($after: String) { runs(after: $after) { totalCount } }";
  for (const at of ["a", 1.5, 9e15, -9e15]) {
    assert.deepEqual(codes(await api.ask(runsAfter, { after: writeCursor([at, 1]) })), [
      "INVALID_INPUT after",
    ]);
  }
});

interface Edge {
  readonly cursor: string;
  readonly node: { readonly name: string };
}
interface Wanted {
  readonly first?: number;
  readonly last?: number;
  readonly after?: string;
  readonly before?: string;
}

function windows(whole: readonly Edge[]): Wanted[] {
  const bounds = [undefined, 0, 3, whole.length - 1].map((index) =>
    index === undefined ? undefined : whole[index]?.cursor
  );
  return [{}, ...[0, 1, 4, 9, 20].flatMap((size) => [{ first: size }, { last: size }])].flatMap((size) =>
    bounds.flatMap((after) =>
      bounds.map((before) => ({
        ...size,
        ...(after === undefined ? {} : { after }),
        ...(before === undefined ? {} : { before }),
      }))
    )
  );
}

/** The Relay algorithm on the whole list. */
function cut(whole: readonly Edge[], { first, last, after, before }: Wanted): readonly Edge[] {
  const inside = whole.slice(start(whole, after), end(whole, before));
  if (last !== undefined) return last === 0 ? [] : inside.slice(-last);
  return inside.slice(0, first ?? 50);
}

function expectedInfo(whole: readonly Edge[], window: Wanted): object {
  const page = cut(whole, window);
  const [from, to] = [
    start(whole, window.after),
    Math.max(start(whole, window.after), end(whole, window.before)),
  ];
  const cutAway = Math.max(0, end(whole, window.before) - from) - page.length;
  const backwards = window.last !== undefined;
  return {
    hasNextPage: (!backwards && cutAway > 0) ||
      (window.before !== undefined && end(whole, window.before) < whole.length) ||
      (to < whole.length && window.before !== undefined),
    hasPreviousPage: (backwards && cutAway > 0) || from > 0,
    startCursor: page.at(0)?.cursor ?? null,
    endCursor: page.at(-1)?.cursor ?? null,
  };
}

function start(whole: readonly Edge[], after: string | undefined): number {
  return after === undefined ? 0 : whole.findIndex(({ cursor }) => cursor === after) + 1;
}

function end(whole: readonly Edge[], before: string | undefined): number {
  return before === undefined ? whole.length : whole.findIndex(({ cursor }) => cursor === before);
}

async function addContainers(api: TestApi, names: readonly string[]): Promise<void> {
  for (const name of names) await api.domain.container({ name });
  assert.equal(await api.domain.db.$count(containers), await api.domain.db.$count(schedules));
}

async function addRuns(api: TestApi, count: number): Promise<number[]> {
  const containerId = await api.domain.container({ overlap: "ALLOW" });
  await api.domain.task(containerId, "only");
  const ids = [];
  for (let n = 0; n < count; n++) ids.push(await api.app.runs.trigger(api.domain.viewer, { containerId }));
  return ids;
}

/** Ids of all runs in the order of the list, read two at a time from one end. */
async function walk(
  api: TestApi,
  size: "first" | "last",
  bound: "after" | "before",
  cursor: "endCursor" | "startCursor",
  more: "hasNextPage" | "hasPreviousPage",
): Promise<string[]> {
  const document = `query ($cursor: String) {
    runs(${size}: 2, ${bound}: $cursor) { edges { node { id } } pageInfo { ${more} ${cursor} } }
  }`;
  const found: string[] = [];
  for (let at: string | null = null, going = true; going;) {
    const answer: Answer = await api.ask(document, { cursor: at });
    const page = answer.data.runs;
    const ids = page.edges.map((edge: { node: { id: string } }) => edge.node.id);
    if (size === "first") found.push(...ids);
    else found.unshift(...ids);
    at = page.pageInfo[cursor];
    going = page.pageInfo[more];
  }
  return found;
}
