/**
 * What a resolver has to hand. The ports are declared here, where they are called, and implemented by the server: the
 * schema imports nothing of it.
 *
 * Every operation throws a DomainError (../errors.ts) for a refusal; its path is relative to the operation's own input,
 * and the mutation puts the name of its argument in front. An id that no global id can stand for is given as 0, which
 * is never found.
 */
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type { Definition } from "../definition.ts";
import type { ContainerChanged } from "../events.ts";
import type { TaskContent, VersionSettings } from "../history.ts";
import type {
  ClockChangeKind,
  JoinRule,
  LogStream,
  MisfirePolicy,
  MissedKind,
  MissingTime,
  OverlapPolicy,
  RelationCondition,
  RepeatedTime,
  RunCause,
  RunState,
  SlotOutcome,
} from "../states.ts";
import type { links } from "../tables/links.ts";
import type { ReadLines } from "./line_budget.ts";

export type Database = PostgresJsDatabase<typeof links>;

/** Who asks, and how they proved it. */
export interface Viewer {
  readonly userId: number;
  readonly username: string;
  readonly admin: boolean;
  readonly via: "cookie" | "bearer" | "query";
  /** `session:<id>` or `token:<id>`; streams end when it does. */
  readonly credentialId: string;
  /** When the credential ends; null = never. */
  readonly expiresAt: Date | null;
}

export interface Context {
  readonly app: App;
  readonly db: Database;
  readonly viewer: Viewer | null;
  /** Whom this very request has signed in: the answer tells what only the person is told. */
  signedInUserId?: number;
  /** The client's address, for rate limits. */
  readonly address: string;
  /** Reads pages of log lines as far as one operation may. */
  readonly readLines: ReadLines;
  /** Aborted when the request, its credential or the server ends. */
  readonly signal: AbortSignal;
  /** Gives the session cookie to the browser, or takes it away. */
  readonly sessionCookie: {
    readonly set: (token: string, expiresAt: Date) => void;
    readonly clear: () => void;
  };
}

/** What the product can do. Implemented by server/domain. */
export interface App {
  readonly accounts: Accounts;
  readonly projects: Projects;
  readonly containers: Containers;
  readonly tasks: Tasks;
  readonly relations: Relations;
  readonly runs: Runs;
  readonly logs: Logs;
  readonly schedules: Schedules;
  readonly definitions: Definitions;
  readonly waits: Waits;
  readonly versions: Versions;
  readonly watch: Watch;
  readonly figures: Figures;
  readonly messages: Messages;
}

// ── who ──

export interface SignedIn {
  readonly token: string;
  readonly expiresAt: Date;
  readonly userId: number;
}

export interface Accounts {
  /** The viewer that a JWT or an API token stands for; null when it is forged, expired or ended. */
  authenticate(token: string, via: Viewer["via"]): Promise<Viewer | null>;
  signIn(input: { username: string; password: string; address: string }): Promise<SignedIn>;
  signOut(viewer: Viewer): Promise<void>;
  /** Ends all other sessions of the user and gives a new token. */
  changePassword(
    viewer: Viewer,
    input: { currentPassword: string; newPassword: string; address: string },
  ): Promise<SignedIn>;
  createApiToken(
    viewer: Viewer,
    input: { name: string; expiresAt: Date | null },
  ): Promise<{ id: number; token: string }>;
  revokeApiToken(viewer: Viewer, id: number): Promise<void>;
}

export interface Projects {
  /** Answers its id. A field left out keeps its value. */
  update(
    viewer: Viewer,
    input: { readonly slug: string; readonly logRetentionDays?: number | null | undefined },
  ): Promise<number>;
}

// ── what is scheduled ──

/** A field left out keeps its value; null is refused where the field cannot be null. */
type Given<T> = T | null | undefined;

