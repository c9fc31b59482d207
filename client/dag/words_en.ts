export const words = {
  dag: {
    fit: "Show the whole graph, or its part that matters",
    edit: "Edit the selected task",
    tools: "Tools of the drawing",
    view: "View of the drawing",
    create: "New task after what is selected",
    link: "Let another task wait for the selected one",
    tidy: "Tidy up: lay the graph out anew",
    remove: "Delete what is selected",
    unlink: "Delete the relation",
    relation: "Selected relation",
    starts: "starts when",
    zoomIn: "Closer",
    zoomOut: "Further away",
    selected: (count: number) => `${count} selected`,
    waitsFor: (name: string, others: string) => `${name}, waits for ${others}`,
    linking: (name: string) =>
      `Which task shall wait for ${name}? Click it, or choose with the arrow keys and press Enter. Escape ends it.`,
    linkTo: (from: string, to: string) => `Enter: ${to} waits for ${from}`,
    linkNeeds: "Select one task first",
    cycle: (path: string) => `That would be a circle: ${path}`,
    keys:
      "Arrow keys go from task to task, with Shift they add to the selection, with Ctrl they move what is selected. Enter edits, Delete deletes, N adds a task, L links, T tidies up, F shows the whole graph, plus and minus zoom, Ctrl-A selects all. The list beside it says the same.",
  },
  dagRefusals: { self: "A task cannot wait for itself", present: "It waits for this task already" },
  alignments: {
    left: "Align left edges",
    top: "Align top edges",
    spreadRight: "Spread evenly across",
    spreadDown: "Spread evenly downwards",
  },
  edges: { SUCCESS: "", FAILURE: "on failure", ALWAYS: "always" },
};
