/**
 * Why something does not run, and what it handed on. Not part of the page's own answer: what others do changes it without
 * an event of this run, so it is asked again while it is shown.
 */
import { useClient } from "@urql/solid";
import { type Accessor, createEffect, createSignal, onCleanup } from "solid-js";
import type { ResultOf } from "../graphql/tada.ts";
import { WaitingDocument, type WaitingFragment } from "./run_documents.ts";

/** How often a reason is looked at again while it holds. */
const AGAIN_MS = 5_000;

export type WaitingReason = ResultOf<typeof WaitingFragment>;
export type Outputs = Readonly<Record<string, string>>;

export interface Waiting {
  readonly reason: Accessor<WaitingReason | null>;
  readonly outputs: Accessor<Outputs | null>;
}

/** Asks for the id, and again whenever `changes` does; for nothing while it is null. */
export function createWaiting(id: Accessor<string | null>, changes: Accessor<unknown>): Waiting {
  const client = useClient();
  const [node, setNode] = createSignal<ResultOf<typeof WaitingDocument>["node"]>(null);
  createEffect(() => {
    const asked = id();
    changes();
    if (asked === null) {
      setNode(null);
      return;
    }
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    onCleanup(() => {
      current = false;
      clearTimeout(timer);
    });
    const ask = async (): Promise<void> => {
      const { data } = await client.query(WaitingDocument, { id: asked }, { requestPolicy: "network-only" });
      if (!current) return;
      if (data !== undefined) setNode(() => data.node);
      if (reason() !== null) timer = setTimeout(() => void ask(), AGAIN_MS);
    };
    void ask();
  });
  // What was answered for another one says nothing about this one.
  const own = (): ReturnType<typeof node> => {
    const held = node();
    return held !== null && "id" in held && held.id === id() ? held : null;
  };
  const reason = (): WaitingReason | null => {
    const held = own();
    return held?.__typename === "Run" || held?.__typename === "TaskRun" ? held.waitingFor : null;
  };
  return {
    reason,
    outputs: () => {
      const held = own();
      return held?.__typename === "TaskRun" ? held.outputs : null;
    },
  };
}
