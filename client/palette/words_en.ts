export const words = {
  palette: {
    open: "Go to or do anything",
    title: "Go to a page, a container or a run, or do something",
    placeholder: "Type a name or what you want to do",
    pages: "Pages",
    containers: "Containers",
    runs: "Newest runs",
    actions: "Actions",
    none: (text: string) => `Nothing is called like "${text}"`,
  },
};
