/**
 * What an agent needs from a server, and all it needs: one call that reports and asks in batches, one that hands over
 * output. Inside the server it is a direct call; an agent on another machine will make the same calls over the network.
 *
 *     agent                                                     server
 *     exchange (started, ended, free slots)     --------->      ends change their runs; READY task runs are claimed
 *                                               <---------      work, stops, refused
 *     the wrapper creates the file `run`: the claim
 *     the task runs; appendOutput (batches)     --------->      lines are stored once, by their offsets
 *                                               <---------      where the server stands
 *     exchange (started, ended)                 --------->      ...
 *
 *     after a restart, or when an answer was lost:
 *     exchange (resume)                         --------->      nothing is claimed
 *                                               <---------      work = every attempt that the agent has for the server
 *     its claim is found: adopted, or its end is reported
 *     no claim: the agent creates `run` itself, the fence, and starts the attempt in a new folder; a wrapper that comes
 *     late finds the file and ends without running anything
 *
 * Both calls may be repeated with the same arguments (the answer was lost): the second does nothing and answers alike.
 */
import type { Variables } from "../../schema/definition/field.ts";
import type { AgentValues } from "../../schema/definition/task.ts";
import type { Sentence } from "../../schema/sentences.ts";
import type { LogStream } from "../../schema/states.ts";

/** Task name -> key -> value. */
export type TaskInputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One attempt to start. Everything that the process needs is in here; the environment is complete but for the base. */
export interface Work extends AgentValues {
  readonly attemptId: number;
  /** Variables of the project, the container, the task and the run, and ORRERY_*; the agent adds its named base beneath them. */
  readonly environment: Variables;
  /** Names in `environment` whose values are secret: they are redacted before output leaves the machine. */
  readonly secretNames: readonly string[];
  /** Why the server cannot give all that the process needs; the attempt is then not started. Null when it can. */
  readonly obstacle: Sentence | null;
  /** The outputs of what the task waited for; null when there are none. */
  readonly inputs: TaskInputs | null;
  /** 0 = none. Counted from the start of the process; survives a restart of the agent. */
  readonly timeoutSeconds: number;
  /** The highest is started first among those that wait for a slot. */
  readonly priority: number;
  /**
   * Null: it may start at once. Otherwise it waits for this attempt, which the agent has too: when that succeeds the agent
   * starts this one without asking, with its outputs added to the inputs; when not, the agent drops it without a word.
   */
  readonly follows: { readonly attemptId: number; readonly task: string } | null;
  /** It was given up: it is not started, its processes are stopped, and what it has written is handed over still. */
  readonly givenUp: boolean;
}

export function secretsOf({ secretNames, environment }: Pick<Work, "secretNames" | "environment">): string[] {
  return secretNames.flatMap((name) => environment[name] ?? []);
}

