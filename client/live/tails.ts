/** Brings the lines of one stream to the tasks that show them. */
import { type Accessor, createContext, createSignal, useContext } from "solid-js";
import type { ResultOf } from "../graphql/tada.ts";
import type { LogLine } from "../logs/log_state.ts";
import type { LiveLinesDocument } from "./live_documents.ts";

type LiveLine = ResultOf<typeof LiveLinesDocument>["liveLog"][number];
type Listener = (lines: readonly LogLine[]) => void;

export interface Tails {
  /** The stream has begun, again after each lost connection: what is stored now and what comes miss no line. */
  readonly begun: Accessor<number>;
  readonly deliver: (lines: readonly LiveLine[]) => void;
  /** Answers how to leave again. */
  readonly listen: (taskRunId: string, listener: Listener) => () => void;
}

const TailsContext = createContext<Tails>();
export const TailsProvider = TailsContext.Provider;

export function useTails(): Tails {
  const tails = useContext(TailsContext);
  if (tails === undefined) throw new Error("Tails are used outside their provider");
  return tails;
}

export function createTails(): Tails {
  const listeners = new Map<string, Listener>();
  const [begun, setBegun] = createSignal(0);
  return {
    begun,
    deliver: (lines) => {
      if (lines.length === 0) setBegun((count) => count + 1);
      const byTask = Map.groupBy(lines, ({ taskRun }) => taskRun.id);
      for (const [taskRunId, written] of byTask) listeners.get(taskRunId)?.(written);
    },
    listen: (taskRunId, listener) => {
      listeners.set(taskRunId, listener);
      return () => void listeners.delete(taskRunId);
    },
  };
}
