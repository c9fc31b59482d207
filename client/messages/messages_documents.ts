import { graphql } from "../graphql/tada.ts";

export const MessageRowFragment = graphql(`
  fragment MessageRow on Message {
    id
    at
    kind
    containerName
    container { id }
    run { id state }
    actor { displayName }
    text
    textKey
    textValues
    read
  }
`);

export const MessagesDocument = graphql(
  `
  query Messages($first: Int, $after: String, $last: Int, $before: String, $unreadOnly: Boolean) {
    messages(first: $first, after: $after, last: $last, before: $before, unreadOnly: $unreadOnly) {
      edges { cursor node { ...MessageRow } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      unreadCount
    }
  }
`,
  [MessageRowFragment],
);

export const UnreadDocument = graphql(`
  query Unread { messages(first: 0) { unreadCount } }
`);

export const MessageEventsDocument = graphql(
  `
  subscription MessageEvents { messageEvents { ...MessageRow } }
`,
  [MessageRowFragment],
);

export const MarkReadDocument = graphql(`
  mutation MarkMessagesRead($upTo: DateTime!) { markMessagesRead(upTo: $upTo) }
`);
