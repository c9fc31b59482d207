/** A change by one press: its refusal is told, and what is shown is read again. */
import { type AnyVariables, type TypedDocumentNode, useClient } from "@urql/solid";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices } from "../lib/services.ts";

type Act = <Data extends object, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data | null>;

/** Answers what was asked for, or null when it was refused. Every mutation here has one field. */
export function createAct(changed: () => void): Act {
  const client = useClient();
  const { toasts } = useServices();
  return async (document, variables) => {
    const result = await client.mutation(document, variables);
    const [member] = Object.values(result.data ?? {});
    // A result union, as all mutations answer with.
    const outcome = readOutcome(result, member as { readonly __typename?: string } | undefined);
    changed();
    if (outcome.kind === "done") return result.data ?? null;
    toasts.bad(refusalReason(outcome.refusal.message));
    return null;
  };
}
