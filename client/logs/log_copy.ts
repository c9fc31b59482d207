/** An output as plain text, read page by page: for the clipboard, which cannot take more than so much. */
import { plainText } from "./ansi.ts";
import type { LineRange } from "./line_link.ts";
import type { LogReader } from "./log_reader.ts";

const COPIED_CHARACTERS = 20 * 1024 * 1024;
const PAGE_LINES = 5000;

/** Null when it is too much. */
export async function readAllText(reader: LogReader, attempt: number | null): Promise<string | null> {
  return await readText(reader, attempt, null, Infinity);
}

export async function readLinesText(reader: LogReader, range: LineRange): Promise<string | null> {
  const { attempt, first, last } = range;
  const after = await reader.cursorOf({ attempt, seq: first - 1 });
  return await readText(reader, attempt, after, last - first + 1);
}

async function readText(
  reader: LogReader,
  attempt: number | null,
  start: string | null,
  most: number,
): Promise<string | null> {
  const texts: string[] = [];
  let characters = 0;
  for (let after = start; texts.length < most;) {
    const page = await reader.page({ attempt, first: Math.min(PAGE_LINES, most - texts.length), after });
    for (const { node } of page.edges) {
      const text = plainText(node.text);
      characters += text.length + 1;
      texts.push(text);
    }
    if (characters > COPIED_CHARACTERS) return null;
    after = page.edges.at(-1)?.cursor ?? null;
    if (!page.hasNextPage || after === null) break;
  }
  return texts.map((text) => `${text}\n`).join("");
}

/** Where the server gives an output as a file: of one attempt, or of all. */
export function downloadAddress(
  of: { readonly taskRunId: string; readonly attemptId: string | null },
  format: "text" | "ndjson",
): string {
  const [kind, id] = of.attemptId === null ? ["task-runs", of.taskRunId] : ["attempts", of.attemptId];
  return `/download/${kind}/${encodeURIComponent(id)}?format=${format}`;
}
