/**
 * A socket that the driver never sees closing by surprise. The driver (postgres 3.4) cannot take that: what it had half
 * written stays in its buffer, so that the connection never speaks again or ends the program, and the rest of a
 * transaction is sent over the next connection, outside of any transaction. Here a loss is an error for whatever is
 * under way and for whatever comes later; the close itself is told when the driver has given the connection up.
 */
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { connectionError } from "./constraints.ts";
import { createMessageCounter } from "./message_counter.ts";

export class GuardedSocket extends EventEmitter {
  readonly #onLost: (error: Error, established: boolean) => void;
  #inner: Socket | null = null;
  #early: Uint8Array[] = [];
  #lost: Error | null = null;
  #established = false;
  #leaving = false;
  #closeEmitted = false;
  /** Each of these is answered once by a ReadyForQuery, and so is the first message. */
  readonly #requests = createMessageCounter("QS", { untyped: true });
  readonly #answers = createMessageCounter("Z");
  #unanswered = 1;
  /** A Flush asks for what there is to say so far. */
  readonly #flushes = createMessageCounter("H", { untyped: true });
  #flushing = false;
  #usable = false;
  #heardAt = performance.now();

  constructor(opening: Promise<Socket>, onLost: (error: Error, established: boolean) => void) {
    super();
    this.#onLost = onLost;
    opening.then((socket) => this.#adopt(socket), (error) => this.#lose(error));
  }

  /** A lost one is not closed yet, for the driver: it waits for the close, which release() tells. */
  get readyState(): "open" | "opening" | "closed" {
    if (this.#closeEmitted) return "closed";
    return this.#inner === null || this.#lost !== null ? "opening" : "open";
  }

  /** For how long the database has sent nothing although it has something to answer. */
  get silentMs(): number {
    // The driver itself limits how long a connection takes until it can be used.
    const waiting = this.#usable && this.#lost === null && this.#waiting;
    return waiting ? performance.now() - this.#heardAt : 0;
  }

  get #waiting(): boolean {
    return this.#unanswered > 0 || this.#flushing;
  }

  write(bytes: Uint8Array, done?: (error?: Error | null) => void): boolean {
    if (!this.#waiting) this.#heardAt = performance.now();
    this.#unanswered += this.#requests.count(bytes);
    this.#flushing ||= this.#flushes.count(bytes) > 0;
    const lost = this.#lost;
    if (lost !== null) {
      // Not at once: the driver has not yet noted what it is writing.
      queueMicrotask(() => this.#emitError(lost));
      done?.(lost);
      return true;
    }
    if (this.#inner !== null) return this.#inner.write(bytes, done);
    this.#early.push(bytes);
    return true;
  }

  /** Terminate was sent: the close that follows is expected. */
  end(bytes: Uint8Array): void {
    this.#leaving = true;
    this.#inner?.end(bytes);
  }

  destroy(): void {
    if (this.#inner === null) this.#lose(connectionError("The connection was given up"));
    else this.#inner.destroy();
  }

  /** For after the driver has given the connection up: it takes its timers away. */
  release(): void {
    this.#inner?.destroy();
    this.#emitClose();
  }

  /** For a connection that is known to be dead. */
  abandon(): void {
    this.#lose(connectionError("The database has not answered"));
    this.#inner?.destroy();
  }

  setKeepAlive(enable: boolean, delayMs: number): void {
    this.#inner?.setKeepAlive(enable, delayMs);
  }

  pause(): void {
    this.#inner?.pause();
  }

  resume(): void {
    this.#inner?.resume();
  }

  #adopt(socket: Socket): void {
    this.#inner = socket;
    socket.on("data", (bytes) => {
      this.#established = true;
      this.#heardAt = performance.now();
      const answers = this.#answers.count(bytes);
      this.#unanswered -= answers;
      this.#usable ||= answers > 0;
      this.#flushing = false;
      this.emit("data", bytes);
    });
    socket.on("drain", () => this.emit("drain"));
    socket.on("error", (error) => this.#lose(error));
    socket.on("close", () => {
      if (this.#leaving) this.#emitClose();
      else this.#lose(connectionError("The connection was closed"));
    });
    if (this.#lost !== null || this.#closeEmitted) socket.destroy();
    for (const bytes of this.#early.splice(0)) socket.write(bytes);
  }

  #lose(error: Error): void {
    if (this.#lost !== null || this.#leaving) return;
    this.#lost = error;
    this.#emitError(error);
    this.#onLost(error, this.#established);
  }

  #emitError(error: Error): void {
    // The driver stops listening once it has heard of the close.
    if (this.listenerCount("error") > 0) this.emit("error", error);
  }

  #emitClose(): void {
    if (this.#closeEmitted) return;
    this.#closeEmitted = true;
    this.emit("close", false);
  }
}
