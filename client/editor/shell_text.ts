/**
 * Which characters of a shell script are code, and which only stand in quotes, comments and here-documents. No parser:
 * it knows just enough that a rule does not take text for commands.
 */

export type Context = "code" | "single" | "double" | "comment" | "heredoc";

export interface ShellText {
  readonly text: string;
  readonly contextAt: (index: number) => Context;
  /** The text with everything that is no code made a mark of the same length; line ends stay. */
  readonly code: string;
  /** The same, but for double quotes, in which variables count. */
  readonly expanded: string;
  /** Where a quote begins that is never closed; null when all are. */
  readonly unclosedAt: number | null;
}

/** Stands for a character that is no code. */
export const MARK = "\u0001";

export function scanShell(text: string): ShellText {
  const contexts: Context[] = new Array<Context>(text.length).fill("code");
  const unclosedAt = markContexts(text, contexts);
  const keep = (kept: (context: Context) => boolean): string =>
    [...splitUnits(text)].map((unit, index) => unit === "\n" || kept(contexts[index] ?? "code") ? unit : MARK)
      .join("");
  return {
    text,
    contextAt: (index) => contexts[index] ?? "code",
    code: keep((context) => context === "code"),
    expanded: keep((context) => context === "code" || context === "double"),
    unclosedAt,
  };
}

/** Where a line begins, counted from 1, and the place within it are told to people. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** Code units, not characters: places in an editor are counted so. */
function* splitUnits(text: string): Generator<string> {
  for (let index = 0; index < text.length; index++) yield text[index] ?? "";
}

function markContexts(text: string, contexts: Context[]): number | null {
  const heredocs: { readonly word: string; readonly indented: boolean }[] = [];
  let index = 0;
  while (index < text.length) {
    const unit = text[index];
    if (unit === "\\") {
      index += 2;
    } else if (unit === "'" || unit === '"') {
      const end = quoteEnd(text, index);
      contexts.fill(unit === "'" ? "single" : "double", index, (end ?? text.length - 1) + 1);
      if (end === null) return index;
      index = end + 1;
    } else if (unit === "#" && startsComment(text, index)) {
      const end = lineEnd(text, index);
      contexts.fill("comment", index, end);
      index = end;
    } else if (unit === "<") {
      const heredoc = /^<<(-?)\s*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([\w.-]+))/.exec(
        text.slice(index, index + 200),
      );
      if (heredoc !== null && text[index + 2] !== "<") {
        heredocs.push({ word: heredoc[2] ?? heredoc[3] ?? heredoc[4] ?? "", indented: heredoc[1] === "-" });
      }
      // Three of them are a here-string, which has no body.
      index += heredoc?.[0].length ?? /^<+/.exec(text.slice(index))?.[0].length ?? 1;
    } else if (unit === "\n" && heredocs.length > 0) {
      index = skipHeredocs(text, index + 1, heredocs.splice(0), contexts);
    } else {
      index++;
    }
  }
  return null;
}

/** The place of the closing quote; null when there is none. Between double quotes a backslash escapes. */
function quoteEnd(text: string, start: number): number | null {
  const quote = text[start];
  for (let index = start + 1; index < text.length; index++) {
    if (quote === '"' && text[index] === "\\") index++;
    else if (text[index] === quote) return index;
  }
  return null;
}

function startsComment(text: string, index: number): boolean {
  return index === 0 || /[\s;&|()]/.test(text[index - 1] ?? "");
}

function lineEnd(text: string, index: number): number {
  const end = text.indexOf("\n", index);
  return end === -1 ? text.length : end;
}

function skipHeredocs(
  text: string,
  start: number,
  heredocs: readonly { readonly word: string; readonly indented: boolean }[],
  contexts: Context[],
): number {
  let index = start;
  for (const { word, indented } of heredocs) {
    while (index < text.length) {
      const end = lineEnd(text, index);
      const line = text.slice(index, end).replace(/\r$/, "");
      contexts.fill("heredoc", index, end);
      index = Math.min(text.length, end + 1);
      if ((indented ? line.replace(/^\t+/, "") : line) === word) break;
    }
  }
  return index;
}
