/** A list of runs that stays live: rows change in place, new ones wait at the top until they are asked for. */
import { type Accessor, createEffect, createSignal, on } from "solid-js";
import { createLiveQuery, type LiveQuery } from "../graphql/live_query.ts";
import { createStream } from "../graphql/streams.ts";
import type { PageVariables } from "../lib/paging.ts";
import { RunListEventsDocument, RunsDocument } from "./runs_documents.ts";
import { applyRuns, filterVariables, type RunsData, type RunsFilter } from "./runs_state.ts";

export interface RunList {
  readonly list: LiveQuery<RunsData>;
  /** Ids of runs that belong on top and are not shown yet. */
  readonly fresh: Accessor<readonly string[]>;
  readonly showFresh: () => void;
}

export function createRunList(args: {
  readonly filter: Accessor<RunsFilter>;
  readonly page: Accessor<PageVariables>;
  /** True on the page where new runs belong. */
  readonly onTop: Accessor<boolean>;
}): RunList {
  const [fresh, setFresh] = createSignal<readonly string[]>([]);
  const list = createLiveQuery({
    document: RunsDocument,
    variables: () => ({ ...args.page(), filter: filterVariables(args.filter()) }),
  });
  // Whatever was read anew already has them.
  createEffect(on(() => list.data?.runs.edges[0]?.node.id, () => setFresh([])));
  createEffect(on(args.filter, () => setFresh([]), { defer: true }));
  createStream({
    document: RunListEventsDocument,
    variables: () => ({ containerId: args.filter().containerId }),
    next: ({ runEvents }) =>
      list.change((data) => {
        const added = applyRuns(data, runEvents.map(({ run }) => run), args.filter());
        if (added.length === 0 || !args.onTop()) return;
        setFresh((present) => [...new Set([...present, ...added])]);
      }),
  });
  return {
    list,
    fresh,
    showFresh: () => {
      setFresh([]);
      list.refetch();
    },
  };
}
