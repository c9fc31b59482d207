/** Where the lines of a task run come from: the newest stored page first, then what is written, other pages as needed. */
import {
  type Accessor,
  batch,
  createEffect,
  createMemo,
  createSignal,
  on,
  onCleanup,
  untrack,
} from "solid-js";
import { openUncachedClient } from "../graphql/client.ts";
import { createStream } from "../graphql/streams.ts";
import { useServices } from "../lib/services.ts";
import { followAfterLines, type Following, followingEnd } from "./following_state.ts";
import { LogTailDocument } from "./log_documents.ts";
import { createLogReader, type LogReader } from "./log_reader.ts";
import {
  addNewer,
  addOlder,
  appendLive,
  comesAfter,
  emptyLog,
  indexOfLine,
  type LinePlace,
  type LogBuffer,
} from "./log_state.ts";

/** What an output is opened with; quick on a phone, and many screens long. */
const OPENED_LINES = 1000;
/** A page while the reader scrolls: the most that the server gives at once. */
const PAGE_LINES = 5000;
/** Shown before a line that was asked for. */
const LINES_BEFORE = 300;

export interface LogSource {
  /** Grows with every change of the buffer. */
  readonly version: Accessor<number>;
  readonly log: Accessor<LogBuffer>;
  readonly reader: Accessor<LogReader>;
  readonly loading: Accessor<boolean>;
  /** Grows when the output has ended. */
  readonly ends: Accessor<number>;
  /** A page is on its way. */
  readonly paging: Accessor<boolean>;
  readonly error: Accessor<string | null>;
  /** Puts older lines in front; answers how many. */
  readonly older: (lines?: number) => Promise<number>;
  readonly newer: () => Promise<void>;
  readonly openStart: () => Promise<void>;
  readonly openEnd: () => Promise<void>;
  /** Makes the window hold this line; answers its index, null when there is no such line. */
  readonly openAt: (place: LinePlace) => Promise<number | null>;
  readonly following: Accessor<Following>;
  readonly setFollowing: (change: (state: Following) => Following) => void;
  readonly reload: () => void;
}

