/**
 * The answer to a question that changes while it is asked, such as a preview of what somebody types: it comes with the
 * question that it belongs to, and stays until there is a newer one.
 */
import { type AnyVariables, type CombinedError, type TypedDocumentNode, useClient } from "@urql/solid";
import { type Accessor, createEffect, createSignal, onCleanup } from "solid-js";

export interface Answer<Data, Variables> {
  readonly data: Data;
  readonly variables: Variables;
}

export interface Question<Data, Variables> {
  readonly answer: Accessor<Answer<Data, Variables> | undefined>;
  readonly error: Accessor<CombinedError | undefined>;
  readonly reading: Accessor<boolean>;
}

/** Asks whenever the variables change; null asks nothing. */
export function createQuestion<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Accessor<Variables | null>,
): Question<Data, Variables> {
  const client = useClient();
  const [answer, setAnswer] = createSignal<Answer<Data, Variables>>();
  const [error, setError] = createSignal<CombinedError>();
  const [reading, setReading] = createSignal(false);
  createEffect(() => {
    const asked = variables();
    setError(undefined);
    setReading(asked !== null);
    if (asked === null) return;
    const { unsubscribe } = client.query(document, asked, { requestPolicy: "network-only" }).subscribe(
      ({ data, error }) => {
        setReading(false);
        setError(() => error);
        if (data !== undefined && data !== null) setAnswer(() => ({ data, variables: asked }));
      },
    );
    onCleanup(unsubscribe);
  });
  return { answer, error, reading };
}
