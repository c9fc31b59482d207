/** The server's own log: structured, to standard error and wherever else it shall go, without secrets. */
import { type DestinationStream, pino } from "pino";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = typeof logLevels[number];

type Fields = Readonly<Record<string, unknown>>;

export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** Whatever is logged under one of these names, at any of these depths, is left out. */
const SECRETS = ["password", "token", "secret", "authorization", "cookie", "passwordHash"];
const STANDARD_ERROR = 2;
/** The query builder puts the values of a statement that failed behind this, hashes of passwords among them. */
const VALUES_OF_STATEMENT = "\nparams: ";
const MESSAGE_CHARACTERS = 2_000;
const STACK_LINES = 12;
const CAUSES = 5;

export function createLog(
  level: LogLevel,
  destinations: readonly DestinationStream[] = [toStandardError()],
): Log {
  const logger = pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: (error: unknown) => describeError(error) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[secret]" },
  }, pino.multistream(destinations.map((stream) => ({ stream, level }))));
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  };
}

/** Written before the call returns: the last line before an exit is there too. */
export function toStandardError(): DestinationStream {
  return pino.destination({ fd: STANDARD_ERROR, sync: true });
}

interface ErrorWords {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorWords;
}

/** What helps to find the fault. Other members are left out: libraries hang whole requests and statements on errors. */
function describeError(error: unknown, depth = 0): ErrorWords {
  if (!(error instanceof Error)) return { type: typeof error, message: cut(String(error)) };
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  // Without its head, which is the message once more.
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)).slice(0, STACK_LINES);
  const stack = frames.length > 0 ? { stack: frames.join("\n") } : {};
  const cause = error.cause !== undefined && depth < CAUSES
    ? { cause: describeError(error.cause, depth + 1) }
    : {};
  return { type: error.name, message: cut(error.message), ...code, ...stack, ...cause };
}

function cut(message: string): string {
  const [said = ""] = message.split(VALUES_OF_STATEMENT);
  return said.length > MESSAGE_CHARACTERS ? `${said.slice(0, MESSAGE_CHARACTERS)}...` : said;
}
