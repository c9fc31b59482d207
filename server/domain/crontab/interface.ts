/** What can be done with the crontabs of machines. */
import type { Variables } from "../../../schema/definition/field.ts";
import type { Sentence } from "../../../schema/sentences.ts";
import type { OverlapPolicy } from "../../../schema/states.ts";
import type { Viewer } from "../accounts/interface.ts";
import type { CrontabKind } from "../rules/crontab.ts";

export interface CrontabInput {
  readonly kind: CrontabKind;
  readonly project: string;
  readonly shadow: boolean;
  readonly source: string;
  readonly text: string;
  readonly timezone: string;
  readonly user: string | null;
}

export interface CrontabJob {
  readonly line: number;
  readonly containerName: string;
  readonly command: string;
  readonly standardInput: string | null;
  readonly description: string;
  readonly directory: string | null;
  readonly environment: Variables;
  readonly expression: string | null;
  readonly timezone: string;
  readonly user: string | null;
  readonly overlap: OverlapPolicy;
  readonly timeoutSeconds: number;
  readonly nextFires: readonly Date[];
  /** By cron's own rules. */
  readonly cronFires: readonly Date[];
  readonly notes: readonly Sentence[];
  /** Null when it can be imported. */
  readonly fault: Sentence | null;
}

export interface Crontabs {
  preview(viewer: Viewer, input: CrontabInput): Promise<readonly CrontabJob[]>;
  /** Answers the ids of the containers, one for each job in the order of the file, and the lines that have none. */
  import(
    viewer: Viewer,
    input: CrontabInput,
  ): Promise<{ readonly containerIds: readonly number[]; readonly skippedLines: readonly number[] }>;
}
