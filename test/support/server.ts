/** The whole program as a process of its own, reached as people reach it: over HTTP. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import project from "../../deno.json" with { type: "json" };
import { clusterOf, stopEarlierServer } from "../../server/db/bundled_cluster.ts";
import { createTestDatabase, dropTestDatabase } from "./database.ts";
import { processLives } from "./processes.ts";
import { until } from "./until.ts";

export const ADMIN_PASSWORD = "correct horse battery";

const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));
/** As `deno task start` has it, so that what is tested and measured is what people run. */
const [, FLAGS = ""] = /&& deno run -A (--v8-flags=\S+) server/.exec(project.tasks.start) ?? [];
export const START_FLAGS = FLAGS;
const READY = /^Orrery is ready at (http:\/\/\S+)$/m;
const START_MS = 60_000;
const DEATH_LOOK_MS = 1;

export interface ServerOptions {
  /** Kept when the server stops; without it a fresh one that goes with the server. */
  readonly dataDir?: string;
  /** Without it a fresh, migrated one that goes with the server; null: the bundled one in the data directory. */
  readonly databaseUrl?: string | null;
  /** Over what the tests set: undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly args?: readonly string[];
  /** Programs that are run in the server before its own. */
  readonly preload?: readonly string[];
}

/** An answer, loosely typed: a test knows what it asked for. */
export interface ServerAnswer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- the shape follows from the document that the test wrote
  readonly data?: any;
  // deno-lint-ignore no-explicit-any -- as above
  readonly errors?: readonly any[];
}

export interface TestServer extends AsyncDisposable {
  /** E.g. http://127.0.0.1:40123 */
  readonly address: string;
  readonly dataDir: string;
  /** Null: the bundled one. */
  readonly databaseUrl: string | null;
  readonly pid: number;
  /** What it wrote to standard output and to its log, so far. */
  output(): string;
  log(): string;
  /** Answers a token. */
  signIn(username?: string, password?: string): Promise<string>;
  /** Of one session of the administrator. */
  adminToken(): Promise<string>;
  /** As the administrator, unless a token is given; null: as nobody. */
  graphql(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
    token?: string | null,
  ): Promise<ServerAnswer>;
  /** SIGKILL, unless it has ended; it is dead when this returns. */
  strike(): void;
  /** Answers the exit code. */
  stop(signal?: Deno.Signal): Promise<number>;
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? await Deno.makeTempDir({ prefix: "orrery-test-" });
  const databaseUrl = options.databaseUrl === undefined
    ? await createTestDatabase(true)
    : options.databaseUrl;
  const program = await runProgram({ ...options, dataDir, databaseUrl });
  const found = await Promise.race([
    until("the server is ready", () => READY.exec(program.output())?.[1], START_MS),
    program.ended.then(() => null),
  ]);
  if (found === null) throw new Error(`The server did not start: ${program.log()}`);
  const clean = async (): Promise<void> => {
    if (options.dataDir === undefined) await Deno.remove(dataDir, { recursive: true });
    if (options.databaseUrl === undefined && databaseUrl !== null) await dropTestDatabase(databaseUrl);
  };
  return testServer(program, found, { dataDir, databaseUrl }, clean);
}

export interface RunningProgram {
  readonly pid: number;
  /** Its exit code. */
  readonly ended: Promise<number>;
  over(): boolean;
  output(): string;
  log(): string;
  /** Nothing once it has ended. */
  kill(signal: Deno.Signal): void;
  /** Forgets what it wrote. */
  forget(): Promise<void>;
}

/** `server/main.ts` with these arguments, on the bundled database unless one is named; what it writes goes to files, so that nobody has to read along. */
export async function runProgram(
  options: ServerOptions & { readonly dataDir: string; readonly input?: string },
): Promise<RunningProgram> {
  const folder = await Deno.makeTempDir({ prefix: "orrery-output-" });
  const [output, log] = [join(folder, "output"), join(folder, "log")];
  const preloaded = (options.preload ?? []).flatMap((path) => ["--preload", path]);
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      'exec "$0" run -A "$@" >"$OUTPUT" 2>"$LOG"',
      Deno.execPath(),
      START_FLAGS,
      ...preloaded,
      main,
      ...options.args ?? [],
    ],
    clearEnv: true,
    env: { ...environmentOf(options), OUTPUT: output, LOG: log },
    stdin: options.input === undefined ? "null" : "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  if (options.input !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(options.input));
    await writer.close();
  }
  let over = false;
  return {
    pid: child.pid,
    ended: child.status.then(({ code }) => {
      over = true;
      return code;
    }),
    over: () => over,
    output: () => readIfThere(output),
    log: () => readIfThere(log),
    kill(signal): void {
      // Its number may be somebody else's by now.
      if (!over) child.kill(signal);
    },
    forget: () => Deno.remove(folder, { recursive: true }),
  };
}

/** One server for all tests of a file, since a start takes its time; it ends with the process. */
export async function shareServer(options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer(options);
  addEventListener("unload", () => {
    server.strike();
    Deno.removeSync(server.dataDir, { recursive: true });
  });
  return server;
}

function testServer(
  program: RunningProgram,
  address: string,
  places: Pick<TestServer, "dataDir" | "databaseUrl">,
  clean: () => Promise<void>,
): TestServer {
  const pause = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let admin: Promise<string> | null = null;

  async function signIn(username = "admin", password = ADMIN_PASSWORD): Promise<string> {
    const answer = await ask(
      `mutation SignIn($username: String!, $password: String!) {
        signIn(username: $username, password: $password) { ... on SignInPayload { token } ... on Error { message } }
      }`,
      { username, password },
      null,
    );
    const token: unknown = answer.data?.signIn?.token;
    if (typeof token !== "string") throw new Error(`Nobody signed in: ${JSON.stringify(answer)}`);
    return token;
  }

  async function adminToken(): Promise<string> {
    return await (admin ??= signIn());
  }

  async function ask(
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
    token?: string | null,
  ): Promise<ServerAnswer> {
    const used = token === undefined ? await adminToken() : token;
    const response = await fetch(`${address}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(used === null ? {} : { authorization: `Bearer ${used}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...await response.json() };
  }

  async function stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    program.kill(signal);
    return await program.ended;
  }

  return {
    ...places,
    address,
    pid: program.pid,
    output: program.output,
    log: program.log,
    signIn,
    adminToken,
    graphql: ask,
    strike(): void {
      if (program.over()) return;
      program.kill("SIGKILL");
      // What is dying may still write into a folder that is about to be removed.
      while (processLives(program.pid)) Atomics.wait(pause, 0, 0, DEATH_LOOK_MS);
    },
    stop,
    async [Symbol.asyncDispose](): Promise<void> {
      if (!program.over()) await stop("SIGKILL");
      // A kill leaves its bundled PostgreSQL running.
      if (places.databaseUrl === null) await stopEarlierServer(clusterOf(places.dataDir));
      await program.forget();
      await clean();
    },
  };
}

function environmentOf(options: ServerOptions & { readonly dataDir: string }): Record<string, string> {
  const inherited = Object.fromEntries(
    ["PATH", "HOME", "DENO_DIR", "TMPDIR"].map((name) => [name, Deno.env.get(name)]),
  );
  const all = {
    ...inherited,
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
    ORRERY_HOST: "127.0.0.1",
    ORRERY_PORT: "0",
    ORRERY_DATA_DIR: options.dataDir,
    ORRERY_ADMIN_PASSWORD: ADMIN_PASSWORD,
    ORRERY_DATABASE_URL: options.databaseUrl ?? undefined,
    ...options.environment,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
