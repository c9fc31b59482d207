import { plural } from "../i18n/plural.ts";

export const words = {
  live: {
    title: "Live",
    goes: "Go to live output",
    count: (tasks: number, runs: number) =>
      tasks === 0
        ? "nothing is running"
        : `${plural(tasks, "task", "tasks")} in ${plural(runs, "run", "runs")}`,
    tasks: (count: number) => plural(count, "task", "tasks"),
    missing: (count: number) => `${plural(count, "line", "lines")} not shown here`,
    more: (count: number) => `Only ${count} of the running tasks are shown`,
    emptyTitle: "Nothing is running",
    emptyText: "As soon as a task starts, its latest output appears here.",
    noMatchTitle: "No running task matches",
    noMatchText: "Only what is selected above is shown; other containers may be running.",
    toContainers: "Run a container",
    toLogs: "Search past output",
    putAway: (count: number) => `Hide ${count} ended`,
    fold: "Collapse all",
    unfold: "Expand all",
    startedAt: (time: string) => `started ${time},`,
    cancelAll: "Cancel all runs",
    cancelAllTitle: "Cancel all runs?",
    cancelAllText:
      "Every run that is running or queued is cancelled, and the processes of its tasks are stopped.",
    cancelSelectedText:
      "Every run of what is selected above that is running or queued is cancelled, and the processes of its tasks are stopped.",
    cancelledAll: (count: number) => `${plural(count, "run is", "runs are")} being cancelled`,
    keepRunning: "Keep running",
    foldAll: "Collapse or expand all",
    foldOne: (name: string) => `Output of ${name}`,
    project: "Project",
    anyProject: "All projects",
  },
};
