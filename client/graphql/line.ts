/**
 * What carries subscriptions: a connection to the server in single-connection mode. It ends with its first fault; whether
 * there is another one is decided by who opened it.
 */
import { createClient, type ExecutionResult } from "graphql-sse";
import { BASE_PATH } from "../lib/base_path.ts";
import { requestHeaders } from "./client.ts";

const STREAM_URL = `${BASE_PATH}/graphql/stream`;

export interface LineRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

export type LineResult = ExecutionResult<Record<string, unknown>, unknown>;

export interface LineSink {
  readonly next: (result: LineResult) => void;
  readonly complete: () => void;
  /** The line is lost, with all that it carries. */
  readonly error: () => void;
}

export interface LineEvents {
  readonly connected: () => void;
  /** A sign of life. */
  readonly message: () => void;
}

export interface Line {
  /** Answers how to end the subscription. */
  readonly subscribe: (request: LineRequest, sink: LineSink) => () => void;
  /** `dead`: nothing has come over it for so long that nobody else should wait for it either. */
  readonly close: (reason: "left" | "dead") => void;
}

/** A line of one's own. It connects with the first subscription. */
export function openLine(events: LineEvents): Line {
  const client = createClient<true>({
    url: STREAM_URL,
    singleConnection: true,
    retryAttempts: 0,
    // A copy, since the client writes its token into it.
    headers: { ...requestHeaders },
    on: { connected: () => events.connected(), message: () => events.message() },
  });
  return {
    subscribe: ({ query, variables }, sink) =>
      client.subscribe<Record<string, unknown>, unknown>({ query, variables }, sink),
    close: () => client.dispose(),
  };
}
