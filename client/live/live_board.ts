/** The live console's picture of what runs: read once and after each lost connection, changed by events in between. */
import { useClient } from "@urql/solid";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { createStore, produce } from "solid-js/store";
import { faultMessage } from "../graphql/refusals.ts";
import { createStream, useStreams } from "../graphql/streams.ts";
import { LiveEventsDocument, LiveTasksDocument } from "./live_documents.ts";
import {
  countTasks,
  type LiveBoard,
  putAwayEnded,
  SHOWN_TASKS,
  takeChange,
  takeRunning,
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
  createEffect(on([filter, streams.resumed, asked], ([asking]) => {
    const variables = { ...asking, first: SHOWN_TASKS };
    const answer = client.query(LiveTasksDocument, variables, { requestPolicy: "network-only" });
    const { unsubscribe } = answer.subscribe(({ data, error }) => {
      setError(error === undefined ? null : faultMessage(error));
      setLoading(false);
      if (data === undefined) return;
      const { edges, pageInfo } = data.taskRuns;
      change((board) => takeRunning(board, edges.map(({ node }) => node), pageInfo.hasNextPage));
    });
    onCleanup(unsubscribe);
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
