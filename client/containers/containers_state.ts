/** How events change the list of containers that is on the screen. */
import { type RunState, runStates } from "../../schema/states.ts";
import type { ResultOf } from "../graphql/tada.ts";
import type { ContainerRowFragment, ContainersDocument } from "./containers_documents.ts";
import type { RunRowFragment } from "../runs/runs_documents.ts";

/** A next fire this much in the past has been fired or skipped: the row is to be read again. */
const FIRE_GRACE_MS = 2_000;
/** As many as the strip of a row shows. */
const RECENT_RUNS = 20;

export type ContainersData = ResultOf<typeof ContainersDocument>;
export type ContainerRowData = ResultOf<typeof ContainerRowFragment>;
export type RunRowData = ResultOf<typeof RunRowFragment>;

export type ContainerOrder = "NAME" | "NEXT_FIRE" | "LAST_RUN";
const orders: readonly ContainerOrder[] = ["NAME", "NEXT_FIRE", "LAST_RUN"];

/** What the list is restricted to and sorted by, as the address says it. */
export interface ListView {
  readonly search: string;
  /** State of the newest run; null = any. */
  readonly state: RunState | null;
  readonly enabled: boolean | null;
  /** Slug; null = any. */
  readonly project: string | null;
  readonly tag: string | null;
  readonly favorite: boolean;
  readonly order: ContainerOrder;
}

/** Reads the address; what it does not know is passed over. */
export function readListView(address: {
  readonly q?: string | undefined;
  readonly state?: string | undefined;
  readonly enabled?: string | undefined;
  readonly sort?: string | undefined;
  readonly project?: string | undefined;
  readonly tag?: string | undefined;
  readonly favorite?: string | undefined;
}): ListView {
  return {
    search: address.q ?? "",
    state: runStates.find((state) => state === address.state) ?? null,
    enabled: address.enabled === "yes" ? true : address.enabled === "no" ? false : null,
    project: address.project ?? null,
    tag: address.tag ?? null,
    favorite: address.favorite === "yes",
    order: orders.find((order) => order === address.sort) ?? "NAME",
  };
}

export interface ContainerChange {
  readonly kind: "CREATED" | "UPDATED" | "DELETED";
  readonly containerId: string;
  readonly container: ContainerRowData | null;
}

/**
 * Applies a change to the rows in place. True when that is not enough and the list has to be read again: something new
 * has a place in the order that only the server knows.
 */
export function applyContainerChange(data: ContainersData, change: ContainerChange): boolean {
  const { edges } = data.containers;
  const place = edges.findIndex(({ node }) => node.id === change.containerId);
  if (change.kind === "DELETED" || change.container === null) {
    if (place === -1) return false;
    edges.splice(place, 1);
    data.containers.totalCount = Math.max(0, data.containers.totalCount - 1);
    return false;
  }
  const edge = edges[place];
  if (edge === undefined) return change.kind === "CREATED";
  const renamed = edge.node.name !== change.container.name;
  Object.assign(edge.node, change.container);
  return renamed;
}

/** Shows a run in its container's row, unless it is of a single task or the row already shows a newer one. */
export function applyRun(data: ContainersData, run: RunRowData, nextFires?: readonly string[]): void {
  const row = data.containers.edges.find(({ node }) => node.id === run.container?.id)?.node;
  if (row === undefined) return;
  if (nextFires !== undefined) row.nextFires = [...nextFires];
  row.recentRuns = addRecent(row.recentRuns, run);
  if (run.single) return;
  if (row.lastRun !== null && row.lastRun.id !== run.id && row.lastRun.createdAt > run.createdAt) return;
  row.lastRun = { ...run };
}

/** The run in its place of the strip, or as the newest one. */
function addRecent(recent: ContainerRowData["recentRuns"], run: RunRowData): ContainerRowData["recentRuns"] {
  const { id, state, createdAt, startedAt, finishedAt } = run;
  const shown = { id, state, createdAt, startedAt, finishedAt };
  const place = recent.findIndex((one) => one.id === id);
  if (place !== -1) return recent.with(place, shown);
  return [shown, ...recent].sort((left, right) => right.createdAt.localeCompare(left.createdAt)).slice(
    0,
    RECENT_RUNS,
  );
}

/** True when a row says that it fires in the past. */
export function someFireIsPast(
  rows: readonly { readonly nextFires: readonly string[] }[],
  now: number,
): boolean {
  return rows.some(({ nextFires: [next] }) => next !== undefined && Date.parse(next) + FIRE_GRACE_MS < now);
}
