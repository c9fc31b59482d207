import { deepStrictEqual, doesNotMatch, rejects, strictEqual } from "node:assert/strict";
import { createHealthChecks } from "../../server/health_checks.ts";
import { createHealth, UnhealthyError } from "../../server/http/health.ts";
import { openHttp } from "../../server/http/server.ts";
import { StartError } from "../../server/start_error.ts";
import { createTestLog } from "../support/database.ts";
import { canMount, openSmallDisk } from "../support/small_disk.ts";
import { startOwnPostgres } from "../support/postgres.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

Deno.test("/health says 503 while the server starts, and everything else does", async () => {
  const http = openHttp({ host: "127.0.0.1", port: 0, log: createTestLog() });

  const health = await fetch(`${http.address}/health`);
  const api = await fetch(`${http.address}/graphql`, { method: "POST", body: "{}" });

  deepStrictEqual([health.status, await health.json()], [503, { status: "starting" }]);
  strictEqual(api.status, 503);
  strictEqual(api.headers.get("retry-after"), "2");
  await api.body?.cancel();
  await http.close();
});

Deno.test("openHttp() says that the port is taken, and by which setting to choose another", async () => {
  const http = openHttp({ host: "127.0.0.1", port: 0, log: createTestLog() });
  const port = Number(new URL(http.address).port);

  let told = "";
  try {
    openHttp({ host: "127.0.0.1", port, log: createTestLog() });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    told = error.message;
  }

  strictEqual(
    told,
    `Cannot listen on 127.0.0.1:${port}: the port is taken; choose another with ORRERY_PORT`,
  );
  await http.close();
});

Deno.test("createHealth() looks once for many, and tells of a change once", async () => {
  const log = createTestLog();
  let looks = 0;
  let answers = true;
  const health = createHealth({
    database: () => {
      looks += 1;
      return answers ? Promise.resolve() : Promise.reject(new Error("Nobody there"));
    },
  }, log);

  const first = await Promise.all([health(), health(), health()]);
  answers = false;
  const gone = [await health(), await health()];
  answers = true;
  const back = [await health(), await health()];

  deepStrictEqual([...first, ...gone, ...back].map(({ status }) => status), [
    200,
    200,
    200,
    503,
    503,
    200,
    200,
  ]);
  strictEqual(looks, 5);
  deepStrictEqual(log.lines.map((line) => line.split(" ")[0]), ["warn", "info"]);
});

Deno.test("createHealth() gives a reason for each part, and no error that is not meant for everybody", async () => {
  const log = createTestLog();
  const health = createHealth({
    database: () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.7:5432")),
    disk: () => Promise.reject(new UnhealthyError("No room")),
    scheduler: () => Promise.resolve(),
  }, log);

  const response = await health();

  deepStrictEqual(await response.json(), {
    status: "database unavailable",
    reasons: { database: "It does not answer", disk: "No room" },
  });
});

Deno.test("createHealthChecks() rejects when a duty has not done its work for long", async () => {
  const checks = createHealthChecks({
    askDatabase: () => Promise.resolve(),
    dataDir: "",
    services: [
      { name: "scheduler", sinceRoundMs: () => 29_000 },
      { name: "dispatcher", sinceRoundMs: () => 31_000 },
    ],
  });

  await checks.scheduler?.();
  await rejects(
    async () => await checks.dispatcher?.(),
    /The dispatcher has done nothing for 31 s$/,
  );
});

Deno.test({
  name: "/health and the log tell of a disk without room, and of room again",
  ignore: !canMount(),
  fn: async () => {
    await using disk = await openSmallDisk(8 * 1024 * 1024);
    await using server = await startServer({ dataDir: disk.dir });
    const health = async (): Promise<readonly [number, unknown]> => {
      const response = await fetch(`${server.address}/health`);
      return [response.status, await response.json()];
    };
    const before = await health();

    await disk.fill();
    const full = await health();
    await health();
    await disk.empty();
    const after = await health();

    deepStrictEqual([before, after], [[200, { status: "ok" }], [200, { status: "ok" }]]);
    deepStrictEqual(full, [503, {
      status: "disk unavailable",
      reasons: { disk: "The data directory cannot be written: No space left on device (os error 28)" },
    }]);
    const told = server.log().split("\n").filter((line) => line.includes("do its work")).map((line) =>
      line.includes("again")
    );
    deepStrictEqual(told, [false, true]);
  },
});

Deno.test({
  name: "/health follows the database as it goes and comes back",
  fn: async () => {
    const postgres = await startOwnPostgres();
    await using server = await startServer({ databaseUrl: postgres.url("postgres") });
    const health = async (): Promise<number> => {
      const response = await fetch(`${server.address}/health`);
      await response.body?.cancel();
      return response.status;
    };
    const ask = (): Promise<{ readonly status: number }> => server.graphql("{ viewer { username } }");
    const before = [await health(), (await ask()).status];

    postgres.kill();
    await until("the loss is told", async () => await health() === 503);
    const lost = await fetch(`${server.address}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer orrery_none" },
      body: JSON.stringify({ query: "{ viewer { username } }" }),
    });
    const text = await lost.text();
    await postgres.start();
    await until("the return is told", async () => await health() === 200);
    const after = await server.graphql("{ viewer { username } }");

    deepStrictEqual(before, [200, 200]);
    strictEqual(lost.status, 503);
    strictEqual(JSON.parse(text).errors[0].extensions.code, "UNAVAILABLE");
    doesNotMatch(text, /node_modules|ECONN|\.ts:\d/);
    deepStrictEqual(after.data, { viewer: { username: "admin" } });
  },
});
