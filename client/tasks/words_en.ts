import { plural } from "../i18n/plural.ts";

export const words = {
  taskPage: {
    title: "Tasks",
    goes: "Go to the tasks of all containers",
    count: (count: number) => plural(count, "task", "tasks"),
    all: "Tasks of all containers",
    searchCommands: "Search in commands",
    searchIn: "Where to search",
    inNames: "In names",
    inCommands: "In commands",
    filters: "Filter",
    task: "Task",
    command: "Command",
    limit: "Time limit",
    noLimit: "none",
    enable: (name: string) => `Enable "${name}"`,
    runNow: (name: string) => `Run "${name}" alone, without what it waits for`,
    emptyTitle: "No task matches",
    emptyText: "Tasks are created on the page of their container.",
  },
};
