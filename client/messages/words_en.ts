export const words = {
  inbox: {
    title: "Messages",
    open: (count: number) =>
      count === 0 ? "Messages" : `Messages, ${count >= 1000 ? "1000 or more" : count} unread`,
    markRead: "Mark all as read",
    all: "All messages",
    unread: "unread",
    emptyTitle: "No messages",
    emptyText: "Failed, missed and recovered runs appear here, and changes that others make to containers.",
    by: (name: string) => `by ${name}`,
    show: "Show",
    onlyUnread: "Unread only",
    everything: "Everything",
  },
  messageKinds: {
    RUN_FAILED: "Run failed",
    SLOT_MISSED: "Slots missed",
    RUN_LATE: "Started late",
    RUN_RECOVERED: "Recovered",
    CONTAINER_CHANGED: "Container changed",
  },
};
