/**
 * The server's own log in files: each up to a size and an age. What is over is compressed, and the oldest are removed.
 * Files are named by numbers: server.log is server.1.log, later server.1.log.gz beside server.2.log.
 */
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  writeSync,
} from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { DestinationStream } from "pino";
import { StartError } from "./start_error.ts";

interface LogFile {
  readonly path: string;
  /** The next file is begun at this size, or when this one is so old. */
  readonly megabytes: number;
  readonly hours: number;
  /** Files that are kept, that which is being written among them. */
  readonly count: number;
  readonly clock: { now(): number };
}

interface LogStream extends DestinationStream {
  /** Resolves once what was over is compressed. */
  end(): Promise<void>;
}

const STANDARD_ERROR = 2;
/** What is logged may name what only its owner is to know. */
const OWNER_ONLY = 0o600;
const MEBIBYTE = 1024 * 1024;
const HOUR_MS = 3_600_000;
const COMPRESSED = ".gz";

interface OpenFile {
  readonly descriptor: number;
  readonly number: number;
  readonly openedAt: number;
  bytes: number;
}

/** Lines are in the file before the call that logs them returns. */
export function openLogFile({ path, megabytes, hours, count, clock }: LogFile): LogStream {
  const names = namesFor(resolve(path));
  let file = openNext();
  let tidying: Promise<void> = tidy();

  function openNext(): OpenFile {
    try {
      mkdirSync(names.dir, { recursive: true });
      const number = Math.max(0, ...names.list().map((known) => known.number)) + 1;
      const descriptor = openSync(names.plain(number), "ax", OWNER_ONLY);
      return { descriptor, number, openedAt: clock.now(), bytes: fstatSync(descriptor).size };
    } catch (error) {
      throw new StartError(
        `Cannot write the log file "${resolve(path)}": ${error instanceof Error ? error.message : error}`,
        error,
      );
    }
  }

  /** Compresses what is not being written, and removes what is too many; one file after another. */
  async function tidy(): Promise<void> {
    const over = names.list().filter(({ number }) => number !== file.number).sort((a, b) =>
      b.number - a.number
    );
    for (const { name } of over.slice(count - 1)) await rm(join(names.dir, name), { force: true });
    for (const { name, compressed } of over.slice(0, count - 1)) {
      if (!compressed) await compress(join(names.dir, name));
    }
  }

  function roll(): void {
    const before = file;
    file = openNext();
    fsyncSync(before.descriptor);
    closeSync(before.descriptor);
    tidying = tidying.then(tidy).catch(tellFault);
  }

  /** A full disk must not end the server: the lines go to standard error in any case. */
  function tellFault(error: unknown): void {
    const msg = `Cannot write the log file "${resolve(path)}": ${
      error instanceof Error ? error.message : error
    }`;
    const line = { level: "error", time: new Date(clock.now()).toISOString(), msg };
    writeSync(STANDARD_ERROR, `${JSON.stringify(line)}\n`);
  }

  tidying = tidying.catch(tellFault);
  return {
    write(line): void {
      try {
        const old = clock.now() - file.openedAt >= hours * HOUR_MS;
        if (file.bytes > 0 && (old || file.bytes >= megabytes * MEBIBYTE)) roll();
        file.bytes += writeSync(file.descriptor, line);
      } catch (error) {
        tellFault(error);
      }
    },
    async end(): Promise<void> {
      closeSync(file.descriptor);
      await tidying;
    },
  };
}

/** Whole or not at all: a server that is killed meanwhile leaves the plain file, which the next one compresses. */
async function compress(path: string): Promise<void> {
  const part = `${path}${COMPRESSED}.part`;
  await pipeline(createReadStream(path), createGzip(), createWriteStream(part, { mode: OWNER_ONLY }));
  await rename(part, `${path}${COMPRESSED}`);
  await rm(path);
}

interface KnownFile {
  readonly name: string;
  readonly number: number;
  readonly compressed: boolean;
}

interface Names {
  readonly dir: string;
  plain(number: number): string;
  list(): readonly KnownFile[];
}

function namesFor(path: string): Names {
  const dir = dirname(path);
  const extension = extname(path);
  const stem = basename(path, extension);
  const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const shape = new RegExp(`^${escape(stem)}\\.(\\d+)${escape(extension)}(\\.gz)?$`);
  return {
    dir,
    plain: (number) => join(dir, `${stem}.${number}${extension}`),
    list: () =>
      readdirSync(dir).flatMap((name) => {
        const [, number, compressed] = shape.exec(name) ?? [];
        return number === undefined
          ? []
          : [{ name, number: Number(number), compressed: compressed !== undefined }];
      }),
  };
}
