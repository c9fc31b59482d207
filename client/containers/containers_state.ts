/** How events change the list of containers that is on the screen. */
import type { ResultOf } from "../graphql/tada.ts";
import type { ContainerRowFragment, ContainersDocument } from "./containers_documents.ts";
import type { RunRowFragment } from "../runs/runs_documents.ts";

/** A next fire this much in the past has been fired or skipped: the row is to be read again. */
const FIRE_GRACE_MS = 2_000;

export type ContainersData = ResultOf<typeof ContainersDocument>;
export type ContainerRowData = ResultOf<typeof ContainerRowFragment>;
export type RunRowData = ResultOf<typeof RunRowFragment>;

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

/** Shows a run in its container's row, unless the row already shows a newer one. */
export function applyRun(data: ContainersData, run: RunRowData, nextFires?: readonly string[]): void {
  const row = data.containers.edges.find(({ node }) => node.id === run.container?.id)?.node;
  if (row === undefined) return;
  if (nextFires !== undefined) row.nextFires = [...nextFires];
  if (row.lastRun !== null && row.lastRun.id !== run.id && row.lastRun.createdAt > run.createdAt) return;
  row.lastRun = { ...run };
}

/** True when a row says that it fires in the past. */
export function someFireIsPast(
  rows: readonly { readonly nextFires: readonly string[] }[],
  now: number,
): boolean {
  return rows.some(({ nextFires: [next] }) => next !== undefined && Date.parse(next) + FIRE_GRACE_MS < now);
}
