/** Where the lines of a task run come from: the newest stored page first, then what is written, then older pages. */
import { useClient } from "@urql/solid";
import { type Accessor, batch, createEffect, createSignal, on, onCleanup } from "solid-js";
import { faultMessage } from "../graphql/refusals.ts";
import { createStream } from "../graphql/streams.ts";
import { LogPageDocument, LogTailDocument } from "./log_documents.ts";
import {
  appendLines,
  emptyLog,
  followAfterLines,
  type Following,
  type LogBuffer,
  type LogEdge,
  prependLines,
} from "./log_state.ts";

const PAGE_LINES = 1000;

export interface LogSource {
  /** Grows with every change of the buffer. */
  readonly version: Accessor<number>;
  readonly log: Accessor<LogBuffer>;
  readonly loading: Accessor<boolean>;
  readonly error: Accessor<string | null>;
  readonly hasOlder: Accessor<boolean>;
  /** Answers how many lines were put in front. */
  readonly loadOlder: () => Promise<number>;
  readonly following: Accessor<Following>;
  readonly setFollowing: (change: (state: Following) => Following) => void;
  readonly reload: () => void;
}

export function createLogSource(taskRunId: Accessor<string>): LogSource {
  const client = useClient();
  const [log, setLog] = createSignal(emptyLog());
  const [version, setVersion] = createSignal(0);
  const [loading, setLoading] = createSignal(true);
  const [error, setError] = createSignal<string | null>(null);
  const [hasOlder, setHasOlder] = createSignal(false);
  const [following, setFollowing] = createSignal<Following>({ follow: true, unseen: 0 });
  const [asked, setAsked] = createSignal(0);
  const changed = (): void => {
    setVersion((count) => count + 1);
  };

  const readPage = async (id: string, before: string | null): Promise<readonly LogEdge[] | null> => {
    const variables = { taskRunId: id, last: PAGE_LINES, before };
    const { data, error } = await client.query(LogPageDocument, variables, { requestPolicy: "network-only" });
    if (error !== undefined) setError(faultMessage(error));
    if (data?.node?.__typename !== "TaskRun") return null;
    setHasOlder(data.node.log.pageInfo.hasPreviousPage);
    return data.node.log.edges;
  };

  createEffect(on([taskRunId, asked], ([id]) => {
    let current = true;
    onCleanup(() => (current = false));
    batch(() => {
      setLog(emptyLog());
      setFollowing({ follow: true, unseen: 0 });
      setLoading(true);
      setError(null);
      changed();
    });
    void readPage(id, null).then((edges) => {
      if (!current) return;
      batch(() => {
        if (edges !== null) appendLines(log(), edges);
        setLoading(edges === null);
        changed();
      });
    });
  }));

  createStream({
    document: LogTailDocument,
    // Once the stored lines are read the stream goes on behind them; after a lost connection, behind what is held.
    variables: () => loading() ? null : { taskRunId: taskRunId(), after: log().newest },
    next: ({ taskRunLog }) => {
      const before = log().lines.length;
      appendLines(log(), taskRunLog);
      const added = log().lines.length - before;
      setFollowing((state) => followAfterLines(state, Math.max(0, added)));
      changed();
    },
  });

  const loadOlder = async (): Promise<number> => {
    const { oldest } = log();
    if (oldest === null || !hasOlder()) return 0;
    const held = log();
    const edges = await readPage(taskRunId(), oldest) ?? [];
    if (held !== log()) return 0;
    prependLines(held, edges);
    changed();
    return edges.length;
  };

  return {
    version,
    log,
    loading: () => loading() && error() === null,
    error,
    hasOlder: () => hasOlder() && version() >= 0 && log().oldest !== null,
    loadOlder,
    following,
    setFollowing: (change) => void setFollowing(change),
    reload: () => void setAsked((count) => count + 1),
  };
}
