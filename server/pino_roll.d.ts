/** What we use of pino-roll, which has no types of its own. */
import type { DestinationStream } from "pino";

export interface RollOptions {
  readonly file: string;
  /** E.g. "10m". */
  readonly size: string;
  /** How many files are kept; with those of others removed, that which is written counts too. */
  readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
  readonly mkdir: boolean;
  readonly mode: number;
  readonly sync: boolean;
}

export interface RollStream extends DestinationStream {
  on(event: "error", listener: (error: Error) => void): void;
  end(): void;
}

export default function buildRoll(options: RollOptions): Promise<RollStream>;
