/** Sends what no client would send, and what clients send at the same moment, and looks at every answer. */
import { buildSchema } from "graphql";
import { processLives } from "../support/processes.ts";
import { createRandom, type Random } from "../support/random.ts";
import type { TestServer } from "../support/server.ts";
import { createOperation, type Operation, type OperationKind } from "./operations.ts";
import { createPool, STREAM_TOKENS } from "./pool.ts";
import { createRawRequests, sendRawRequests } from "./requests.ts";
import { type Caller, createCallers, endEverything, renewSignIn, send } from "./callers.ts";
import { findFault, findRawFault, type Reply, statusesOf } from "./verdict.ts";

export interface FuzzOptions {
  readonly server: TestServer;
  readonly seed: number;
  readonly operations: number;
  /** It ends after this even when operations are left. */
  readonly seconds: number;
  /** One step in some sends so many at once, the others one. */
  readonly parallel: number;
  /** Called when so many have been sent, e.g. to measure. */
  readonly pause?: (sent: number) => Promise<void>;
}

export interface FuzzReport {
  readonly sent: number;
  /** Code or type of the answer -> how often. */
  readonly answers: Readonly<Record<string, number>>;
  /** One for each kind, with what reproduces it. */
  readonly faults: readonly string[];
}

/** What a step sends, the common kinds more than once. */
const STEPS = [
  ...Array(3).fill("query"),
  ...Array(6).fill("mutation"),
  "subscription",
  "raw",
] as readonly (OperationKind | "raw")[];
const TOGETHER = ["query", "mutation"] as const;
const GROUP_SHARE = 0.1;
const MAX_FAULTS = 20;
/** What is not waited for: streams, and raw connections. Fewer than the streams that a credential may hold. */
const MAX_BESIDE = 6;
/** The numbers of operations are below it, so that no two seeds share one. */
const SEED_FACTOR = 1_000_003;
const WRONG_SHARES = [0, 0, 0.05, 0.25];
const MAX_PRINTED_CHARACTERS = 2_000;

const schemaFile = new URL("../../schema/schema.graphql", import.meta.url);

export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { server, seed, parallel } = options;
  const schema = buildSchema(await Deno.readTextFile(schemaFile));
  const callers = await createCallers(server);
  const pool = createPool();
  const answers: Record<string, number> = {};
  const faults = new Map<string, string>();
  const beside = new Set<Promise<void>>();
  const deadline = performance.now() + options.seconds * 1000;
  let sent = 0;

  function note(number: number, why: string, what: readonly string[]): void {
    if (faults.has(why)) return;
    const lines = [`${why} (seed ${seed}, parallel ${parallel}, operation ${number})`, ...what];
    faults.set(why, lines.map(cut).join("\n    "));
  }

  function count(word: string): void {
    answers[word] = (answers[word] ?? 0) + 1;
  }

  async function sendOperation(number: number, operation: Operation, caller: Caller): Promise<void> {
    const { query, variables } = operation;
    const what = [caller.name, query, JSON.stringify(variables)];
    try {
      const reply = await send(server, caller, operation);
      pool.read(reply.results);
      for (const word of wordsOf(reply)) count(word);
      const why = findFault(operation, caller.role, reply);
      if (why !== null) note(number, why, [...what, JSON.stringify(reply), ...logged(server, reply)]);
    } catch (error) {
      note(number, `no answer that can be read: ${error}`, what);
    }
  }

  async function sendRaw(number: number, random: Random): Promise<void> {
    const text = createRawRequests(random, pool, random.pick(callers).token ?? "x");
    const answer = await sendRawRequests(server, text);
    const [reserved] = /(?<=^HTTP\S+ 201 .*\r\n\r\n)[0-9a-f-]{36}/s.exec(answer) ?? [];
    if (reserved !== undefined) pool.keep(STREAM_TOKENS, reserved);
    for (const status of statusesOf(answer)) count(`raw ${status}`);
    const why = findRawFault(answer);
    if (why !== null) note(number, `raw: ${why}`, [JSON.stringify(text), JSON.stringify(answer)]);
  }

  /** Returns how many it sent. */
  async function step(first: number): Promise<number> {
    const random = createRandom(seed * SEED_FACTOR + first);
    const caller = random.pick(callers);
    const kind = random.pick(STEPS);
    const size = random.next() < GROUP_SHARE ? parallel : 1;
    const numbers = Array.from({ length: size }, (_, index) => first + index);
    if (kind === "raw") {
      for (const number of numbers) await runBeside(() => sendRaw(number, random));
      return size;
    }
    const draw = (kind: OperationKind): Operation => {
      const draft = { random, pool, wrongShare: random.pick(WRONG_SHARES) };
      return createOperation(schema, draft, { kind, mayEnd: caller.mayEnd });
    };
    const operation = draw(kind);
    if (kind === "subscription") {
      await runBeside(() => sendOperation(first, operation, caller));
      return 1;
    }
    const repeated = random.next() < 0.5;
    const group = numbers.map((number) =>
      repeated || number === first ? operation : draw(random.pick(TOGETHER))
    );
    await Promise.all(group.map((own, index) => sendOperation(first + index, own, caller)));
    if (caller.mayEnd) await renewSignIn(server, caller);
    return size;
  }

  async function runBeside(work: () => Promise<void>): Promise<void> {
    while (beside.size >= MAX_BESIDE) await Promise.race(beside);
    const running = work().finally(() => beside.delete(running));
    beside.add(running);
  }

  try {
    while (
      sent < options.operations && processLives(server.pid) && performance.now() < deadline &&
      faults.size < MAX_FAULTS
    ) {
      sent += await step(sent + 1);
      await options.pause?.(sent);
    }
    await Promise.all(beside);
    await endEverything(server);
  } catch (error) {
    const end = processLives(server.pid) ? "the server does not answer" : "the server has ended";
    note(sent, end, [Deno.inspect(error), server.log().slice(-MAX_PRINTED_CHARACTERS)]);
  }
  for (const line of server.log().split("\n").filter((line) => line.includes('"level":"error"'))) {
    const { msg, error } = JSON.parse(line);
    if (msg !== "A request failed") note(sent, `logged: ${msg}: ${error?.message}`, [line]);
  }
  return { sent, answers, faults: [...faults.values()] };
}

/** What an answer was: its codes, and the types of its results. */
function wordsOf({ status, results }: Reply): readonly string[] {
  const words = results.flatMap(({ data, errors }) => [
    ...(errors ?? []).map(({ extensions }: { extensions?: { code?: string } }) =>
      extensions?.code ?? "no code"
    ),
    ...Object.values(data ?? {}).map((value) =>
      (value as { __typename?: string } | null)?.__typename ?? typeof value
    ),
  ]);
  return words.length === 0 ? [`${status}`] : words;
}

/** What the server logged for an answer that does not say it. */
function logged(server: TestServer, reply: Reply): readonly string[] {
  const ids = [...JSON.stringify(reply).matchAll(/"id":"([0-9a-f-]{36})"/g)].map(([, id = ""]) => id);
  return server.log().split("\n").filter((line) => ids.some((id) => line.includes(id)));
}

function cut(text: string): string {
  return text.length > MAX_PRINTED_CHARACTERS
    ? `${text.slice(0, MAX_PRINTED_CHARACTERS)}... (${text.length} characters)`
    : text;
}
