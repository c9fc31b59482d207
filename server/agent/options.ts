/** What an agent is opened with. */
import type { AgentServer } from "./port.ts";
import type { AllowedUsers } from "./start/users.ts";

/** Wall clock, milliseconds since 1970. Durations are not measured with it: it may be set back or forth. */
export interface Clock {
  now(): number;
}

export interface AgentLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface AgentOptions {
  readonly agentId: number;
  readonly server: AgentServer;
  /** Holds a folder for each attempt; created when it is missing, for its owner alone. */
  readonly spoolDir: string;
  /** Where a task runs that names no directory; created when it is missing. */
  readonly workDir: string;
  /** Processes at once; 0 = none. */
  readonly capacity: number;
  readonly clock: Clock;
  readonly log: AgentLog;
  /** All that a task inherits: PATH, HOME and the like. Its own environment lies over it. */
  readonly baseEnvironment: Readonly<Record<string, string>>;
  /** Whom tasks may run as; nobody else when it is not given. */
  readonly users?: AllowedUsers;
  /** Bytes that are kept of what an attempt writes to both streams together; 1 GiB when it is not given. */
  readonly outputLimitBytes?: number;
  /** Bytes that the output of all attempts together may take in the spool; 16 GiB when it is not given. */
  readonly spoolLimitBytes?: number;
  /** The slow poll beneath every wake-up; a second when it is not given. */
  readonly pollMs?: number;
  /** So long work waits for a slot before it is given back; a second when it is not given. */
  readonly inHandMs?: number;
  /** The wait after so many calls to the server failed one after another; as backoff.ts has it when it is not given. */
  readonly retryDelayMs?: (faults: number) => number;
}
