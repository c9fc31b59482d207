import { match, strictEqual } from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type ConnectionLimits, type Listener, openListener } from "../../server/http/listener.ts";
import { createTestLog } from "../support/database.ts";
import { until } from "../support/until.ts";

const LIMITS: ConnectionLimits = {
  connectionCount: 8,
  perAddressCount: 4,
  headMs: 200,
  requestMs: 400,
  idleMs: 200,
  stallMs: 60_000,
};
const PATIENT = { ...LIMITS, headMs: 60_000, requestMs: 60_000, idleMs: 60_000 };
const GET = "GET /quick HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const HOLD = "GET /hold HTTP/1.1\r\nHost: localhost\r\n\r\n";
const POST = "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n";

for (
  const [what, sent, answer] of [
    ["nothing", "", /^HTTP\/1.1 408 /],
    ["half a request line", "GE", /^HTTP\/1.1 408 /],
    ["half a head", POST, /^HTTP\/1.1 408 /],
    ["half a body", `${POST}\r\n{`, /^HTTP\/1.1 408 /],
    ["a whole request, and then nothing", GET.replace("close", "keep-alive"), /^HTTP\/1.1 200 .*quick$/s],
    ["no HTTP", "EHLO mail\r\n\r\n", /^HTTP\/1.1 400 .*x-frame-options: DENY/s],
  ] as const
) {
  Deno.test(`a connection that sends ${what} is closed`, async () => {
    await using server = open(LIMITS);

    match(await ask(await connect(server, sent)), answer);
  });
}

Deno.test("connections that send nothing give way to those that ask", async () => {
  await using server = open(PATIENT);
  const silent = [];
  for (let index = 0; index < 10; index++) silent.push(await connect(server, ""));

  match(await ask(await connect(server, GET)), /quick$/);
  // The oldest: six for the four that an address may have, one more for the request.
  await Promise.all(silent.slice(0, 7).map(ask));
});

Deno.test("an address that has its share of requests is told so, and is served again afterwards", async () => {
  await using server = open(PATIENT);
  for (let index = 0; index < PATIENT.perAddressCount; index++) await hold(server);

  match(
    await ask(await connect(server, GET)),
    /^HTTP\/1.1 503 Service Unavailable\r\n.*x-frame-options: DENY.*Too many connections\n$/s,
  );
  await server.answerHeld();
  match(await ask(await connect(server, GET)), /quick$/);
});

Deno.test("a trusted proxy may have all connections, and no more", async () => {
  await using server = open(PATIENT, () => true);
  for (let index = 0; index < PATIENT.perAddressCount; index++) await hold(server);

  match(await ask(await connect(server, GET)), /quick$/);
  for (let index = PATIENT.perAddressCount; index < PATIENT.connectionCount; index++) await hold(server);
  match(await ask(await connect(server, GET)), /^HTTP\/1.1 503 /);
});

Deno.test("openListener() goes on after an accept that failed", async () => {
  const listen = Deno.listen;
  let failures = 3;
  // deno-lint-ignore no-explicit-any -- one of the overloads is enough here
  Deno.listen = ((options: any) => {
    const listener = listen(options);
    const accept = listener.accept.bind(listener);
    listener.accept = () => failures-- > 0 ? Promise.reject(new Error("Too many open files")) : accept();
    return listener;
  }) as typeof Deno.listen;
  try {
    await using server = open(PATIENT);

    match(await ask(await connect(server, GET)), /quick$/);
    strictEqual(server.log.lines.filter((line) => line.includes("Too many open files")).length, 1);
  } finally {
    Deno.listen = listen;
  }
});

interface TestListener extends Listener, AsyncDisposable {
  readonly log: ReturnType<typeof createTestLog>;
  readonly held: ServerResponse[];
  readonly clients: Deno.TcpConn[];
  answerHeld(): Promise<void>;
}

function open(limits: ConnectionLimits, isProxy = (_address: string): boolean => false): TestListener {
  const log = createTestLog();
  const held: ServerResponse[] = [];
  const clients: Deno.TcpConn[] = [];
  const listener = openListener({ hostname: "127.0.0.1", port: 0, limits, isProxy, log }, (message, to) => {
    if (message.url === "/hold") held.push(to);
    else if (message.url === "/quick") to.end("quick");
  });
  return {
    ...listener,
    log,
    held,
    clients,
    async answerHeld(): Promise<void> {
      await Promise.all(held.splice(0).map((to) => new Promise<void>((resolve) => void to.end(resolve))));
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await listener.close(0);
      for (const client of clients) client.close();
    },
  };
}

async function connect(server: TestListener, sent: string): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  server.clients.push(conn);
  await conn.write(new TextEncoder().encode(sent));
  return conn;
}

/** Sends a request that stays under way. */
async function hold(server: TestListener): Promise<void> {
  const count = server.held.length;
  await connect(server, HOLD);
  await until("the request is there", () => server.held.length > count);
}

/** What the server sends until it closes the connection. */
async function ask(conn: Deno.TcpConn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4096);
  let text = "";
  try {
    for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
      text += decoder.decode(buffer.subarray(0, count));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
  return text;
}
