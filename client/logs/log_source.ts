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
import { createStream, useStreams } from "../graphql/streams.ts";
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
  type LogEdge,
} from "./log_state.ts";
import { createPageReads, messageOf, type PageFault } from "./page_reads.ts";

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
  /** Why there is nothing to show. */
  readonly error: Accessor<string | null>;
  /** Why what is shown does not go on. */
  readonly pageFault: Accessor<PageFault | null>;
  /** The newest attempt that lines are known of, shown or not; 0 = none. */
  readonly newestAttempt: Accessor<number>;
  /** Puts older lines in front; answers how many. */
  readonly older: (lines?: number) => Promise<number>;
  readonly newer: () => Promise<void>;
  /** Both answer whether the window is there now; otherwise the fault offers `again`. */
  readonly openStart: (again: () => void) => Promise<boolean>;
  readonly openEnd: (again: () => void) => Promise<boolean>;
  /**
   * Makes the window hold this line; answers its index, null when there is no such line. Throws with a sentence for
   * people when the server gave no answer.
   */
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
  const { session, texts } = useServices();
  const streams = useStreams();
  // What is read here is held here; a cache would hold millions of lines once more.
  const client = openUncachedClient({ ended: session.ended, words: texts.ready });
  const reader = createMemo(() =>
    createLogReader(client, args.taskRunId(), () => texts.t("faults.outputGone"))
  );
  const [log, setLog] = createSignal(emptyLog());
  const reads = createPageReads(log);
  const [version, setVersion] = createSignal(0);
  const [loading, setLoading] = createSignal(true);
  const [error, setError] = createSignal<string | null>(null);
  const [following, setFollowing] = createSignal<Following>(followingEnd);
  const [asked, setAsked] = createSignal(0);
  const [ends, setEnds] = createSignal(0);
  const [passed, setPassed] = createSignal<PassedLine | null>(null);
  const changed = (): void => {
    setVersion((count) => count + 1);
  };

  /** Replaces the window. What is known of the end stays known: the stream goes on there. */
  const replace = (fill: (log: LogBuffer) => void, held: LogBuffer): void => {
    // Keys of the new window's lines are no keys of the old one's.
    const { newest, partial } = held;
    const opened = { ...emptyLog(), newest, partial, base: held.base + held.lines.length + 1 };
    fill(opened);
    if (held === log()) {
      batch(() => {
        setLog(opened);
        reads.forget();
        changed();
      });
    }
  };

  const fillEnd = async (held: LogBuffer): Promise<boolean> => {
    const page = await reader().page({ attempt: args.attempt(), last: OPENED_LINES });
    replace((opened) => {
      addNewer(opened, page.edges, false);
      opened.hasOlder = page.hasPreviousPage;
    }, held);
    return true;
  };
  const fillStart = async (held: LogBuffer): Promise<boolean> => {
    const page = await reader().page({ attempt: args.attempt(), first: PAGE_LINES });
    replace((opened) => addNewer(opened, page.edges, page.hasNextPage), held);
    return true;
  };
  const fillAround = async (place: LinePlace, held: LogBuffer): Promise<void> => {
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
  };
  const openAt = async (place: LinePlace): Promise<number | null> => {
    const there = indexOfLine(log(), place);
    if (there !== null) return there;
    await reads.add(() => fillAround(place, log()));
    return indexOfLine(log(), place);
  };

  /** The end is known first: the stream goes on behind it wherever the window is. */
  const open = async (place: LinePlace | null, current: () => boolean): Promise<void> => {
    try {
      if (args.attempt() !== null) {
        // What the other attempts wrote is not sent only to be passed over here.
        const { edges } = await reads.add(() => reader().page({ last: 1 }));
        if (current()) setPassed(lastOf(edges));
      }
      if (current()) await reads.add(() => fillEnd(log()));
      if (current() && place !== null) await openAt(place);
      if (current()) setLoading(false);
    } catch (fault) {
      if (current()) setError(messageOf(fault));
    }
  };
  createEffect(on([args.taskRunId, args.attempt, asked], () => {
    let current = true;
    onCleanup(() => (current = false));
    const place = args.place();
    batch(() => {
      setLog(emptyLog());
      setPassed(null);
      setFollowing({ follow: place === null, unseen: 0 });
      setLoading(true);
      setError(null);
      reads.forget();
      changed();
    });
    void open(place, () => current);
  }));
  // With the connection the pages come back.
  createEffect(on(streams.resumed, () => untrack(reads.fault)?.again(), { defer: true }));

  createStream({
    document: LogTailDocument,
    // After a lost connection it goes on behind the newest line that is known of.
    variables: () =>
      loading() ? null : {
        taskRunId: args.taskRunId(),
        after: (untrack(passed) ?? untrack(log).newest)?.cursor ?? null,
      },
    ended: () => {
      log().partial = [];
      changed();
      setEnds((count) => count + 1);
    },
    next: ({ taskRunLog }) => {
      const attempt = args.attempt();
      if (attempt !== null) setPassed((before) => lastOf(taskRunLog) ?? before);
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
    paging: reads.busy,
    error,
    pageFault: reads.fault,
    newestAttempt: () => version() >= 0 ? Math.max(log().newest?.attempt ?? 0, passed()?.attempt ?? 0) : 0,
    older: (lines = PAGE_LINES) =>
      reads.page({
        side: "older",
        otherwise: 0,
        work: async (held) => {
          const first = held.lines[0];
          if (first === undefined || !held.hasOlder) return 0;
          const asked = { attempt: args.attempt(), last: lines, before: first.cursor };
          const page = await reader().page(asked);
          if (held !== log() || held.lines[0] !== first) return 0;
          addOlder(held, page.edges, page.hasPreviousPage);
          changed();
          return page.edges.length;
        },
      }),
    newer: () =>
      reads.page({
        side: "newer",
        otherwise: undefined,
        work: async (held) => {
          const last = held.lines.at(-1);
          if (last === undefined || !held.hasNewer) return;
          const page = await reader().page({
            attempt: args.attempt(),
            first: PAGE_LINES,
            after: last.cursor,
          });
          if (held !== log() || held.lines.at(-1) !== last) return;
          addNewer(held, page.edges.filter(({ node }) => comesAfter(node, last)), page.hasNextPage);
          changed();
        },
      }),
    openStart: (again) => reads.page({ side: "older", otherwise: false, again, work: fillStart }),
    openEnd: (again) => reads.page({ side: "newer", otherwise: false, again, work: fillEnd }),
    openAt,
    following,
    setFollowing: (change) => void setFollowing(change),
    reload: () => void setAsked((count) => count + 1),
  };
}

/** Of all attempts, the last line that the server has sent or named. */
interface PassedLine {
  readonly attempt: number;
  readonly cursor: string;
}

function lastOf(edges: readonly LogEdge[]): PassedLine | null {
  const last = edges.at(-1);
  return last === undefined ? null : { attempt: last.node.attempt, cursor: last.cursor };
}
