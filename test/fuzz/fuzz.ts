/** Sends what no client would send, and what clients send at the same moment, and looks at every answer. */
import { buildSchema, type GraphQLSchema } from "graphql";
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
  /** Told each fault at once. */
  readonly say?: (text: string) => void;
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
  const { server, operations, seconds, pause } = options;
  const schema = buildSchema(await Deno.readTextFile(schemaFile));
  const fuzz = new Fuzz(options, schema, await createCallers(server));
  const deadline = performance.now() + seconds * 1000;
  let sent = 0;
  try {
    while (
      sent < operations && processLives(server.pid) && performance.now() < deadline &&
      fuzz.faults.size < MAX_FAULTS
    ) {
      sent += await fuzz.step(sent + 1);
      await pause?.(sent);
    }
    await fuzz.rest();
    await endEverything(server);
  } catch (error) {
    const end = processLives(server.pid) ? "the server does not answer" : "the server has ended";
    fuzz.note(sent, end, [Deno.inspect(error), server.log().slice(-MAX_PRINTED_CHARACTERS)]);
  }
  for (const line of server.log().split("\n").filter((line) => line.includes('"level":"error"'))) {
    const { msg, error } = JSON.parse(line);
    if (msg !== "A request failed") fuzz.note(sent, `logged: ${msg}: ${error?.message}`, [line]);
  }
  return { sent, answers: fuzz.answers, faults: [...fuzz.faults.values()] };
}

class Fuzz {
  readonly answers: Record<string, number> = {};
  /** Why -> what reproduces it. */
  readonly faults = new Map<string, string>();
  readonly #options: FuzzOptions;
  readonly #schema: GraphQLSchema;
  readonly #callers: readonly Caller[];
  readonly #pool = createPool();
  readonly #beside = new Set<Promise<void>>();

  constructor(options: FuzzOptions, schema: GraphQLSchema, callers: readonly Caller[]) {
    this.#options = options;
    this.#schema = schema;
    this.#callers = callers;
  }

  /** Returns how many it sent. */
  async step(first: number): Promise<number> {
    const { server, seed, parallel } = this.#options;
    const random = createRandom(seed * SEED_FACTOR + first);
    const caller = random.pick(this.#callers);
    const kind = random.pick(STEPS);
    const size = random.next() < GROUP_SHARE ? parallel : 1;
    const numbers = Array.from({ length: size }, (_, index) => first + index);
    if (kind === "raw") {
      for (const number of numbers) await this.#runBeside(() => this.#sendRaw(number, random));
      return size;
    }
    const draw = (kind: OperationKind): Operation => {
      const draft = { random, pool: this.#pool, wrongShare: random.pick(WRONG_SHARES) };
      return createOperation(this.#schema, draft, { kind, mayEnd: caller.mayEnd });
    };
    const operation = draw(kind);
    if (kind === "subscription") {
      await this.#runBeside(() => this.#sendOperation(first, operation, caller));
      return 1;
    }
    const repeated = random.next() < 0.5;
    const group = numbers.map((number) =>
      repeated || number === first ? operation : draw(random.pick(TOGETHER))
    );
    await Promise.all(group.map((own, index) => this.#sendOperation(first + index, own, caller)));
    if (caller.mayEnd) await renewSignIn(server, caller);
    return size;
  }

  /** Waits for what was not waited for. */
  async rest(): Promise<void> {
    await Promise.all(this.#beside);
  }

  note(number: number, why: string, what: readonly string[]): void {
    if (this.faults.has(why)) return;
    const lines = [
      `${why} (seed ${this.#options.seed}, parallel ${this.#options.parallel}, operation ${number})`,
      ...what,
    ];
    const fault = lines.map(cut).join("\n    ");
    this.faults.set(why, fault);
    this.#options.say?.(`FAULT ${fault}`);
  }

  async #sendOperation(number: number, operation: Operation, caller: Caller): Promise<void> {
    const { query, variables } = operation;
    const what = [caller.name, query, JSON.stringify(variables)];
    try {
      const reply = await send(this.#options.server, caller, operation);
      this.#pool.read(reply.results);
      for (const word of wordsOf(reply)) this.#count(word);
      const why = findFault(operation, caller.role, reply);
      if (why !== null) {
        this.note(number, why, [...what, JSON.stringify(reply), ...logged(this.#options.server, reply)]);
      }
    } catch (error) {
      this.note(number, `no answer that can be read: ${error}`, what);
    }
  }

  async #sendRaw(number: number, random: Random): Promise<void> {
    const text = createRawRequests(random, this.#pool, random.pick(this.#callers).token ?? "x");
    const answer = await sendRawRequests(this.#options.server, text);
    const [reserved] = /(?<=^HTTP\S+ 201 .*\r\n\r\n)[0-9a-f-]{36}/s.exec(answer) ?? [];
    if (reserved !== undefined) this.#pool.keep(STREAM_TOKENS, reserved);
    for (const status of statusesOf(answer)) this.#count(`raw ${status}`);
    const why = findRawFault(answer);
    if (why !== null) this.note(number, `raw: ${why}`, [JSON.stringify(text), JSON.stringify(answer)]);
  }

  async #runBeside(work: () => Promise<void>): Promise<void> {
    while (this.#beside.size >= MAX_BESIDE) await Promise.race(this.#beside);
    const running = work().catch((error) => this.note(0, `a connection failed: ${error}`, []))
      .finally(() => this.#beside.delete(running));
    this.#beside.add(running);
  }

  #count(word: string): void {
    this.answers[word] = (this.answers[word] ?? 0) + 1;
  }
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
