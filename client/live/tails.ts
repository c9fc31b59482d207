/** Brings the lines of one stream to the tasks that show them. */
import { createContext, useContext } from "solid-js";
import type { ResultOf } from "../graphql/tada.ts";
import type { LogLine } from "../logs/log_state.ts";
import type { LiveLinesDocument } from "./live_documents.ts";

type LiveLine = ResultOf<typeof LiveLinesDocument>["liveLog"][number];
type Listener = (lines: readonly LogLine[]) => void;

export interface Tails {
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
  return {
    deliver: (lines) => {
      const byTask = Map.groupBy(lines, ({ taskRun }) => taskRun.id);
      for (const [taskRunId, written] of byTask) listeners.get(taskRunId)?.(written);
    },
    listen: (taskRunId, listener) => {
      listeners.set(taskRunId, listener);
      return () => void listeners.delete(taskRunId);
    },
  };
}
