/**
 * YAML as it is written: nodes with their places, so that every fault names its line and column. Which type a value has
 * is for the field to say, not for YAML: `on`, `12:30` and `0644` are texts where a text is wanted.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from "yaml";
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { DefinitionFile, FileFault } from "./interface.ts";

/** Aliases that one document may use: each may stand for many nodes. */
const MAX_ALIASES = 50;

export type { Node } from "yaml";

export interface Entry {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | null;
}

/** One document of a file. What is wrong is gathered and never thrown, so that all of it is told at once. */
export interface OpenDocument {
  readonly path: string;
  readonly root: Node | null;
  fault(node: Node | null, message: Sentence): void;
  /** Null, with a fault, when it is no map. */
  entries(node: Node | null, parent: Node | null): readonly Entry[] | null;
  items(node: Node | null): readonly (Node | null)[] | null;
  /** Of a scalar: as it was written. Undefined when it is none. */
  text(node: Node | null): string | null | undefined;
  /** Of a scalar: as YAML reads it. Undefined when it is none. */
  value(node: Node | null): unknown;
  placeOf(node: Node | null): { readonly line: number; readonly column: number };
}

export function openDocuments(
  { path, text }: DefinitionFile,
  faults: FileFault[],
): readonly OpenDocument[] {
  const lines = new LineCounter();
  const parsed = parse(text, lines);
  if (parsed === null) {
    faults.push({ path, line: 1, column: 1, message: say("FILE_NESTED") });
    return [];
  }
  return parsed.flatMap((document) => {
    for (const { pos: [offset], message } of [...document.errors, ...document.warnings]) {
      const place = lines.linePos(offset);
      faults.push({ path, line: place.line, column: place.col, message: say("TEXT", { text: message }) });
    }
    const broken = document.errors.length + document.warnings.length > 0;
    return broken || document.contents === null ? [] : [openDocument(path, document, lines, faults)];
  });
}

function parse(text: string, lineCounter: LineCounter): readonly Document.Parsed[] | null {
  try {
    const documents = parseAllDocuments(text, {
      lineCounter,
      prettyErrors: false,
      schema: "core",
      version: "1.2",
      uniqueKeys: true,
      logLevel: "silent",
    });
    return "empty" in documents ? [] : documents;
  } catch (error) {
    // Nested deeper than the reader can follow.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function openDocument(
  path: string,
  document: Document.Parsed,
  lines: LineCounter,
  faults: FileFault[],
): OpenDocument {
  let aliases = 0;
  const placeOf = (node: Node | null): { line: number; column: number } => {
    const { line, col } = lines.linePos((node ?? document.contents)?.range?.[0] ?? 0);
    return { line, column: col };
  };
  const fault = (node: Node | null, message: Sentence): void => {
    faults.push({ path, ...placeOf(node), message });
  };
  const resolve = (node: Node | null): Node | null => {
    if (!isAlias(node)) return node;
    aliases += 1;
    if (aliases === MAX_ALIASES + 1) fault(node, say("FILE_ALIASES", { most: MAX_ALIASES }));
    return aliases > MAX_ALIASES ? null : node.resolve(document) ?? null;
  };
  return {
    path,
    root: document.contents,
    fault,
    placeOf,
    entries(given, parent): readonly Entry[] | null {
      const node = resolve(given);
      if (!isMap(node)) {
        fault(given ?? parent, say("FILE_NO_MAP"));
        return null;
      }
      return node.items.flatMap((pair) => {
        const keyNode = pair.key as Node;
        const key = isScalar(keyNode) ? textOfScalar(keyNode) : null;
        if (key === null) {
          fault(keyNode, say("FILE_KEY"));
          return [];
        }
        return [{ key, keyNode, value: pair.value as Node | null }];
      });
    },
    items(given): readonly (Node | null)[] | null {
      const node = resolve(given);
      return isSeq(node) ? node.items as (Node | null)[] : null;
    },
    text(given): string | null | undefined {
      const node = resolve(given);
      if (node === null) return null;
      return isScalar(node) ? textOfScalar(node) : undefined;
    },
    value(given): unknown {
      const node = resolve(given);
      if (node === null) return null;
      return isScalar(node) ? node.value : undefined;
    },
  };
}

function textOfScalar(node: { readonly value: unknown; readonly source?: string }): string | null {
  if (node.value === null) return null;
  return typeof node.value === "string" ? node.value : node.source ?? String(node.value);
}
