/** The live console's picture of what runs: read once and after each lost connection, changed by events in between. */
import { useClient } from "@urql/solid";
import { type Accessor, batch, createEffect, createSignal, on, onCleanup } from "solid-js";
import { createStore, produce } from "solid-js/store";
import { faultMessage } from "../graphql/refusals.ts";
import { createStream, useStreams } from "../graphql/streams.ts";
import { LiveEndedDocument, LiveEventsDocument, LiveTasksDocument } from "./live_documents.ts";
import {
  countTasks,
  type LiveBoard,
  putAwayEnded,
  SHOWN_TASKS,
  takeChange,
  takeRunning,
  unnamedTasks,
} from "./live_state.ts";

/** Null = of all. */
export type LiveFilter = {
  readonly project: string | null;
  readonly containerId: string | null;
};

export interface Live {
  readonly board: LiveBoard;
  readonly loading: Accessor<boolean>;
  readonly error: Accessor<string | null>;
  readonly reload: () => void;
  readonly putAway: () => void;
}

export function createLiveBoard(filter: Accessor<LiveFilter>): Live {
  const client = useClient();
  const streams = useStreams();
  const [board, setBoard] = createStore<LiveBoard>({ runs: [], more: false });
  const [loading, setLoading] = createSignal(true);
  const [error, setError] = createSignal<string | null>(null);
  const [asked, setAsked] = createSignal(0);
  const change = (recipe: (board: LiveBoard) => void): void => setBoard(produce(recipe));

  createEffect(on(filter, () => {
    setLoading(true);
    setBoard({ runs: [], more: false });
  }));
  const read = async (asking: LiveFilter, current: () => boolean): Promise<void> => {
    const fresh = { requestPolicy: "network-only" } as const;
    const listed = await client.query(LiveTasksDocument, { ...asking, first: SHOWN_TASKS }, fresh);
    if (!current()) return;
    const running = listed.data?.taskRuns.edges.map(({ node }) => node);
    const asked = running === undefined ? [] : unnamedTasks(board, running);
    const ended = asked.length === 0
      ? null
      : await client.query(LiveEndedDocument, { ids: [...asked], first: asked.length }, fresh);
    if (!current()) return;
    const fault = listed.error ?? ended?.error;
    batch(() => {
      setError(fault === undefined ? null : faultMessage(fault));
      setLoading(false);
      if (fault !== undefined || running === undefined) return;
      const found = ended?.data?.taskRuns.edges.map(({ node }) => node) ?? [];
      const more = listed.data?.taskRuns.pageInfo.hasNextPage ?? false;
      change((board) => takeRunning(board, running, more, { asked, found }));
    });
  };
  createEffect(on([filter, streams.resumed, asked], ([asking]) => {
    let current = true;
    onCleanup(() => (current = false));
    void read(asking, () => current);
  }));
  // Those that found no place come in once there is some.
  createEffect(() => {
    if (board.more && countTasks(board, false) < SHOWN_TASKS / 2) setAsked((count) => count + 1);
  });
  createStream({
    document: LiveEventsDocument,
    variables: filter,
    next: ({ runEvents }) =>
      change((board) => {
        for (const event of runEvents) takeChange(board, event);
      }),
  });
  return {
    board,
    loading,
    error,
    reload: () => void setAsked((count) => count + 1),
    putAway: () => change(putAwayEnded),
  };
}
