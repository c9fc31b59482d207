/**
 * A query whose answer is a store of the page's own: the network fills it, events change single fields of it, and rows
 * keep their identity (and so their focus and place) through both.
 */
import { type AnyVariables, type CombinedError, type TypedDocumentNode, useClient } from "@urql/solid";
import { createEffect, createSignal, on, onCleanup } from "solid-js";
import { createStore, produce, reconcile } from "solid-js/store";
import { nameRows } from "./row_names.ts";
import { useStreams } from "./streams.ts";

export interface LiveQuery<Data> {
  /** Undefined until the first answer; kept while a newer one is on its way. */
  readonly data: Data | undefined;
  readonly error: CombinedError | undefined;
  /** There is nothing to show yet. */
  readonly loading: boolean;
  /** Something is shown, and is being read again. */
  readonly refreshing: boolean;
  readonly refetch: () => void;
  /** Changes the answer in place, as an event says. */
  readonly change: (recipe: (data: Data) => void) => void;
}

export function createLiveQuery<Data, Variables extends AnyVariables>(args: {
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly variables: () => Variables;
}): LiveQuery<Data> {
  const client = useClient();
  const streams = useStreams();
  const [store, setStore] = createStore<{ data: Data | undefined }>({ data: undefined });
  const [error, setError] = createSignal<CombinedError>();
  const [fetching, setFetching] = createSignal(true);
  const [asked, setAsked] = createSignal(0);

  createEffect(() => {
    const again = asked() > 0;
    setFetching(true);
    const result = client.query(args.document, args.variables(), {
      requestPolicy: again ? "network-only" : "cache-and-network",
    });
    let taken = again;
    const { unsubscribe } = result.subscribe(({ data, error, stale }) => {
      setError(() => error);
      setFetching(stale);
      if (data === undefined || data === null) return;
      // After a mutation the client says its old answer once more until the new one is there: what was changed in
      // place meanwhile, by an event or ahead of the server, must not go back for that long.
      if (stale && taken) return;
      taken = true;
      // A copy, since events change the store and the client's cache must not change with it.
      setStore("data", reconcile(nameRows(structuredClone(data))));
    });
    onCleanup(unsubscribe);
  });
  const refetch = (): void => {
    setAsked((count) => count + 1);
  };
  createEffect(on(streams.resumed, refetch, { defer: true }));

  return {
    get data() {
      return store.data;
    },
    get error() {
      return error();
    },
    get loading() {
      return store.data === undefined && error() === undefined;
    },
    get refreshing() {
      return store.data !== undefined && fetching();
    },
    refetch,
    change: (recipe) => {
      if (store.data === undefined) return;
      setStore(produce((held) => {
        if (held.data !== undefined) recipe(held.data);
      }));
    },
  };
}
