/** Log lines: the log centre, one task run's output, and their removal. */
import { linePageCost, pageArguments, searchText, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { connectionType, edgeType } from "./connections.ts";
import type { LogFilter, LogPage, LogRow, PageRequest } from "../../server/domain/logs/interface.ts";
import { LogStreamEnum } from "./enums.ts";
import { resultUnion } from "./errors.ts";
import { decodeOptionalId } from "../ids.ts";
import { LINE_PAGE, type Page, type PageArguments, readPageRequest } from "./pages.ts";

/** A line, and its task run as far as it is known: rows of one page share the object, so that it is read once. */
export interface Line extends LogRow {
  readonly taskRun: { readonly id: number };
}

export const LogLine = builder.objectRef<Line>("LogLine").implement({
  description: "A line an attempt wrote, or that the system added (SYSTEM).",
  fields: (t) => ({
    attempt: t.exposeInt("attempt", { description: "Number of the attempt that wrote it, from 1." }),
    seq: t.exposeInt("seq", { description: "Position of this line in its attempt; grows by one." }),
    at: t.expose("at", { type: "DateTime", description: "When it was read from the process." }),
    stream: t.expose("stream", { type: LogStreamEnum, description: "Who wrote it." }),
    text: t.exposeString("text", {
      description:
        "Without the line end. Bytes that are not UTF-8, and NUL, are replaced by U+FFFD. ANSI colours are kept.",
    }),
    partial: t.boolean({
      description:
        "True for a line that is not complete yet, which only a subscription gives that asks for it: the next line of the same attempt and stream replaces it, its seq may change, and its text is the last 4 KiB; an empty text removes it. False for every stored line.",
      resolve: ({ partial }) => partial === true,
    }),
  }),
});

export const LogLineEdge = edgeType(LogLine, "LogLine");
export const LogLineConnection = connectionType(
  LogLine,
  "LogLine",
  "Lines of log; only the field says in which order.",
  LogLineEdge,
);

const LogFilterInput = builder.inputType("LogFilter", {
  description: "Which lines; everything that is given must hold. Null or left out: does not restrict.",
  fields: (t) => ({
    project: t.string({ description: "Slug of the project." }),
    containerId: t.id({ description: "Lines of this container's runs." }),
    taskId: t.id({ description: "Lines of this task, in every run." }),
    runId: t.id({ description: "Lines of this run." }),
    taskRunId: t.id({ description: "Lines of this task run." }),
    attempt: t.int({ description: "Lines of attempts with this number, from 1." }),
    streams: t.field({ type: [LogStreamEnum], description: "Lines of these streams." }),
    from: t.field({ type: "DateTime", description: "Lines at or after this instant." }),
    to: t.field({ type: "DateTime", description: "Lines before this instant." }),
    contains: t.string({ description: "Substring, case-insensitive." }),
  }),
});

const DeletedLogsPayload = builder.objectRef<{ readonly deletedLines: number }>("DeletedLogsPayload")
  .implement({
    description: "The lines are gone.",
    fields: (t) => ({ deletedLines: t.exposeInt("deletedLines", { description: "How many lines went." }) }),
  });
const DeleteLogsResult = resultUnion(
  "DeleteLogsResult",
  DeletedLogsPayload,
  ["InvalidInputError", "ForbiddenError"],
  "How much is gone, or why everything stays.",
);

builder.queryField("logs", (t) =>
  t.field({
    type: LogLineConnection,
    description: "The log centre: newest first, over all runs.",
    complexity: linePageCost,
    args: {
      ...pageArguments(t.arg, LINE_PAGE),
      filter: t.arg({ type: LogFilterInput, required: true, description: "Which lines." }),
    },
    resolve: (_root, { filter, ...page }, { app, visible, readLines }) =>
      linePage(page, (request) => readLines(() => app.logs.search(visible, readFilter(filter), request))),
  }));

builder.mutationField("deleteLogs", (t) =>
  t.field({
    type: DeleteLogsResult.type,
    description:
      "Removes output. Whole attempts only: contains and streams are INVALID_INPUT here, and so is an empty filter. Attempts that run are left.",
    args: { filter: t.arg({ type: LogFilterInput, required: true, description: "Whose lines." }) },
    resolve: (_root, { filter }, context) =>
      DeleteLogsResult.answer([], async () => {
        const input = { filter: readFilter(filter) };
        return { deletedLines: await context.app.logs.remove(viewerOf(context), input) };
      }),
  }));

/** A page of lines in the order that `read` gives them. */
export async function linePage(
  page: PageArguments,
  read: (request: PageRequest) => Promise<LogPage>,
): Promise<Page<Line>> {
  const request = readPageRequest(page, LINE_PAGE);
  // The log's own code reads one line at least; an empty page still tells whether there is any.
  const empty = request.first === 0 || request.last === 0;
  const { rows, hasNextPage, hasPreviousPage } = await read(
    empty ? { ...request, ...(request.first === 0 ? { first: 1 } : { last: 1 }) } : request,
  );
  const lines = toLines(rows);
  return {
    edges: empty ? [] : lines.map((node) => ({ cursor: node.cursor, node })),
    hasNextPage: () => hasNextPage || (request.first === 0 && rows.length > 0),
    hasPreviousPage: () => hasPreviousPage || (request.last === 0 && rows.length > 0),
  };
}

export function toLines(rows: readonly LogRow[]): readonly Line[] {
  const taskRuns = new Map<number, { readonly id: number }>();
  return rows.map((row) => {
    const taskRun = taskRuns.get(row.taskRunId) ?? { id: row.taskRunId };
    taskRuns.set(row.taskRunId, taskRun);
    return { ...row, taskRun };
  });
}

function readFilter(filter: typeof LogFilterInput.$inferInput): LogFilter {
  return {
    ...filter,
    project: searchText(filter.project, ["filter", "project"]),
    contains: searchText(filter.contains, ["filter", "contains"]),
    containerId: decodeOptionalId("Container", filter.containerId),
    taskId: decodeOptionalId("Task", filter.taskId),
    runId: decodeOptionalId("Run", filter.runId),
    taskRunId: decodeOptionalId("TaskRun", filter.taskRunId),
  };
}
