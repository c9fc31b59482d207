/** A page of messages that is read again whenever a message comes or some were marked. */
import { type Accessor, createEffect, on } from "solid-js";
import { createLiveQuery, type LiveQuery } from "../graphql/live_query.ts";
import type { ResultOf } from "../graphql/tada.ts";
import type { PageVariables } from "../lib/paging.ts";
import { createThrottle } from "../lib/throttle.ts";
import { useInbox } from "./inbox.ts";
import { MessagesDocument } from "./messages_documents.ts";

/** A storm of messages is one page of them now and then. */
const REREAD_MS = 1_000;

export function createMessageList(
  variables: Accessor<PageVariables & { readonly unreadOnly: boolean }>,
): LiveQuery<ResultOf<typeof MessagesDocument>> {
  const inbox = useInbox();
  const list = createLiveQuery({ document: MessagesDocument, variables });
  const reread = createThrottle(list.refetch, REREAD_MS);
  createEffect(on(inbox.changes, reread, { defer: true }));
  return list;
}
