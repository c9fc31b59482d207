/** The run before this one that was all right, read when there is something to explain. */
import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from "solid-js";
import { useClient } from "@urql/solid";
import type { ResultOf } from "../graphql/tada.ts";
import { faultMessage } from "../graphql/refusals.ts";
import { type ComparedRow, compareTasks } from "./compare_state.ts";
import { LastGoodDocument } from "./run_documents.ts";
import type { ShownRun } from "./run_state.ts";

export type GoodRun = NonNullable<NonNullable<ResultOf<typeof LastGoodDocument>["run"]>["lastGood"]>;

export interface LastGood {
  /** Undefined until it is known; null when there is none. */
  readonly run: Accessor<GoodRun | null | undefined>;
  readonly fault: Accessor<string | null>;
  readonly rows: Accessor<readonly ComparedRow[]>;
  readonly again: () => void;
}

export function createLastGood(run: Accessor<ShownRun>, wanted: Accessor<boolean>): LastGood {
  const client = useClient();
  const [good, setGood] = createSignal<GoodRun | null>();
  const [fault, setFault] = createSignal<string | null>(null);
  const [asked, setAsked] = createSignal(0);
  const id = createMemo(() => wanted() ? run().id : null);
  createEffect(() => {
    const runId = id();
    if (runId === null) return;
    const requestPolicy = asked() > 0 ? "network-only" as const : "cache-first" as const;
    setFault(null);
    const { unsubscribe } = client.query(LastGoodDocument, { id: runId }, { requestPolicy })
      .subscribe(({ data, error }) => {
        if (error !== undefined) setFault(faultMessage(error));
        if (data !== undefined && data !== null) setGood(() => data.run?.lastGood ?? null);
      });
    onCleanup(unsubscribe);
  });
  const rows = createMemo(() => {
    const then = good();
    return then === undefined || then === null ? [] : compareTasks(run().taskRuns, then.taskRuns);
  });
  return { run: good, fault, rows, again: () => void setAsked((count) => count + 1) };
}