export function createLogSource(args: {
  readonly taskRunId: Accessor<string>;
  /** Only this attempt; null = all. */
  readonly attempt: Accessor<number | null>;
  /** Where the window opens, asked once for each output; null = at the end. */
  readonly place: () => LinePlace | null;
}): LogSource {
  const { session } = useServices();
  // What is read here is held here; a cache would hold millions of lines once more.
  const client = openUncachedClient(session.ended);
  const reader = createMemo(() => createLogReader(client, args.taskRunId()));
  const [log, setLog] = createSignal(emptyLog());
  const [version, setVersion] = createSignal(0);
  const [loading, setLoading] = createSignal(true);
  const [paging, setPaging] = createSignal(false);
  const [error, setError] = createSignal<string | null>(null);
  const [following, setFollowing] = createSignal<Following>(followingEnd);
  const [asked, setAsked] = createSignal(0);
  const [ends, setEnds] = createSignal(0);
  const changed = (): void => {
    setVersion((count) => count + 1);
  };

  // One read at a time: pages fit together only when each begins where the one before it ended.
  let waiting = 0;
  let latest: Promise<unknown> = Promise.resolve();
  const read = <T>(work: (held: LogBuffer) => Promise<T>, otherwise: T): Promise<T> => {
    waiting++;
    setPaging(true);
    const turn = latest.then(() => readNow(work, otherwise)).finally(() => {
      waiting--;
      if (waiting === 0) setPaging(false);
    });
    latest = turn;
    return turn;
  };
  const readNow = async <T>(work: (held: LogBuffer) => Promise<T>, otherwise: T): Promise<T> => {
    const held = log();
    try {
      return await work(held);
    } catch (fault) {
      if (held === log()) setError(fault instanceof Error ? fault.message : String(fault));
      return otherwise;
    }
  };
  /** Replaces the window. What is known of the end stays known: the stream goes on there. */
  const replace = (fill: (log: LogBuffer) => void, held: LogBuffer): void => {
    // Keys of the new window's lines are no keys of the old one's.
    const opened = { ...emptyLog(), newest: held.newest, base: held.base + held.lines.length + 1 };
    fill(opened);
    if (held === log()) {
      batch(() => {
        setLog(opened);
        changed();
      });
    }
  };

  const openEnd = (): Promise<void> =>
    read(async (held) => {
      const page = await reader().page({ attempt: args.attempt(), last: OPENED_LINES });
      replace((opened) => {
        addNewer(opened, page.edges, false);
        opened.hasOlder = page.hasPreviousPage;
      }, held);
    }, undefined);
  const openStart = (): Promise<void> =>
    read(async (held) => {
      const page = await reader().page({ attempt: args.attempt(), first: PAGE_LINES });
      replace((opened) => addNewer(opened, page.edges, page.hasNextPage), held);
    }, undefined);
  const openAround = (place: LinePlace): Promise<void> =>
    read(async (held) => {
      const attempt = args.attempt();
      const before = await reader().cursorOf(place);
      const older = await reader().page({ attempt, last: LINES_BEFORE, before });
      const newer = await reader().page({
        attempt,
        first: OPENED_LINES,
        after: older.edges.at(-1)?.cursor ?? null,
      });
      replace((opened) => {
        addNewer(opened, older.edges, true);
        addNewer(opened, newer.edges, newer.hasNextPage);
        opened.hasOlder = older.hasPreviousPage;
      }, held);
    }, undefined);
  const openAt = async (place: LinePlace): Promise<number | null> => {
    const there = indexOfLine(log(), place);
    if (there !== null) return there;
    await openAround(place);
    return indexOfLine(log(), place);
  };

  createEffect(on([args.taskRunId, args.attempt, asked], () => {
    let current = true;
    onCleanup(() => (current = false));
    const place = args.place();
    batch(() => {
      setLog(emptyLog());
      setFollowing({ follow: place === null, unseen: 0 });
      setLoading(true);
      setError(null);
      changed();
    });
    void (async () => {
      // The end is known first: the stream goes on behind it wherever the window is.
      await openEnd();
      if (current && place !== null) await openAt(place);
      if (current && error() === null) setLoading(false);
    })();
  }));

  createStream({
    document: LogTailDocument,
    // After a lost connection it goes on behind the newest line that is known of.
    variables: () =>
      loading() ? null : { taskRunId: args.taskRunId(), after: untrack(log).newest?.cursor ?? null },
    ended: () => setEnds((count) => count + 1),
    next: ({ taskRunLog }) => {
      const attempt = args.attempt();
      const lines = attempt === null ? taskRunLog : taskRunLog.filter(({ node }) => node.attempt === attempt);
      const added = appendLive(log(), lines, following().follow);
      setFollowing((state) => followAfterLines(state, added));
      changed();
    },
  });

  return {
    version,
    log,
    reader,
    loading: () => loading() && error() === null,
    ends,
    paging,
    error,
    older: (lines = PAGE_LINES) =>
      read(async (held) => {
        const first = held.lines[0];
        if (first === undefined || !held.hasOlder) return 0;
        const asked = { attempt: args.attempt(), last: lines, before: first.cursor };
        const page = await reader().page(asked);
        if (held !== log() || held.lines[0] !== first) return 0;
        addOlder(held, page.edges, page.hasPreviousPage);
        changed();
        return page.edges.length;
      }, 0),
    newer: () =>
      read(async (held) => {
        const last = held.lines.at(-1);
        if (last === undefined || !held.hasNewer) return;
        const page = await reader().page({ attempt: args.attempt(), first: PAGE_LINES, after: last.cursor });
        if (held !== log() || held.lines.at(-1) !== last) return;
        addNewer(held, page.edges.filter(({ node }) => comesAfter(node, last)), page.hasNextPage);
        changed();
      }, undefined),
    openStart,
    openEnd,
    openAt,
    following,
    setFollowing: (change) => void setFollowing(change),
    reload: () => void setAsked((count) => count + 1),
  };
}
