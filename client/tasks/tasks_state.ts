/** What the list of tasks is restricted to, as its address says it. */
import type { VariablesOf } from "../graphql/tada.ts";
import type { TasksDocument } from "./tasks_documents.ts";

export type SearchedPart = "name" | "command";
export const searchedParts: readonly SearchedPart[] = ["name", "command"];

export interface TasksView {
  readonly search: string;
  /** Where the text is looked for. */
  readonly part: SearchedPart;
  readonly enabled: boolean | null;
}

/** Reads the address; what it does not know is passed over. */
export function readTasksView(address: {
  readonly q?: string | undefined;
  readonly in?: string | undefined;
  readonly enabled?: string | undefined;
}): TasksView {
  return {
    search: address.q ?? "",
    part: searchedParts.find((part) => part === address.in) ?? "name",
    enabled: address.enabled === "yes" ? true : address.enabled === "no" ? false : null,
  };
}

/** The view as the server is asked for it. */
export function tasksFilter(
  { search, part, enabled }: TasksView,
): NonNullable<VariablesOf<typeof TasksDocument>["filter"]> {
  return {
    ...(search === "" ? {} : part === "name" ? { nameContains: search } : { commandContains: search }),
    ...(enabled === null ? {} : { enabled }),
  };
}

/** The first line of a command that says something: neither empty nor a comment. */
export function firstLine(command: string): string {
  const lines = command.split("\n").map((line) => line.trim());
  return lines.find((line) => line !== "" && !line.startsWith("#")) ?? lines[0] ?? "";
}
