export const words = {
  dag: {
    fit: "Fit the graph",
    edit: "Edit the selected task",
    tools: "Graph tools",
    view: "Graph view",
    create: "New task after the selection",
    link: "Make another task wait for the selected one",
    tidy: "Arrange the graph automatically",
    remove: "Delete the selection",
    unlink: "Delete the relation",
    relation: "Selected relation",
    starts: "starts when",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    selected: (count: number) => `${count} selected`,
    waitsFor: (name: string, others: string) => `${name}, waits for ${others}`,
    linking: (name: string) =>
      `Which task should wait for ${name}? Click it, or choose with the arrow keys and press Enter. Escape cancels.`,
    linkTo: (from: string, to: string) => `Enter: ${to} waits for ${from}`,
    linkNeeds: "Select one task first",
    cycle: (path: string) => `This would create a cycle: ${path}`,
    keys:
      "Arrow keys go from task to task, with Shift they add to the selection, with Ctrl they move what is selected. Enter edits, Delete deletes, N adds a task, L links, T arranges the graph, F shows the whole graph, plus and minus zoom, Ctrl-A selects all. The list beside it shows the same tasks.",
  },
  dagRefusals: { self: "A task cannot wait for itself", present: "It already waits for this task" },
  alignments: {
    left: "Align left edges",
    top: "Align top edges",
    spreadRight: "Spread evenly across",
    spreadDown: "Spread evenly downwards",
  },
  edges: { SUCCESS: "", FAILURE: "on failure", ALWAYS: "always" },
};