export interface ClockChangeFields {
  readonly missing?: Given<MissingTime>;
  readonly repeated?: Given<RepeatedTime>;
}
export interface ContainerFields {
  readonly name?: Given<string>;
  readonly description?: Given<string>;
  readonly enabled?: Given<boolean>;
  readonly expression?: Given<string>;
  readonly timezone?: Given<string>;
  readonly overlap?: Given<OverlapPolicy>;
  readonly misfire?: Given<MisfirePolicy>;
  readonly dst?: Given<ClockChangeFields>;
  readonly lateAfterSeconds?: Given<number>;
  readonly maxCatchUp?: Given<number>;
  readonly timeoutSeconds?: Given<number>;
  readonly maxParallel?: Given<number>;
  readonly priority?: Given<number>;
}
export interface NewContainer extends ContainerFields {
  readonly project?: Given<string>;
}
export interface ContainerPatch extends ContainerFields {
  readonly id: number;
  readonly expectedVersion?: Given<number>;
}

export interface TaskFields {
  readonly name?: Given<string>;
  readonly description?: Given<string>;
  readonly command?: Given<string>;
  readonly shell?: Given<string>;
  readonly directory?: Given<string>;
  readonly environment?: unknown;
  readonly enabled?: Given<boolean>;
  readonly timeoutSeconds?: Given<number>;
  readonly killGraceSeconds?: Given<number>;
  readonly maxRetries?: Given<number>;
  readonly retryDelaySeconds?: Given<number>;
  readonly join?: Given<JoinRule>;
  readonly keepLogs?: Given<boolean>;
  readonly mergeOutput?: Given<boolean>;
  readonly position?: Given<{ readonly x: number; readonly y: number }>;
}
export interface NewTask extends TaskFields {
  readonly containerId: number;
  readonly expectedVersion?: Given<number>;
}
export interface TaskPatch extends TaskFields {
  readonly id: number;
  readonly expectedVersion?: Given<number>;
}
export interface SavedTask extends TaskFields {
  /** Null or left out: a new task. */
  readonly id?: Given<number>;
}
export interface SavedRelation {
  readonly upstream: string;
  readonly downstream: string;
  readonly condition: RelationCondition;
}
export interface SavedContainer {
  readonly container: ContainerPatch;
  readonly tasks: readonly SavedTask[];
  readonly relations: readonly SavedRelation[];
}

/** Each answers the id of the row that was made or changed. */
export interface Containers {
  create(viewer: Viewer, input: NewContainer): Promise<number>;
  update(viewer: Viewer, input: ContainerPatch): Promise<number>;
  save(viewer: Viewer, input: SavedContainer): Promise<number>;
  /** Makes an old version the newest. */
  restore(
    viewer: Viewer,
    input: { containerId: number; version: number; expectedVersion?: Given<number> },
  ): Promise<number>;
  copy(viewer: Viewer, input: { id: number; name: string }): Promise<number>;
  remove(viewer: Viewer, input: { id: number }): Promise<void>;
}
export interface Tasks {
  create(viewer: Viewer, input: NewTask): Promise<number>;
  update(viewer: Viewer, input: TaskPatch): Promise<number>;
  remove(viewer: Viewer, input: { id: number; expectedVersion?: Given<number> }): Promise<void>;
  /** Answers the ids in the order given. */
  move(
    viewer: Viewer,
    input: { moves: readonly { taskId: number; position: { x: number; y: number } }[] },
  ): Promise<readonly number[]>;
}
export interface Relations {
  create(
    viewer: Viewer,
    input: {
      upstreamId: number;
      downstreamId: number;
      condition?: Given<RelationCondition>;
      expectedVersion?: Given<number>;
    },
  ): Promise<number>;
  update(
    viewer: Viewer,
    input: { id: number; condition: RelationCondition; expectedVersion?: Given<number> },
  ): Promise<number>;
  remove(viewer: Viewer, input: { id: number; expectedVersion?: Given<number> }): Promise<void>;
}

// ── what ran ──

