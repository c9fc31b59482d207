/** Asking for a run by hand: shown as requested from the press of the button until the server has answered. */
import { useClient } from "@urql/solid";
import { createSignal } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices } from "../lib/services.ts";
import { TriggerRunDocument } from "./containers_documents.ts";
import type { RunRowData } from "./containers_state.ts";

export interface RunRequests {
  readonly requested: (containerId: string) => boolean;
  /** The run, or null when it was refused; why is told in a toast. */
  readonly request: (containerId: string) => Promise<RunRowData | null>;
}

export function createRunRequests(): RunRequests {
  const client = useClient();
  const { toasts } = useServices();
  const [asked, setAsked] = createSignal<ReadonlySet<string>>(new Set());
  const request = async (containerId: string): Promise<RunRowData | null> => {
    if (asked().has(containerId)) return null;
    setAsked((ids) => new Set([...ids, containerId]));
    const result = await client.mutation(TriggerRunDocument, { containerId });
    setAsked((ids) => new Set([...ids].filter((id) => id !== containerId)));
    const outcome = readOutcome(result, result.data?.triggerRun);
    if (outcome.kind === "done") return outcome.value;
    toasts.bad(refusalReason(outcome.refusal.message));
    return null;
  };
  return { requested: (containerId) => asked().has(containerId), request };
}
