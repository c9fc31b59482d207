/**
 * Carries events between the servers of one database: what happens at one is seen at once by those who watch at another.
 * Events are gathered and sent outside of all transactions, since NOTIFY makes commits wait for each other. Nothing
 * depends on a message: every reader also looks by itself, a second or two later.
 *
 *     bus -> outbox -> NOTIFY, the first at once, the next 40 ms later -> LISTEN -> bus of each other server
 *
 * A sender numbers its messages. Where one is missing, and whenever listening begins anew, what changed lately is read
 * and published as if it had come. Each server hears itself too, every few seconds; when it does not, it listens anew.
 */
import type { Event } from "../../schema/events.ts";
import type { Channel } from "../db/channel.ts";
import { backoff } from "../lib/backoff.ts";
import { createSignal, pause } from "../lib/signal.ts";
import type { Log } from "../log.ts";
import type { Bus } from "./bus.ts";
import { createOutbox, type Entry } from "./outbox.ts";

/** From one message to the next. */
const GATHER_MS = 40;
/** A server sends at least this often. */
const HEARTBEAT_MS = 5_000;
/** A server that is silent for so long is not there; when it is ourselves, we do not hear. */
const SILENCE_MS = 12_000;
/** What a message that is missing may have told is not older. */
const MISSING_SECONDS = 20;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 10_000;

interface Message {
  readonly sender: string;
  /** From 1, of each sender by itself. */
  readonly number: number;
  readonly entries: readonly Entry[];
}

interface RelayParts {
  readonly channel: Channel;
  readonly bus: Bus;
  readonly log: Log;
  /** What changed within so many seconds, whoever changed it. */
  readonly changedWithin: (seconds: number) => Promise<readonly Event[]>;
}

export interface Relay {
  /** Whether what the other servers do is heard at once. */
  hears(): boolean;
  stop(): Promise<void>;
}

export function openRelay(parts: RelayParts): Relay {
  const relay = new ServerRelay(parts);
  const running = relay.run();
  return {
    hears: () => relay.hears(),
    async stop(): Promise<void> {
      relay.stop();
      await running;
    },
  };
}

class ServerRelay {
  readonly #parts: RelayParts;
  readonly #name = crypto.randomUUID();
  readonly #outbox = createOutbox();
  readonly #signal = createSignal();
  readonly #stopping = new AbortController();
  readonly #unsubscribe: () => void;
  /** The other servers by their names: the number of the last message, null when some may be missing, and its time. */
  readonly #heard = new Map<string, { readonly number: number | null; readonly atMs: number }>();
  #receiving = false;
  #listening = false;
  #ownHeardMs: number | null = null;
  #greets = true;
  #sent = 0;
  #sentMs = 0;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.bus.subscribe((event) => {
      if (!this.#receiving && this.#hasOthers() && this.#outbox.add(event)) this.#signal.notify();
    });
  }

  stop(): void {
    this.#unsubscribe();
    this.#stopping.abort();
    this.#signal.notify();
  }

  async run(): Promise<void> {
    let faults = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        if (!this.hears()) await this.#listen();
        await this.#send();
        if (faults > 0) this.#parts.log.info("Other servers are heard again");
        faults = 0;
        await pause(GATHER_MS, this.#stopping.signal);
        await this.#signal.wait(HEARTBEAT_MS);
      } catch (error) {
        if (++faults === 1) {
          const message = "Other servers are not heard: what they change is seen a second or two later";
          this.#parts.log.warn(message, { error });
        }
        await pause(backoff(faults, FIRST_RETRY_MS, MAX_RETRY_MS), this.#stopping.signal);
      }
    }
  }

  #hasOthers(): boolean {
    const now = performance.now();
    return [...this.#heard.values()].some(({ atMs }) => now - atMs < SILENCE_MS);
  }

  hears(): boolean {
    return this.#listening && performance.now() - (this.#ownHeardMs ?? 0) < SILENCE_MS;
  }

  async #listen(): Promise<void> {
    const before = this.#ownHeardMs;
    this.#listening = false;
    await this.#parts.channel.listen((text) => this.#receive(text), () => {
      this.#listening = false;
      this.#signal.notify();
    });
    this.#listening = true;
    this.#greets = true;
    this.#ownHeardMs = performance.now();
    for (const [name, last] of this.#heard) this.#heard.set(name, { ...last, number: null });
    if (before !== null) await this.#retell((this.#ownHeardMs - before) / 1000 + MISSING_SECONDS);
  }

  async #send(): Promise<void> {
    const messages = this.#outbox.take();
    const due = this.#greets || performance.now() - this.#sentMs >= HEARTBEAT_MS;
    if (messages.length === 0 && !due) return;
    for (const entries of messages.length === 0 ? [[]] : messages) {
      const message: Message = { sender: this.#name, number: ++this.#sent, entries };
      await this.#parts.channel.send(JSON.stringify(message));
    }
    this.#greets = false;
    this.#sentMs = performance.now();
    for (const [name, { atMs }] of this.#heard) {
      if (this.#sentMs - atMs >= SILENCE_MS) this.#heard.delete(name);
    }
  }

  #receive(text: string): void {
    const message = readMessage(text);
    if (message === null) return this.#parts.log.warn("A message of another server cannot be read");
    const { sender, number, entries } = message;
    const now = performance.now();
    if (sender === this.#name) return void (this.#ownHeardMs = now);
    const last = this.#heard.get(sender);
    this.#heard.set(sender, { number, atMs: now });
    if (last === undefined) {
      // It sends nothing as long as it knows of nobody.
      this.#greets = true;
      this.#signal.notify();
    } else if (last.number !== null && number !== last.number + 1) void this.#retell(MISSING_SECONDS);
    for (const entry of entries) {
      if (entry[0] === "all") void this.#retell(MISSING_SECONDS);
      else this.#publish(eventOf(entry));
    }
  }

  async #retell(seconds: number): Promise<void> {
    try {
      for (const event of await this.#parts.changedWithin(seconds)) this.#publish(event);
    } catch (error) {
      this.#parts.log.warn("Cannot read what other servers have changed", { error });
    }
  }

  /** What another server has published already. */
  #publish(event: Event): void {
    this.#receiving = true;
    try {
      this.#parts.bus.publish(event);
    } finally {
      this.#receiving = false;
    }
  }
}

/** Null for what is no message. */
function readMessage(text: string): Message | null {
  try {
    const { sender, number, entries } = JSON.parse(text);
    return typeof sender === "string" && Number.isInteger(number) && Array.isArray(entries)
      ? { sender, number, entries }
      : null;
  } catch {
    return null;
  }
}

function eventOf(entry: Exclude<Entry, readonly ["all"]>): Event {
  switch (entry[0]) {
    case "run": {
      const [kind, runId, containerId, projectId, taskRunIds] = entry;
      return { kind, runId, containerId, projectId, taskRunIds };
    }
    case "container": {
      const [kind, change, containerId, projectId] = entry;
      return { kind, change, containerId, projectId };
    }
    case "stored": {
      const [kind, attemptId, attempt, taskRunId, runId, containerId, projectId, firstSeq, lastSeq] = entry;
      return { kind, attemptId, attempt, taskRunId, runId, containerId, projectId, firstSeq, lastSeq };
    }
    case "session":
      return { kind: "session", credentialId: entry[1] };
    default:
      return { kind: entry[0] };
  }
}
