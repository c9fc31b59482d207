/** What a graph shows, whoever draws it: tasks, what they wait for, and a summary for those who cannot see it. */
import type { RelationCondition, TaskRunState } from "../../schema/states.ts";
import type { Tone } from "../lib/states.ts";
import type { Place } from "./layout.ts";

export interface GraphNode {
  readonly id: string;
  readonly name: string;
  /** Null: a task as it is defined, without a run. */
  readonly state: TaskRunState | null;
  /** Disabled tasks are passed through. */
  readonly enabled: boolean;
  /** Where somebody placed it; left out, null and the origin: nobody did. */
  readonly position?: Place | null;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly condition: RelationCondition;
}

export interface ConditionLook {
  readonly tone: Tone;
  readonly line: "solid" | "dashed" | "dotted";
  /** Written on the line; the common case needs no words. */
  readonly labelled: boolean;
}

/** How a relation's condition looks: by colour, by dash and by word. */
export const conditionLooks: { readonly [C in RelationCondition]: ConditionLook } = {
  SUCCESS: { tone: "pending", line: "solid", labelled: false },
  FAILURE: { tone: "failed", line: "dashed", labelled: true },
  ALWAYS: { tone: "cancelled", line: "dotted", labelled: true },
};

/** How many tasks are in each state, in the order of the states. */
export function countStates(
  nodes: readonly { readonly state: TaskRunState | null }[],
): readonly (readonly [TaskRunState, number])[] {
  const order: readonly TaskRunState[] = [
    "RUNNING",
    "FAILED",
    "TIMED_OUT",
    "READY",
    "PENDING",
    "SUCCEEDED",
    "CANCELLED",
    "SKIPPED",
  ];
  return order.flatMap((state) => {
    const count = nodes.filter((node) => node.state === state).length;
    return count === 0 ? [] : [[state, count] as const];
  });
}

/** The next task in a direction: along the relations sideways, within the order of the tasks up and down. */
export function stepInGraph(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  from: string | null,
  key: string,
): string | null {
  const place = nodes.findIndex(({ id }) => id === from);
  if (place === -1) return nodes[0]?.id ?? null;
  switch (key) {
    case "ArrowRight":
      return edges.find((edge) => edge.from === from)?.to ?? null;
    case "ArrowLeft":
      return edges.find((edge) => edge.to === from)?.from ?? null;
    case "ArrowDown":
      return nodes[place + 1]?.id ?? null;
    case "ArrowUp":
      return nodes[place - 1]?.id ?? null;
    default:
      return null;
  }
}

/** Changes when tasks or relations come, go, are renamed or moved: when the graph has to be drawn anew. */
export function graphShape(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): string {
  return JSON.stringify([
    nodes.map(({ id, name, state, position }) => [id, name, state !== null, position?.x, position?.y]),
    edges.map(({ from, to, condition }) => [from, to, condition]),
  ]);
}
