/**
 * All subscriptions of the page over one line. Losing it, noticing that it is dead and coming back is decided here,
 * because a console has to come back for ever, with cursors moved on meanwhile.
 *
 *   open -> connecting -> live --(error, silence, server gone)--> down --(backoff, "online")--> live
 *                          live --(hidden for 30 s, or put away)--> paused --(seen)--> live
 *
 * Whenever it becomes live `resumed` grows: whoever shows a list reads it again, since events before are lost.
 */
import { stringifyDocument, type TypedDocumentNode } from "@urql/core";
import {
  type Accessor,
  createContext,
  createEffect,
  createSignal,
  onCleanup,
  untrack,
  useContext,
} from "solid-js";
import { createFrameQueue } from "./frame_queue.ts";
import type { Line, LineEvents, LineResult } from "./line.ts";
import { HIDDEN_MS, type LinkState, lostLink, retryDelayMs, streamIsSilent } from "./streams_state.ts";
import { graphql } from "./tada.ts";

/** How often silence and lost connections are looked for. */
const WATCH_MS = 5_000;

const HeartbeatDocument = graphql(`subscription Heartbeat { heartbeat }`);

export interface StreamRequest<Data, Variables> {
  readonly document: TypedDocumentNode<Data, Variables>;
  /** Asked again at every connection, so that a cursor moves on. */
  readonly variables: () => Variables;
  /** Called inside a frame's batch. */
  readonly next: (data: Data) => void;
  /** The server has said all there is to say. */
  readonly ended?: () => void;
}

export interface Streams {
  readonly link: Accessor<LinkState>;
  readonly resumed: Accessor<number>;
  readonly open: <Data, Variables>(request: StreamRequest<Data, Variables>) => () => void;
  /** Keeps the stream though nobody looks, until the answer is called. */
  readonly hold: () => () => void;
  readonly close: () => void;
}

export interface StreamsOptions {
  readonly openLine: (events: LineEvents) => Line;
  readonly clock: () => number;
  readonly random: () => number;
  readonly page: Document;
  /** Called when the stream is lost or refused: the session may be over. */
  readonly lost: () => void;
}

const StreamsContext = createContext<Streams>();
export const StreamsProvider = StreamsContext.Provider;

/** Subscribes while the calling owner lives; again whenever the variables change; not while they are null. */
export function createStream<Data, Variables>(
  request: Omit<StreamRequest<Data, Variables>, "variables"> & { readonly variables: () => Variables | null },
): void {
  const streams = useStreams();
  createEffect(() => {
    const first = request.variables();
    if (first === null) return;
    const close = streams.open({ ...request, variables: () => untrack(request.variables) ?? first });
    onCleanup(close);
  });
}

export function useStreams(): Streams {
  const streams = useContext(StreamsContext);
  if (streams === undefined) throw new Error("Streams are used outside their provider");
  return streams;
}

/** One subscription of the page, whatever becomes of the connection that carries it. */
interface Entry {
  readonly query: string;
  readonly variables: () => Record<string, unknown>;
  readonly next: (data: unknown) => void;
  readonly ended: () => void;
  /** Leaves the connection of now. */
  leave: () => void;
}

export function openStreams(options: StreamsOptions): Streams {
  const { clock, page } = options;
  const [link, setLink] = createSignal<LinkState>({ state: "connecting", since: clock() });
  const [resumed, setResumed] = createSignal(0);
  const entries = new Set<Entry>();
  const frames = createFrameQueue(page);
  let connection: Line | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let holds = 0;
  let lastMessageAt = clock();

  const heartbeat: Entry = {
    query: stringifyDocument(HeartbeatDocument),
    variables: () => ({}),
    next: () => (attempt = 0),
    ended: () => lose(),
    leave: () => {},
  };

  const connect = (): void => {
    drop("left");
    lastMessageAt = clock();
    const opened = options.openLine({
      connected: () => {
        lastMessageAt = clock();
        if (opened === connection) welcome();
      },
      message: () => (lastMessageAt = clock()),
    });
    connection = opened;
    for (const entry of [heartbeat, ...entries]) join(opened, entry);
  };

  const welcome = (): void => {
    setLink({ state: "live", since: clock() });
    setResumed((count) => count + 1);
  };

  const join = (line: Line, entry: Entry): void => {
    entry.leave = line.subscribe({ query: entry.query, variables: entry.variables() }, {
      next: (result) => {
        if (line === connection) deliver(entry, result);
      },
      complete: () => {
        if (line === connection && (entry === heartbeat || entries.delete(entry))) {
          frames.push(() => entry.ended());
        }
      },
      error: () => {
        if (line === connection) lose();
      },
    });
  };

  const deliver = (entry: Entry, result: LineResult): void => {
    if (result.errors !== undefined) options.lost();
    if (result.data !== undefined && result.data !== null) frames.push(() => entry.next(result.data));
  };

  const lose = (reason: "left" | "dead" = "left"): void => {
    drop(reason);
    setLink((state) => lostLink(state, lastMessageAt));
    options.lost();
    retryTimer = setTimeout(connect, retryDelayMs(attempt++, options.random()));
  };

  const drop = (reason: "left" | "dead"): void => {
    const dropped = connection;
    connection = null;
    dropped?.close(reason);
    clearTimeout(retryTimer);
  };

  const watchTimer = setInterval(() => {
    if (connection !== null && streamIsSilent(lastMessageAt, clock())) lose("dead");
  }, WATCH_MS);

  const pause = (): void => {
    drop("left");
    setLink({ state: "paused", since: clock() });
  };
  const seenOrHidden = (): void => {
    clearTimeout(hiddenTimer);
    if (page.hidden) {
      if (holds > 0) return;
      hiddenTimer = setTimeout(pause, HIDDEN_MS);
    } else if (connection === null) connect();
  };
  const online = (): void => {
    if (connection === null && !page.hidden) connect();
  };
  page.addEventListener("visibilitychange", seenOrHidden);
  addEventListener("online", online);
  // A page that is left may be put away whole and taken out again by "back": it comes with a line that is dead.
  addEventListener("pagehide", pause);
  addEventListener("pageshow", online);
  connect();

  return {
    link,
    resumed,
    open: (request) => {
      const entry: Entry = {
        query: stringifyDocument(request.document),
        // A document's own variables are a record; TypedDocumentNode does not say so.
        variables: () => request.variables() as Record<string, unknown>,
        // The answer to a document has the document's own type: that is what the server promises.
        next: (data) => request.next(data as Parameters<typeof request.next>[0]),
        ended: () => request.ended?.(),
        leave: () => {},
      };
      entries.add(entry);
      if (connection !== null) join(connection, entry);
      return () => {
        entries.delete(entry);
        entry.leave();
      };
    },
    hold: () => {
      holds += 1;
      clearTimeout(hiddenTimer);
      return () => {
        holds -= 1;
        if (holds === 0 && page.hidden) seenOrHidden();
      };
    },
    close: () => {
      clearInterval(watchTimer);
      clearTimeout(hiddenTimer);
      page.removeEventListener("visibilitychange", seenOrHidden);
      removeEventListener("online", online);
      removeEventListener("pagehide", pause);
      removeEventListener("pageshow", online);
      drop("left");
    },
  };
}
