/** What every benchmark is given and gives back. */
import type { Sql } from "postgres";
import type { OpenDatabase } from "../../server/db/open.ts";

export const DATABASES = ["bundled", "postgres"] as const;
/** The database that Orrery brings, or an external PostgreSQL. */
export type DatabaseName = typeof DATABASES[number];

export interface Bench {
  readonly name: string;
  /** Left out unless it is asked for by name. */
  readonly optional?: boolean;
  run(context: BenchContext): Promise<Figures>;
}

/** Everything that is opened is closed after the benchmark. */
export interface BenchContext {
  /** The sizes of the tables in the documentation rather than the quick ones. */
  readonly full: boolean;
  /**
   * A server of its own, with its own data directory and database. `capacity` is how many processes it has at once; the
   * default setting's when it is not given.
   */
  openServer(capacity?: number): Promise<BenchServer>;
  /** A migrated database of the same kind, without a server. */
  openDatabase(): Promise<OpenDatabase>;
  /** An empty data directory and an empty database. */
  createStorage(): Promise<StorageSettings>;
}

export interface StorageSettings {
  readonly dataDir: string;
  /** Null: bundled. */
  readonly databaseUrl: string | null;
  /** The process that all others of an external PostgreSQL are children of; null for bundled, or where it is not known. */
  readonly postmaster: number | null;
}

export interface BenchServer {
  /** E.g. http://127.0.0.1:40123 */
  readonly address: string;
  /** A token of a session of its own. */
  signIn(): Promise<string>;
  /** Processes at once. */
  readonly capacity: number;
  /** A connection to its database, for as long as the work takes. */
  withSql<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Stops and starts it: what made the load leaves no trace in its memory. */
  restart(): Promise<void>;
  /** Resident memory of the server alone in bytes; null on a system without /proc, as are the next two. */
  readResidentMemory(): number | null;
  /** Proportional set size of all processes of the server and its database, in bytes. */
  readMemory(): number | null;
  /** Answers, whenever it is called, the milliseconds of processor time that the same processes took since then. */
  startProcessorTimer(): () => number | null;
  graphql(document: string, variables?: Readonly<Record<string, unknown>>): Promise<Record<string, never>>;
}

export interface Figures {
  readonly value: number;
  readonly unit: string;
  /** What the same machine does in the same minute without us; null where nothing compares. */
  readonly limit: number | null;
  /** Null where it cannot be measured. */
  readonly [more: string]: number | string | null;
}

export const ROUNDS = 3;
const MIB = 1024 * 1024;

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Rounded; null when one of them could not be measured. */
export function medianOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : round(median(known));
}

/** The nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
}

export function round(value: number): number {
  return Number(value.toPrecision(4));
}

export function toMib(bytes: number | null): number | null {
  return bytes === null ? null : round(bytes / MIB);
}
