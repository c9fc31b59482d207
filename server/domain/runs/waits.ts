/** Why something is not running yet: asked for one by one, answered for all at once. */
import DataLoader from "dataloader";
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { Wait, Waits } from "./interface.ts";
import type { TaskRunState } from "../../../schema/states.ts";
import { idArray } from "../../db/parameters.ts";
import type { DefinitionCache, StoredDefinition } from "../containers/definitions.ts";
import { type AgentSlots, readBlockers, readHolders, readSlots, readUpstreams } from "./wait_causes.ts";
import { formatList } from "../../lib/list.ts";

/** Names in a sentence; the rest is counted. */
const MAX_NAMES = 3;

export function createWaits(db: Database, definitions: DefinitionCache): Waits {
  const taskRuns = new DataLoader<number, Wait | null>(
    async (ids) => {
      const found = await explainTaskRuns(db, definitions, ids);
      return ids.map((id) => found.get(id) ?? null);
    },
    { cache: false },
  );
  const runs = new DataLoader<number, Wait | null>(async (ids) => {
    const blockers = await readBlockers(db, ids);
    return ids.map((id) => explainQueue(blockers.get(id)));
  }, { cache: false });
  return { ofTaskRun: (id) => taskRuns.load(id), ofRun: (id) => runs.load(id) };
}

export interface WaitingRow extends Record<string, unknown> {
  readonly id: number;
  readonly state: TaskRunState;
  readonly released: boolean;
  /** Claimed by an agent that has not started it yet. */
  readonly inHand: boolean;
  readonly retryAt: Date | null;
  readonly attempt: number;
  readonly taskIndex: number;
  readonly runId: number;
  readonly queued: boolean;
  readonly versionId: number;
}

async function explainTaskRuns(
  db: Database,
  definitions: DefinitionCache,
  ids: readonly number[],
): Promise<ReadonlyMap<number, Wait | null>> {
  const rows = await readWaiting(db, ids);
  const stored = await definitions.getMany(rows.map(({ versionId }) => versionId));
  const kinds = Map.groupBy(rows, waitKind);
  const of = (kind: WaitKind): readonly WaitingRow[] => kinds.get(kind) ?? [];
  const [blockers, upstreams, holders, slots] = await Promise.all([
    readBlockers(db, of("queue").map(({ runId }) => runId)),
    readUpstreams(db, of("upstream"), stored),
    readHolders(db, of("limit").map(({ runId }) => runId)),
    of("slot").length === 0 ? null : readSlots(db),
  ]);
  return new Map(rows.map((row) => {
    const kind = waitKind(row);
    switch (kind) {
      case "queue":
        return [row.id, explainQueue(blockers.get(row.runId))];
      case "upstream":
        return [row.id, explainUpstream(upstreams.get(row.id) ?? [])];
      case "retry":
        return [row.id, explainRetry(row)];
      case "limit":
        return [row.id, explainLimit(row, stored, holders.get(row.runId) ?? [])];
      case "slot":
        return [row.id, slots === null ? null : explainSlot(row, slots)];
      default:
        throw new Error(`Unknown kind ${kind satisfies never}`);
    }
  }));
}

async function readWaiting(db: Database, ids: readonly number[]): Promise<readonly WaitingRow[]> {
  return await db.execute<WaitingRow>(sql`
    select t.id, t.state, t.released, t.state = 'RUNNING' as "inHand",
      t.retry_at as "retryAt", t.attempt, t.task_index as "taskIndex",
      t.run_id as "runId", r.state = 'QUEUED' as queued, r.version_id as "versionId"
    from task_runs t join runs r on r.id = t.run_id
    where t.id = any(${idArray(ids)})
      and (t.state in ('PENDING', 'READY') or (t.state = 'RUNNING' and t.started_at is null))`);
}

type WaitKind = "queue" | "upstream" | "retry" | "limit" | "slot";

function waitKind({ state, queued, released, inHand, retryAt }: WaitingRow): WaitKind {
  if (queued) return "queue";
  if (state === "PENDING") return "upstream";
  if (released || inHand) return "slot";
  return retryAt === null ? "limit" : "retry";
}

/** Without a blocker it is about to start. */
function explainQueue(
  blocker: { readonly runId: number; readonly running: boolean } | undefined,
): Wait | null {
  if (blocker === undefined) return null;
  const { runId, running } = blocker;
  const message = running
    ? "It is queued until the run of its container that runs now has ended"
    : "It is queued behind an earlier run of its container that waits itself";
  return { kind: "WaitingForRun", message, runId };
}

function explainUpstream(upstreams: readonly { readonly id: number; readonly name: string }[]): Wait | null {
  if (upstreams.length === 0) return null;
  const names = formatList(upstreams.map(({ name }) => `"${name}"`), MAX_NAMES);
  const message = `It waits for the end of ${names}`;
  return { kind: "WaitingForUpstream", message, taskRunIds: upstreams.map(({ id }) => id) };
}

function explainRetry({ retryAt, attempt }: WaitingRow): Wait {
  const until = retryAt ?? new Date(0);
  const message = `Attempt ${attempt} failed; attempt ${attempt + 1} may start at ${until.toISOString()}`;
  return { kind: "WaitingForRetry", message, until, attempt: attempt + 1 };
}

function explainLimit(
  { versionId }: WaitingRow,
  stored: ReadonlyMap<number, StoredDefinition>,
  heldBy: readonly number[],
): Wait {
  const limit = stored.get(versionId)?.definition.maxParallel ?? 0;
  const message = `The run may have ${limit === 1 ? "1 task" : `${limit} tasks`} running at once`;
  return { kind: "WaitingForRunLimit", message, limit, heldBy };
}

function explainSlot({ inHand }: WaitingRow, { capacity, running, heldBy }: AgentSlots): Wait {
  if (capacity === 0 && !inHand) {
    return { kind: "WaitingForAgent", message: "No agent that takes work is online" };
  }
  const message = running < capacity
    ? `${running} of ${capacity} slots are taken: it starts in a moment`
    : `All ${capacity} slots are taken`;
  return { kind: "WaitingForSlot", message, capacity, heldBy };
}
