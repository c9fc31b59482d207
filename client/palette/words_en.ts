export const words = {
  palette: {
    open: "Search or run a command",
    title: "Go to a page, a container or a run, or run a command",
    placeholder: "Type a name or a command",
    pages: "Pages",
    containers: "Containers",
    runs: "Newest runs",
    actions: "Actions",
    none: (text: string) => `No results for "${text}"`,
  },
};
