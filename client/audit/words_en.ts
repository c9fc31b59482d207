export const words = {
  audit: {
    title: "Audit",
    goes: "Go to the audit log",
    lead:
      "Who changed or started what, from where. Entries cannot be changed; they are deleted after their retention.",
    at: "Time",
    who: "Who",
    action: "Action",
    subject: "Subject",
    changes: "Changes",
    actionFilter: "Action begins with",
    from: "From",
    to: "To",
    download: "Download",
    nothing: "none",
    emptyTitle: "No entries",
    emptyText: "Nothing matches the filter, or nothing was done yet.",
    sources: { AGENT: "agent", API: "API token", CONSOLE: "session", SERVER: "server" },
  },
};
