/**
 * A TCP connection as the stream that node's HTTP server takes. Deno.serve has no limit of time or number for connections,
 * and node's own listener accepts nothing more, without a word, once an accept has failed.
 */
import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { clearTimeout, setTimeout } from "node:timers";

/** Of a read buffer: it grows when a client sends much, so that an idle connection holds little memory. */
const MIN_READ_BYTES = 2 * 1024;
const MAX_READ_BYTES = 64 * 1024;
const LINGER_MS = 10_000;

type Done = (error?: Error | null) => void;

export class Connection extends Duplex {
  readonly remoteAddress: string;
  /** Requests whose head has come and whose answer has not gone. */
  requestCount = 0;
  readonly #conn: Deno.TcpConn;
  #buffer = new Uint8Array(MIN_READ_BYTES);
  #linger: ReturnType<typeof setTimeout> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(conn: Deno.TcpConn) {
    super();
    conn.setNoDelay(true);
    this.#conn = conn;
    this.remoteAddress = conn.remoteAddr.hostname.replace(/^::ffff:(?=\d+\.)/, "");
  }

  /** Emits "timeout" when nothing was read or written for so long; 0: never. */
  setTimeout(timeoutMs: number): this {
    clearTimeout(this.#timer);
    this.#timer = timeoutMs > 0 ? setTimeout(() => this.emit("timeout"), timeoutMs) : undefined;
    return this;
  }

  /**
   * The HTTP server calls it after a last answer. What the client still sends is read and thrown away for a while, or the
   * operating system would discard the answer.
   */
  destroySoon(): void {
    this.removeAllListeners("data").resume().end();
    this.#linger ??= setTimeout(() => this.destroy(), LINGER_MS);
  }

  override _read(): void {
    const buffer = this.#buffer;
    this.#conn.read(buffer).then((count) => {
      this.#timer?.refresh();
      this.push(count === null ? null : buffer.subarray(0, count));
      // The HTTP parser copies what it needs. What is still queued here is not parsed yet.
      const grows = count === buffer.length && count < MAX_READ_BYTES;
      if (grows || this.readableLength > 0) this.#buffer = new Uint8Array(grows ? 2 * count : buffer.length);
    }).catch((error) => this.destroy(error));
  }

  override _write(chunk: Uint8Array, _encoding: string, done: Done): void {
    this.#writeAll(chunk).then(() => done(), done);
  }

  override _writev(chunks: { readonly chunk: Uint8Array }[], done: Done): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), "", done);
  }

  override _final(done: Done): void {
    this.#conn.closeWrite().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.setTimeout(0);
    clearTimeout(this.#linger);
    this.#conn.close();
    done(error);
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      written += await this.#conn.write(bytes.subarray(written));
      this.#timer?.refresh();
    }
  }
}
