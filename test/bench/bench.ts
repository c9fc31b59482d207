/** What every benchmark is given and gives back. */

export type DatabaseName = "embedded" | "postgres";

export interface Bench {
  readonly name: string;
  /** Left out unless it is asked for by name. */
  readonly optional?: boolean;
  /** Those that it can be measured with; all unless said. */
  readonly databases?: readonly DatabaseName[];
  run(context: BenchContext): Promise<Figures>;
}

export interface BenchContext {
  readonly database: DatabaseName;
  /** The sizes of the tables in the documentation rather than the quick ones. */
  readonly full: boolean;
  /**
   * A server of its own, with its own data directory, stopped after the benchmark. `capacity` is how many processes it has
   * at once; the default setting's when it is not given.
   */
  openServer(capacity?: number): Promise<BenchServer>;
}

export interface BenchServer {
  /** E.g. http://127.0.0.1:40123 */
  readonly address: string;
  /** A token of a session of its own. */
  signIn(): Promise<string>;
  /** Processes at once. */
  readonly capacity: number;
  /** Where PostgreSQL is; null for embedded. */
  readonly databaseUrl: string | null;
  /** Stops and starts it: what made the load leaves no trace in its memory. */
  restart(): Promise<void>;
  /** Resident memory of the server in bytes. */
  memory(): Promise<number>;
  /** Time that the server has spent on a core since it started, its database included when that is embedded. */
  cpuSeconds(): Promise<number>;
  graphql(document: string, variables?: Readonly<Record<string, unknown>>): Promise<Record<string, never>>;
}

export interface Figures {
  readonly value: number;
  readonly unit: string;
  /** What the same machine does in the same minute without us; null where nothing compares. */
  readonly limit: number | null;
  readonly [more: string]: number | string | null;
}

export const ROUNDS = 3;

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
}

export function round(value: number): number {
  return Number(value.toPrecision(4));
}
