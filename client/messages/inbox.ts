/** How many messages are unread, for the bell and for whoever shows them: one count for the whole page. */
import { useClient } from "@urql/solid";
import { type Accessor, createContext, createSignal, useContext } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import { faultMessage } from "../graphql/refusals.ts";
import { createStream } from "../graphql/streams.ts";
import { useServices } from "../lib/services.ts";
import { MarkReadDocument, MessageEventsDocument, UnreadDocument } from "./messages_documents.ts";

export interface Inbox {
  readonly unread: Accessor<number>;
  /** Grows with every message that comes, and when messages were marked: whoever lists them reads again. */
  readonly changes: Accessor<number>;
  /** Marks everything up to that instant. */
  readonly markRead: (upTo: string) => Promise<void>;
}

const InboxContext = createContext<Inbox>();
export const InboxProvider = InboxContext.Provider;

export function useInbox(): Inbox {
  const inbox = useContext(InboxContext);
  if (inbox === undefined) throw new Error("The inbox is used outside its provider");
  return inbox;
}

export function createInbox(): Inbox {
  const client = useClient();
  const { toasts } = useServices();
  const [changes, setChanges] = createSignal(0);
  const count = createLiveQuery({ document: UnreadDocument, variables: () => ({}) });
  createStream({
    document: MessageEventsDocument,
    variables: () => ({}),
    next: ({ messageEvents }) => {
      count.change((data) => {
        data.messages.unreadCount += messageEvents.filter(({ read }) => !read).length;
      });
      setChanges((number) => number + 1);
    },
  });
  return {
    unread: () => count.data?.messages.unreadCount ?? 0,
    changes,
    markRead: async (upTo) => {
      const { error } = await client.mutation(MarkReadDocument, { upTo });
      if (error !== undefined) toasts.bad(faultMessage(error));
      count.refetch();
      setChanges((number) => number + 1);
    },
  };
}
