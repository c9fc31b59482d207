import { plural } from "../i18n/plural.ts";

export const words = {
  live: {
    title: "Live",
    goes: "Go to what runs now",
    count: (tasks: number, runs: number) =>
      tasks === 0 ? "nothing runs" : `${plural(tasks, "task", "tasks")} in ${plural(runs, "run", "runs")}`,
    tasks: (count: number) => plural(count, "task", "tasks"),
    missing: (count: number) =>
      `${count.toLocaleString("en")} ${count === 1 ? "line" : "lines"} not shown here`,
    more: (count: number) => `More is running: ${count} tasks are shown`,
    emptyTitle: "Nothing runs now",
    emptyText: "As soon as a task starts, its last lines appear here while it writes them.",
    noMatchTitle: "Nothing of this runs now",
    noMatchText: "Only what is chosen above is shown; other containers may be at work.",
    toContainers: "Run a container",
    toLogs: "Search past output",
    putAway: (count: number) => `Put away ${count} ended`,
    fold: "Fold all",
    unfold: "Unfold all",
    foldAll: "Fold or unfold everything",
    foldOne: (name: string) => `Output of ${name}`,
    project: "Project",
    anyProject: "Every project",
  },
};
