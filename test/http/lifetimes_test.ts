import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Viewer } from "../../server/domain/accounts/interface.ts";
import { createBus } from "../../server/events/bus.ts";
import { createLifetimes, type Lifetimes } from "../../server/http/lifetimes.ts";
import type { Operations } from "../../server/http/operations.ts";
import { createStreamEndpoint } from "../../server/http/stream_endpoint.ts";
import type { Caller } from "../../server/http/caller.ts";
import { createTestLog } from "../support/database.ts";
import { until } from "../support/until.ts";

const NOW = 1_767_225_600_000;
const STREAMS = 8;
const SOON_MS = 5;
const good = (): Promise<boolean> => Promise.resolve(true);

Deno.test("hold() gives no more than a credential may have, until one is released", () => {
  const { lifetimes } = openLifetimes();
  const held = Array.from({ length: STREAMS }, () => lifetimes.hold(viewer("one"), good));

  const oneMore = lifetimes.hold(viewer("one"), good);
  const another = lifetimes.hold(viewer("two"), good);
  held[0]?.release();
  held[0]?.release();
  const place = lifetimes.hold(viewer("one"), good);
  const none = lifetimes.hold(viewer("one"), good);

  deepStrictEqual([oneMore, none], [null, null]);
  deepStrictEqual([another?.signal.aborted, place?.signal.aborted], [false, false]);
  lifetimes.close();
});

Deno.test("hold() ends with the credential, and a request that was let in a moment before", () => {
  const { lifetimes, bus } = openLifetimes();
  const held = lifetimes.hold(viewer("one"), good);
  const other = lifetimes.hold(viewer("two"), good);

  bus.publish({ kind: "session", credentialId: "one" });
  const late = lifetimes.hold(viewer("one"), good);

  deepStrictEqual([held?.signal.aborted, late?.signal.aborted, other?.signal.aborted], [true, true, false]);
  lifetimes.close();
});

Deno.test("hold() ends when the rights of its user change, and may be opened anew", () => {
  const { lifetimes, bus } = openLifetimes();
  const held = lifetimes.hold(viewer("one"), good);
  const other = lifetimes.hold({ ...viewer("two"), userId: 2 }, good);

  bus.publish({ kind: "session", credentialId: "user:1" });
  const anew = lifetimes.hold(viewer("one"), good);

  deepStrictEqual([held?.signal.aborted, anew?.signal.aborted, other?.signal.aborted], [true, false, false]);
  lifetimes.close();
});

Deno.test("hold() ends when the credential expires, at once when it has", async () => {
  const { lifetimes } = openLifetimes();

  const brief = lifetimes.hold(viewer("one", NOW + SOON_MS), good);
  const past = lifetimes.hold(viewer("two", NOW - 1), good);

  await until("both have ended", () => brief?.signal.aborted && past?.signal.aborted);
  lifetimes.close();
});

Deno.test("hold() ends when another server has ended the credential, not when nobody knows", async () => {
  const { lifetimes, log } = openLifetimes(SOON_MS);
  let looks = 0;
  const gone = lifetimes.hold(viewer("one"), () => Promise.resolve(false));
  const unknown = lifetimes.hold(viewer("two"), () => {
    looks += 1;
    return Promise.reject(new Error("The database is away"));
  });

  await until("it was looked at twice", () => looks >= 2);

  deepStrictEqual([gone?.signal.aborted, unknown?.signal.aborted], [true, false]);
  strictEqual(log.lines.every((line) => line.startsWith("debug")), true);
  lifetimes.close();
});

Deno.test("close() ends all, and whatever is held from then on", () => {
  const { lifetimes } = openLifetimes();
  const held = lifetimes.hold(viewer("one"), good);

  lifetimes.close();
  const late = lifetimes.hold(viewer("one"), good);

  deepStrictEqual([held?.signal.aborted, late?.signal.aborted], [true, true]);
});

Deno.test("a reservation that nobody opens ends, and leaves its place", async () => {
  const { lifetimes } = openLifetimes();
  const operations: Operations = { run: () => Promise.reject(new Error("Nothing is run")) };
  const endpoint = createStreamEndpoint({ operations, lifetimes }, SOON_MS);
  const ask = (method: string, token?: string): Promise<Response> =>
    endpoint(
      new Request("http://orrery.test/graphql/stream", {
        method,
        headers: token === undefined ? {} : { "x-graphql-event-stream-token": token },
      }),
      caller(viewer("one")),
    );
  const opened = await (await ask("PUT")).text();
  const stream = await ask("GET", opened);

  const tokens: string[] = [];
  for (let response = await ask("PUT"); response.status === 201; response = await ask("PUT")) {
    tokens.push(await response.text());
    if (tokens.length > STREAMS) break;
  }
  await until("the reservations have ended", async () => (await ask("PUT")).status === 201);

  strictEqual(tokens.length, STREAMS - 1);
  strictEqual((await ask("GET", tokens[0])).status, 404);
  // The one that was opened lives on.
  strictEqual((await ask("GET", opened)).status, 409);
  await stream.body?.cancel();
  strictEqual((await ask("GET", opened)).status, 404);
  lifetimes.close();
});

function openLifetimes(lookMs?: number): {
  readonly lifetimes: Lifetimes;
  readonly bus: ReturnType<typeof createBus>;
  readonly log: ReturnType<typeof createTestLog>;
} {
  const bus = createBus();
  const log = createTestLog();
  return { lifetimes: createLifetimes({ bus, log, clock: { now: () => NOW } }, lookMs), bus, log };
}

function viewer(credentialId: string, expiresAt: number | null = null): Viewer {
  return {
    userId: 1,
    username: "ada",
    admin: false,
    roles: "ADMIN",
    scopes: ["ADMINISTER"],
    limitedTo: null,
    via: "bearer",
    credentialId,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    address: null,
  };
}

function caller(who: Viewer): Caller {
  return {
    viewer: who,
    page: "own",
    gone: new AbortController().signal,
    cookies: [],
    context: () => {
      throw new Error("Nothing is run");
    },
    stillKnown: good,
  };
}