/** Each answers the id of the run. */
export interface Runs {
  trigger(
    viewer: Viewer,
    input: { containerId: number; environment?: unknown; idempotencyKey?: Given<string> },
  ): Promise<number>;
  runTask(viewer: Viewer, input: { taskId: number; environment?: unknown }): Promise<number>;
  cancel(viewer: Viewer, input: { id: number }): Promise<number>;
  cancelTaskRun(viewer: Viewer, input: { id: number }): Promise<number>;
  /** At most 500 of the ids; count is all of them. */
  cancelAll(
    viewer: Viewer,
    input: { project?: Given<string> },
  ): Promise<{ count: number; runIds: readonly number[] }>;
  retry(viewer: Viewer, input: { id: number; fromFailed: boolean }): Promise<number>;
}

export interface Definitions {
  /** The immutable definition of a version; kept in memory while in use, so asking for many costs little. */
  get(versionId: number): Promise<Definition>;
}

/** Why something is not running, tagged with the name of its GraphQL type. Ids are those of task runs or of a run. */
export type Wait =
  & {
    /** A sentence. */
    readonly message: string;
  }
  & (
    | { readonly kind: "WaitingForUpstream"; readonly taskRunIds: readonly number[] }
    | { readonly kind: "WaitingForSlot"; readonly capacity: number; readonly heldBy: readonly number[] }
    | { readonly kind: "WaitingForRetry"; readonly until: Date; readonly attempt: number }
    | { readonly kind: "WaitingForAgent" }
    | { readonly kind: "WaitingForRunLimit"; readonly limit: number; readonly heldBy: readonly number[] }
    | { readonly kind: "WaitingForRun"; readonly runId: number }
  );
/** Those that one request asks for are answered together, in as many statements as for one. */
export interface Waits {
  /** Null once it runs or is final. */
  ofTaskRun(id: number): Promise<Wait | null>;
  /** Null once it is not QUEUED any more. */
  ofRun(id: number): Promise<Wait | null>;
}

/** What a version of a container was made of. Relations are by name. */
export interface VersionDefinition {
  readonly settings: VersionSettings;
  readonly tasks: readonly (TaskContent & { readonly id: number })[];
  readonly relations: readonly SavedRelation[];
}
export interface Versions {
  /** Null for one that was not kept. Those that one request asks for are read together. */
  definition(containerId: number, version: number): Promise<VersionDefinition | null>;
}

