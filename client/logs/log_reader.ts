/** What the server is asked about one task run's output: pages of it, places in it, lines found in it. */
import type { Client, CombinedError } from "@urql/core";
import { faultMessage } from "../graphql/refusals.ts";
import type { ResultOf, VariablesOf } from "../graphql/tada.ts";
import { AttemptsDocument, FindLinesDocument, LineCursorDocument, LogPageDocument } from "./log_documents.ts";
import { comesAfter, type LinePlace, type LogEdge } from "./log_state.ts";

/** Lines of one millisecond are told apart here: so many of them are looked at. */
const SAME_INSTANT_LINES = 100;

export interface LogPage {
  readonly edges: readonly LogEdge[];
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;
}

export type PageAsked = Omit<VariablesOf<typeof LogPageDocument>, "taskRunId">;
type TaskRunOf<Node> = Extract<Node, { readonly __typename: "TaskRun" }>;
export type LogAttempt = TaskRunOf<ResultOf<typeof AttemptsDocument>["node"]>["attempts"][number];

export interface LogReader {
  readonly page: (asked: PageAsked) => Promise<LogPage>;
  readonly cursorOf: (place: LinePlace) => Promise<string>;
  readonly attempts: () => Promise<readonly LogAttempt[]>;
  /** The nearest line with that text before or behind a line; null when there is none. */
  readonly find: (text: string, attempt: number | null, from: FindFrom) => Promise<LinePlace | null>;
  /** The first line that tells of a failure: of standard error, or else of Orrery itself. */
  readonly firstFault: (attempt: number) => Promise<LinePlace | null>;
}

export interface FindFrom extends LinePlace {
  readonly at: string;
  readonly step: 1 | -1;
}

/**
 * Every function throws with a sentence for people when the server gave no answer; `gone` is the one for an output that
 * is no longer kept.
 */
export function createLogReader(client: Client, taskRunId: string, gone: () => string): LogReader {
  const fault = (error: CombinedError | undefined): Error =>
    new Error(error === undefined ? gone() : faultMessage(error));
  const lines = async (variables: VariablesOf<typeof FindLinesDocument>): Promise<readonly LinePlace[]> => {
    const { data, error } = await client.query(FindLinesDocument, variables);
    if (data === undefined) throw fault(error);
    return data.logs.edges.map(({ node }) => node);
  };
  return {
    page: async (asked) => {
      const { data, error } = await client.query(LogPageDocument, { taskRunId, ...asked });
      if (data?.node?.__typename !== "TaskRun") throw fault(error);
      const { edges, pageInfo } = data.node.log;
      return { edges, ...pageInfo };
    },
    cursorOf: async (place) => {
      const { attempt, seq } = place;
      const { data, error } = await client.query(LineCursorDocument, { taskRunId, attempt, seq });
      if (data?.node?.__typename !== "TaskRun") throw fault(error);
      return data.node.lineCursor;
    },
    attempts: async () => {
      const { data, error } = await client.query(AttemptsDocument, { taskRunId });
      if (data?.node?.__typename !== "TaskRun") throw fault(error);
      return data.node.attempts;
    },
    find: async (contains, attempt, from) => {
      const range = from.step === 1
        ? { filter: { taskRunId, attempt, contains, from: from.at }, last: SAME_INSTANT_LINES }
        : { filter: { taskRunId, attempt, contains, to: justAfter(from.at) }, first: SAME_INSTANT_LINES };
      const found = await lines(range);
      return from.step === 1
        ? found.findLast((place) => comesAfter(place, from)) ?? null
        : found.find((place) => comesAfter(from, place)) ?? null;
    },
    firstFault: async (attempt) => {
      for (const stream of ["STDERR", "SYSTEM"] as const) {
        const [first] = await lines({ filter: { taskRunId, attempt, streams: [stream] }, last: 1 });
        if (first !== undefined) return first;
      }
      return null;
    },
  };
}

/** `to` is exclusive and counts milliseconds. */
function justAfter(at: string): string {
  return new Date(Date.parse(at) + 1).toISOString();
}
