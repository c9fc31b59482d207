/** Why something is not running yet: asked for one by one, answered for all at once. */
import DataLoader from "dataloader";
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { inProjects } from "../accounts/visible.ts";
import type { Wait, Waits } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { TaskRunState } from "../../../schema/states.ts";
import { idArray } from "../../db/parameters.ts";
import type { DefinitionCache, StoredDefinition } from "../containers/definitions.ts";
import {
  type PlacementSlots,
  readBlockers,
  readHolders,
  readHolds,
  readSlots,
  readUpstreams,
} from "./wait_causes.ts";

/** Names in a sentence; the rest is counted. */
const MAX_NAMES = 3;

export function createWaits(db: Database, definitions: DefinitionCache): Waits {
  return {
    ofTaskRun: loadTogether((visible, ids) => explainTaskRuns(db, definitions, visible, ids)),
    ofRun: loadTogether(async (visible, ids) => {
      const [blockers, holds] = await Promise.all([
        readBlockers(db, visible, ids),
        readHolds(db, visible, ids),
      ]);
      return new Map(ids.map((id) => [id, holds.get(id) ?? explainQueue(blockers.get(id))]));
    }),
  };
}

/** Explains in one go what is asked for at once by those who may see the same. */
function loadTogether(
  explain: (visible: Visible, ids: readonly number[]) => Promise<ReadonlyMap<number, Wait | null>>,
): (visible: Visible, id: number) => Promise<Wait | null> {
  interface Key {
    readonly visible: Visible;
    readonly id: number;
  }
  const loader = new DataLoader<Key, Wait | null>(async (keys) => {
    const waits = new Map<Key, Wait | null>();
    for (const together of Map.groupBy(keys, ({ visible }) => `${visible}`).values()) {
      const found = await explain(together[0]?.visible ?? [], together.map(({ id }) => id));
      for (const key of together) waits.set(key, found.get(key.id) ?? null);
    }
    return keys.map((key) => waits.get(key) ?? null);
  }, { cache: false });
  return (visible, id) => loader.load({ visible, id });
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
  readonly placementId: number;
}

async function explainTaskRuns(
  db: Database,
  definitions: DefinitionCache,
  visible: Visible,
  ids: readonly number[],
): Promise<ReadonlyMap<number, Wait | null>> {
  const rows = await readWaiting(db, visible, ids);
  const stored = await definitions.getMany(rows.map(({ versionId }) => versionId));
  const kinds = Map.groupBy(rows, waitKind);
  const of = (kind: WaitKind): readonly WaitingRow[] => kinds.get(kind) ?? [];
  const queuedRuns = of("queue").map(({ runId }) => runId);
  const [blockers, holds, upstreams, holders, slots] = await Promise.all([
    readBlockers(db, visible, queuedRuns),
    readHolds(db, visible, queuedRuns),
    readUpstreams(db, of("upstream"), stored),
    readHolders(db, of("limit").map(({ runId }) => runId)),
    readSlots(db, visible, of("slot").map(({ placementId }) => placementId)),
  ]);
  return new Map(rows.map((row) => {
    const kind = waitKind(row);
    switch (kind) {
      case "queue":
        return [row.id, holds.get(row.runId) ?? explainQueue(blockers.get(row.runId))];
      case "upstream":
        return [row.id, explainUpstream(upstreams.get(row.id) ?? [])];
      case "retry":
        return [row.id, explainRetry(row)];
      case "limit":
        return [row.id, explainLimit(row, stored, holders.get(row.runId) ?? [])];
      case "slot":
        return [row.id, explainSlot(row, slots.get(row.placementId))];
      default:
        throw new Error(`Unknown kind ${kind satisfies never}`);
    }
  }));
}

async function readWaiting(
  db: Database,
  visible: Visible,
  ids: readonly number[],
): Promise<readonly WaitingRow[]> {
  return await db.execute<WaitingRow>(sql`
    select t.id, t.state, t.released, t.state = 'RUNNING' as "inHand",
      t.retry_at as "retryAt", t.attempt, t.task_index as "taskIndex",
      t.run_id as "runId", r.state = 'QUEUED' as queued, r.version_id as "versionId",
      t.placement_id as "placementId"
    from task_runs t join runs r on r.id = t.run_id
    where t.id = any(${idArray(ids)}) and ${inProjects(visible, sql`t.project_id`)}
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
  return { kind: "WaitingForRun", message: say(running ? "WAITS_FOR_RUN" : "WAITS_IN_QUEUE"), runId };
}

function explainUpstream(upstreams: readonly { readonly id: number; readonly name: string }[]): Wait | null {
  if (upstreams.length === 0) return null;
  const names = upstreams.slice(0, MAX_NAMES).map(({ name }) => name);
  const message = say("WAITS_FOR_TASKS", { names, more: upstreams.length - names.length });
  return { kind: "WaitingForUpstream", message, taskRunIds: upstreams.map(({ id }) => id) };
}

function explainRetry({ retryAt, attempt }: WaitingRow): Wait {
  const until = retryAt ?? new Date(0);
  const message = say("WAITS_FOR_RETRY", { failed: attempt, until: until.toISOString() });
  return { kind: "WaitingForRetry", message, until, attempt: attempt + 1 };
}

function explainLimit(
  { versionId }: WaitingRow,
  stored: ReadonlyMap<number, StoredDefinition>,
  heldBy: readonly number[],
): Wait {
  const limit = stored.get(versionId)?.definition.maxParallel ?? 0;
  const message = say("WAITS_FOR_LIMIT", { limit });
  return { kind: "WaitingForRunLimit", message, limit, heldBy };
}

function explainSlot({ inHand }: WaitingRow, slots: PlacementSlots | undefined): Wait | null {
  if (slots === undefined) return null;
  const { labels, capacity, running, heldBy, candidates, candidateIds } = slots;
  if (capacity === 0 && !inHand) {
    const message = say("WAITS_FOR_AGENT", { labels, candidates });
    return { kind: "WaitingForAgent", message, labels, candidateIds };
  }
  return { kind: "WaitingForSlot", message: say("WAITS_FOR_SLOT", { running, capacity }), capacity, heldBy };
}