export interface LogRow {
  /** Where this line is in the order of the list that it came from; opaque. */
  readonly cursor: string;
  readonly attemptId: number;
  readonly attempt: number;
  readonly seq: number;
  readonly at: Date;
  readonly stream: LogStream;
  readonly text: string;
  /** Not complete: `seq` may become another one, and `cursor` is that of the line before it. */
  readonly partial?: true;
  readonly taskRunId: number;
}
/** Exactly one of first and last is set, and is within the list's limit. */
export interface PageRequest {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
}
export interface LogPage {
  readonly rows: readonly LogRow[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}
export interface LogFilter {
  readonly project?: Given<string>;
  readonly containerId?: Given<number>;
  readonly taskId?: Given<number>;
  readonly runId?: Given<number>;
  readonly taskRunId?: Given<number>;
  readonly attempt?: Given<number>;
  readonly streams?: Given<readonly LogStream[]>;
  readonly from?: Given<Date>;
  readonly to?: Given<Date>;
  readonly contains?: Given<string>;
}
export interface DownloadTarget {
  readonly kind: "attempt" | "taskRun";
  readonly id: number;
}
export interface LogDownload {
  readonly containerName: string;
  readonly taskName: string;
  readonly runCreatedAt: Date;
  /** Number of the attempt; null for a whole task run. */
  readonly attempt: number | null;
  /** Oldest first; each piece is bounded, and read when it is asked for. */
  readonly pieces: AsyncIterable<readonly LogRow[]>;
}
export interface LogUsage {
  /** As stored, compressed. */
  readonly bytes: number;
  readonly lines: number;
  /** Oldest first; those without output are left out. */
  readonly days: readonly { readonly day: string; readonly bytes: number; readonly lines: number }[];
}
export interface Logs {
  /** Lines of one task run, oldest first; of one attempt when `attempt` is given. */
  ofTaskRun(taskRunId: number, attempt: number | null, page: PageRequest): Promise<LogPage>;
  /** Cursor of a line's place in ofTaskRun's order, whether it is stored or not; seq 0 stands before the first line. */
  cursorOf(place: { readonly attempt: number; readonly seq: number }): string;
  /** Over all runs, newest first. */
  search(filter: LogFilter, page: PageRequest): Promise<LogPage>;
  /** Null when there is no such attempt or task run. */
  download(target: DownloadTarget): Promise<LogDownload | null>;
  /** What is stored now, of one project by its slug or of all, and on which days it was stored. */
  usage(project: string | null): Promise<LogUsage>;
  /** Removes whole attempts; answers how many lines went. Attempts that run are left. */
  remove(viewer: Viewer, input: { filter: LogFilter }): Promise<number>;
}

// ── when ──

/** A fire on the clock of its zone. */
export interface FireTime {
  readonly at: Date;
  readonly local: string;
  readonly offset: string;
  readonly clockChange: ClockChangeKind | null;
}
export interface CronPreview {
  readonly description: string;
  readonly fires: readonly Date[];
  readonly times: readonly FireTime[];
  readonly minimumGapSeconds: number | null;
  readonly warning: string | null;
}
export interface PreviewInput {
  readonly expression: string;
  readonly timezone: string;
  readonly dst: ClockChange | null;
  readonly from: Date | null;
  readonly count: number;
  readonly language: string;
}
export interface ClockChange {
  readonly missing: MissingTime;
  readonly repeated: RepeatedTime;
}
/** From the first instant to the second, which is not included; null: unbounded. */
export interface SlotRange {
  readonly from: Date | null;
  readonly to: Date | null;
  readonly first: number;
}
export interface SlotRow {
  readonly at: Date;
  readonly outcome: SlotOutcome;
  readonly reason: string | null;
  readonly runId: number | null;
  readonly late: boolean;
  readonly lateSeconds: number | null;
}
export interface MissedSlot {
  readonly at: Date;
  readonly containerId: number;
  readonly kind: MissedKind;
  readonly reason: string | null;
  readonly runId: number | null;
}
export interface UpcomingSlot {
  readonly at: Date;
  readonly containerId: number;
}
/** What is left out is as the container has it now. */
export interface SimulationInput {
  readonly containerId: number;
  readonly from: Date;
  readonly to: Date;
  readonly expression: string | null;
  readonly timezone: string | null;
  readonly dst: ClockChangeFields | null;
  readonly misfire: MisfirePolicy | null;
  readonly overlap: OverlapPolicy | null;
}
export interface Simulation {
  readonly kept: number;
  readonly added: readonly Date[];
  readonly lost: readonly Date[];
  readonly moved: readonly { readonly from: Date; readonly to: Date }[];
}
export interface Schedules {
  preview(input: PreviewInput): CronPreview;
  /** The next instants; empty for a schedule without an expression or of a disabled container. */
  nextFires(
    schedule: {
      containerId: number;
      expression: string | null;
      timezone: string;
      missingTime: MissingTime;
      repeatedTime: RepeatedTime;
      anchorAt: Date;
      nextFireAt: Date | null;
    },
    count: number,
  ): readonly Date[];
  /** In words; language: en or zh. */
  describe(schedule: { containerId: number; expression: string }, language: string): string;
  /** What was due and what became of it, newest first. */
  slots(containerId: number, range: SlotRange): Promise<readonly SlotRow[]>;
  /** The fires to come of all containers, oldest first. */
  upcoming(
    input: { project: string | null; hours: number; first: number },
  ): Promise<readonly UpcomingSlot[]>;
  simulate(input: SimulationInput): Promise<Simulation>;
  /** Slots of the last day that were skipped, missed, or started too late; newest first. */
  didNotRun(input: { project: string | null; first: number }): Promise<readonly MissedSlot[]>;
}

// ── live ──

export interface RunChange {
  readonly runId: number;
  readonly taskRunIds: readonly number[];
}
/** Undefined members do not restrict. */
export interface WatchFilter {
  readonly runId?: number | undefined;
  readonly containerId?: number | undefined;
  readonly projectId?: number | undefined;
}
/** Every stream ends when its signal aborts. Nothing here grows without bound behind a slow reader. */
export interface Watch {
  /** Folded to at most 10 batches a second. With runId: first the present state, and ends after the final one. */
  runs(filter: WatchFilter, signal: AbortSignal): AsyncIterable<readonly RunChange[]>;
  containers(projectId: number | undefined, signal: AbortSignal): AsyncIterable<readonly ContainerChanged[]>;
  /**
   * Stored lines after the cursor, then live ones, without gap or double, and between them those that are not complete
   * yet, if wanted; ends with a finished task run.
   */
  taskRunLog(
    taskRunId: number,
    after: string | null,
    signal: AbortSignal,
    partial?: boolean,
  ): AsyncIterable<readonly LogRow[]>;
  /** Lines as they come; what a slow reader missed is one SYSTEM line with its count. */
  liveLog(filter: WatchFilter, signal: AbortSignal, partial?: boolean): AsyncIterable<readonly LogRow[]>;
  /** Ids of messages for this person, as they are written; from now on. */
  messages(viewer: Viewer, signal: AbortSignal): AsyncIterable<readonly number[]>;
  hostStats(agentId: number | null, everySeconds: number, signal: AbortSignal): AsyncIterable<HostStats>;
  heartbeat(signal: AbortSignal): AsyncIterable<Date>;
}

// ── figures ──

export interface HostStats {
  readonly at: Date;
  readonly cpuPercent: number;
  readonly memoryUsedBytes: number;
  readonly memoryTotalBytes: number;
  readonly load: readonly number[];
  readonly processMemoryBytes: number;
  readonly running: number;
  readonly spoolUsedBytes: number;
  readonly spoolLimitBytes: number;
}
export interface Overview {
  readonly containers: number;
  readonly enabledContainers: number;
  readonly running: number;
  readonly waiting: number;
  readonly succeededToday: number;
  readonly failedToday: number;
  readonly cancelledToday: number;
  readonly missedToday: number;
  readonly lateToday: number;
  readonly lateNow: number;
}
export interface RunFilter {
  readonly projectId?: Given<number>;
  readonly containerId?: Given<number>;
  readonly states?: Given<readonly RunState[]>;
  readonly causes?: Given<readonly RunCause[]>;
  readonly from?: Given<Date>;
  readonly to?: Given<Date>;
}
/** Runs of one day that ended, by how. */
export interface DayOutcome {
  /** YYYY-MM-DD in the time zone asked for. */
  readonly day: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
}
export interface ContainerFigure {
  readonly containerId: number;
  readonly runs: number;
  readonly failed: number;
  readonly medianSeconds: number | null;
  readonly p95Seconds: number | null;
}
export interface ContainerFigures {
  readonly slowest: readonly ContainerFigure[];
  readonly flakiest: readonly ContainerFigure[];
}
export interface Messages {
  /** Answers how many messages it newly marked. */
  markRead(viewer: Viewer, input: { upTo: Date }): Promise<number>;
  /** Counted to 1,000 at most. */
  countUnread(viewer: Viewer): Promise<number>;
}
export interface Figures {
  overview(project: string | null): Promise<Overview>;
  hostStats(agentId: number | null): Promise<HostStats>;
  /** What was measured within the last minutes, oldest first. */
  hostHistory(agentId: number | null, minutes: number): Promise<readonly HostStats[]>;
  /** A row for each of the last days, the oldest first, today included. */
  runOutcomes(
    input: { project: string | null; days: number; timezone: string },
  ): Promise<readonly DayOutcome[]>;
  containerFigures(
    input: { project: string | null; days: number; first: number },
  ): Promise<ContainerFigures>;
  /** Runs that match, counted to 10,000 at most. */
  countRuns(filter: RunFilter): Promise<number>;
}