export interface Started {
  readonly attemptId: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/**
 * How an attempt came to its end, as seen by the agent. Sent only after all output of the attempt was acknowledged and
 * its process group is empty.
 * - EXIT: it ended by itself; exitCode or signal says how.
 * - STOPPED: it was stopped because the server said so.
 * - TIMED_OUT: it was stopped because its timeoutSeconds were over.
 * - NOT_STARTED: no process could be made; `reason` says why, e.g. that the directory does not exist.
 * - VANISHED: the process is gone and left no status, on the same boot: killed from outside.
 * - LOST: the machine was restarted under it.
 * - GIVEN_BACK: it waited in the agent's hand for a slot that did not come; nothing of it ran, and any agent may have it.
 */
export type EndCause = "EXIT" | "STOPPED" | "TIMED_OUT" | "NOT_STARTED" | "VANISHED" | "LOST" | "GIVEN_BACK";

export interface Ended {
  readonly attemptId: number;
  readonly cause: EndCause;
  /** Null when there is no exit code: killed by a signal, not started, vanished or lost. */
  readonly exitCode: number | null;
  /** E.g. "SIGKILL"; an exit code of 128 + n, n a known signal, is read as signal n (both are then given). */
  readonly signal: string | null;
  /** Null when no process was made. Milliseconds since 1970. */
  readonly startedAt: number | null;
  readonly finishedAt: number;
  /** When there is more to say than the cause does: survivors, start error. */
  readonly reason: Sentence | null;
  /** What the task hands to those that wait for it; null when it did not succeed, or has none. */
  readonly outputs: Readonly<Record<string, string>> | null;
  /** What is wrong with its outputs, in words; null when nothing is. */
  readonly outputFault: string | null;
  /** True: the agent starts what follows it, or has started it. */
  readonly followed?: boolean;
  /** How often a secret was replaced in its output. */
  readonly redactedCount: number;
}

export interface Exchange {
  readonly agentId: number;
  readonly started: readonly Started[];
  readonly ended: readonly Ended[];
  /** How many more attempts the agent would start now. */
  readonly freeSlots: number;
  /**
   * How many beyond those it would have in hand, so that a slot that gets free need not wait for the server. They are
   * started when their turn comes, and are READY for everybody until then.
   */
  readonly ahead: number;
  /** Only work above this priority: all that is in hand is below it, and would have to wait. Null: any. */
  readonly abovePriority: number | null;
  /**
   * True for the first exchange after a start, and after one whose answer was lost: the reply's work then holds every
   * attempt that the server believes this agent to have, and nothing new. Those in the spool are adopted, the others
   * are started (their claim file is the fence).
   */
  readonly resume: boolean;
}

/** The part of an exchange that asks for work. */
export type Wish = Pick<Exchange, "freeSlots" | "ahead" | "abovePriority">;

export interface ExchangeReply {
  readonly work: readonly Work[];
  /** Attempts to stop: SIGTERM to the group, the grace period, SIGKILL. Repeated until the attempt is final. */
  readonly stops: readonly number[];
  /** Attempts to give back, unless they have started. Repeated as long as they have not. */
  readonly recalls: readonly number[];
  /** Attempts of this exchange's started or ended that are no longer this agent's: drop them, stop their processes. */
  readonly refused: readonly number[];
}

/** Lines that follow each other in one stream and were seen at the same time. */
export interface Passage {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly stream: LogStream;
  /** How many lines there are. */
  readonly count: number;
  /** The lines, joined by a line feed: no more than 64 KiB unless it is one line. */
  readonly text: string;
}

/** Lines of one attempt in order, read from byte `outFrom`/`errFrom` to `outTo`/`errTo` of its two files. */
export interface OutputBatch {
  readonly attemptId: number;
  readonly outFrom: number;
  readonly outTo: number;
  readonly errFrom: number;
  readonly errTo: number;
  readonly passages: readonly Passage[];
}

/**
 * What became of a batch: stored now or earlier; or refused, because the attempt is final or is not this agent's.
 * `outOffset` and `errOffset` are where the server stands: the agent goes on from there.
 */
export interface OutputVerdict {
  readonly attemptId: number;
  readonly accepted: boolean;
  readonly outOffset: number;
  readonly errOffset: number;
}

/** What stands at the end of a stream without a line feed. */
export interface PartialLine {
  readonly attemptId: number;
  readonly stream: LogStream;
  /** Where it starts among the bytes of its stream. */
  readonly from: number;
  /** When it was seen, in milliseconds since 1970. */
  readonly at: number;
  /** The end of it when it is long; empty when nothing stands there any more. */
  readonly text: string;
}

export interface AgentServer {
  /** Throws when the server cannot be reached; the agent then tries again with the same reports, for ever. */
  exchange(exchange: Exchange): Promise<ExchangeReply>;
  /**
   * Throws as exchange does. The next batches of an attempt may follow before the first is answered: one that does not go
   * on where the server stands is not stored, and the answer says where that is.
   */
  appendOutput(agentId: number, batches: readonly OutputBatch[]): Promise<readonly OutputVerdict[]>;
  /**
   * Shows what is not complete, and so not stored, yet. The server ignores what starts elsewhere than where the stream is
   * stored up to; a call that fails is not repeated as it was: what stands then is reported anew.
   */
  showPartialLines(agentId: number, lines: readonly PartialLine[]): Promise<void>;
  /** Calls `wake` whenever an exchange may bring work or stops. Returns the function that ends it. */
  onWork(wake: () => void): () => void;
  /** Whether it does so for all that happens: then the agent need not ask so often by itself. */
  hears(): boolean;
}
