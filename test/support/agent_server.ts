/**
 * A server that an agent can be tried against: it keeps its books as the real one does, in memory, and can be absent,
 * slow, forgetful and repetitive.
 */
import { agentValues, taskDefaults } from "../../schema/definition/task.ts";
import type {
  AgentServer,
  Ended,
  Exchange,
  ExchangeReply,
  OutputBatch,
  OutputVerdict,
  PartialLine,
  Passage,
  Work,
} from "../../server/agent/port.ts";

export type Line = Omit<Passage, "count">;

export interface ServerAttempt {
  readonly work: Work;
  claimed: boolean;
  startedAt: number | null;
  ended: Ended | null;
  outOffset: number;
  errOffset: number;
  readonly lines: Line[];
  /** All reports of lines that were not complete. */
  readonly partial: PartialLine[];
  stopped: boolean;
  /** No longer this agent's. */
  disowned: boolean;
}

/** Each call asks for the fault of its own: "absent" throws before anything is done, "forgetful" after it was. */
export type Fault = "none" | "absent" | "forgetful";

export interface FakeServer {
  readonly port: AgentServer;
  readonly attempts: ReadonlyMap<number, ServerAttempt>;
  readonly exchanges: readonly Exchange[];
  /** Most attempts that were claimed and not ended at once. */
  mostLiving(): number;
  add(command: string, more?: Partial<Work>): ServerAttempt;
  stop(attemptId: number): void;
  /** Called before each call; by default there are no faults. */
  nextFault: () => Fault;
  delayMs: number;
  /** Hands out all that is living again and again. */
  repetitive: boolean;
  wake(): void;
}

export function createFakeServer(): FakeServer {
  const attempts = new Map<number, ServerAttempt>();
  const exchanges: Exchange[] = [];
  const wakes = new Set<() => void>();
  let most = 0;

  const server: FakeServer = {
    attempts,
    exchanges,
    mostLiving: () => most,
    add(command, more = {}): ServerAttempt {
      const attemptId = attempts.size + 1;
      const work: Work = {
        ...agentValues({ ...taskDefaults, command, killGraceSeconds: 5 }),
        attemptId,
        inputs: null,
        secretNames: [],
        obstacle: null,
        priority: 0,
        follows: null,
        givenUp: false,
        ...more,
      };
      const attempt = {
        work,
        claimed: false,
        startedAt: null,
        ended: null,
        outOffset: 0,
        errOffset: 0,
        lines: [],
        partial: [],
        stopped: false,
        disowned: false,
      };
      attempts.set(attemptId, attempt);
      server.wake();
      return attempt;
    },
    stop(attemptId): void {
      const attempt = attempts.get(attemptId);
      if (attempt !== undefined) attempt.stopped = true;
      server.wake();
    },
    nextFault: () => "none",
    delayMs: 0,
    repetitive: false,
    wake: () => wakes.forEach((wake) => wake()),
    port: {
      exchange: (exchange) => answer(() => takeExchange(exchange)),
      appendOutput: (_agentId, batches) => answer(() => batches.map(takeBatch)),
      showPartialLines: (_agentId, lines) =>
        answer(() => {
          for (const line of lines) attempts.get(line.attemptId)?.partial.push(line);
        }),
      hears: () => false,
      onWork(wake): () => void {
        wakes.add(wake);
        return () => wakes.delete(wake);
      },
    },
  };

  async function answer<T>(take: () => T): Promise<T> {
    const fault = server.nextFault();
    if (server.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, server.delayMs));
    if (fault === "absent") throw new Error("Server is away");
    const reply = take();
    if (fault === "forgetful") throw new Error("Answer is lost");
    return await Promise.resolve(reply);
  }

  function takeExchange(exchange: Exchange): ExchangeReply {
    exchanges.push(exchange);
    const known = (attemptId: number): ServerAttempt | null => {
      const attempt = attempts.get(attemptId);
      return attempt === undefined || attempt.disowned ? null : attempt;
    };
    for (const { attemptId, startedAt } of exchange.started) {
      const attempt = known(attemptId);
      if (attempt !== null) attempt.startedAt ??= startedAt;
    }
    for (const ended of exchange.ended) {
      const attempt = known(ended.attemptId);
      if (attempt !== null) attempt.ended ??= ended;
    }
    const living = [...attempts.values()].filter(isLiving);
    const claimed = [...attempts.values()]
      .filter(({ claimed, disowned }) => !claimed && !disowned)
      .filter(({ work }) => exchange.abovePriority === null || work.priority > exchange.abovePriority)
      .sort((one, other) => other.work.priority - one.work.priority)
      .slice(0, exchange.freeSlots + exchange.ahead);
    for (const attempt of claimed) attempt.claimed = true;
    most = Math.max(most, living.length + claimed.length);
    const named = exchange.resume || server.repetitive ? [...living, ...claimed] : claimed;
    return {
      work: named.map(({ work }) => work),
      stops: [...attempts.values()].filter((attempt) => isLiving(attempt) && attempt.stopped)
        .map(({ work }) => work.attemptId),
      recalls: [],
      refused: [...exchange.started, ...exchange.ended].map(({ attemptId }) => attemptId)
        .filter((attemptId) => known(attemptId) === null),
    };
  }

  function takeBatch(batch: OutputBatch): OutputVerdict {
    const { attemptId } = batch;
    const attempt = attempts.get(attemptId);
    if (attempt === undefined || attempt.disowned || attempt.ended !== null) {
      return { attemptId, accepted: false, outOffset: batch.outFrom, errOffset: batch.errFrom };
    }
    if (attempt.outOffset === batch.outFrom && attempt.errOffset === batch.errFrom) {
      attempt.outOffset = batch.outTo;
      attempt.errOffset = batch.errTo;
      attempt.lines.push(...batch.passages.flatMap(splitLines));
    }
    return { attemptId, accepted: true, outOffset: attempt.outOffset, errOffset: attempt.errOffset };
  }

  return server;
}

function splitLines({ at, stream, count, text }: Passage): readonly Line[] {
  const texts = text.split("\n");
  if (texts.length !== count) throw new Error(`${texts.length} lines came as ${count}`);
  return texts.map((line) => ({ at, stream, text: line }));
}

function isLiving({ claimed, ended, disowned }: ServerAttempt): boolean {
  return claimed && ended === null && !disowned;
}
