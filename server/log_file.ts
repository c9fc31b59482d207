/** The server's own log in files: each up to a size, the oldest of them removed. */
import { writeSync } from "node:fs";
import { resolve } from "node:path";
// @ts-types="./pino_roll.d.ts"
import buildRoll from "pino-roll";
import type { RollStream } from "./pino_roll.d.ts";
import { StartError } from "./start_error.ts";

interface LogFile {
  /** Files are named by it with a number: server.log is server.1.log, then server.2.log. */
  readonly path: string;
  /** The next file is begun at this size. */
  readonly megabytes: number;
  /** Files that are kept, that which is being written among them. */
  readonly count: number;
}

const STANDARD_ERROR = 2;
/** What is logged may name what only its owner is to know. */
const OWNER_ONLY = 0o600;

/** Lines are in the file before the call that logs them returns. */
export async function openLogFile({ path, megabytes, count }: LogFile): Promise<RollStream> {
  const file = resolve(path);
  try {
    const stream = await buildRoll({
      file,
      size: `${megabytes}m`,
      // With those of former servers, which alone would pile up; the count is then that of all files.
      limit: { count, removeOtherLogFiles: true },
      mkdir: true,
      mode: OWNER_ONLY,
      sync: true,
    });
    // A full disk must not end the server: the lines go to standard error in any case.
    stream.on("error", (error) => {
      const line = {
        level: "error",
        time: new Date().toISOString(),
        msg: `Cannot write the log file "${file}": ${error.message}`,
      };
      writeSync(STANDARD_ERROR, `${JSON.stringify(line)}\n`);
    });
    return stream;
  } catch (error) {
    throw new StartError(
      `Cannot write the log file "${file}": ${error instanceof Error ? error.message : error}`,
      error,
    );
  }
}
