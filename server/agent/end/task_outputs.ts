/**
 * The values that a task hands to those that wait for it: lines of `key=value`, or `key<<WORD` for several lines up to
 * one that is WORD, in the file that ORRERY_OUTPUT names. Only a task that succeeded hands over anything. Whatever is
 * wrong with the file is told among the task's own lines and costs no task its success.
 */
import { join } from "node:path";
import type { Redactor } from "../output/redactor.ts";
import { isSystemLimit } from "../backoff.ts";
import { readTaskText } from "../spool/task_file.ts";
import { formatList } from "../../lib/list.ts";

export const OUTPUT_VARIABLE = "ORRERY_OUTPUT";
/** Of the whole file: it goes into the database, and into a file for each task that waits. */
export const TASK_OUTPUT_BYTES = 32 * 1024;
export const TASK_OUTPUT_KEYS = 100;
export const TASK_OUTPUT_KEY_LENGTH = 100;
/** More faults are counted. */
const MAX_FAULTS = 5;

const OUTPUT_FILE = "output";
const ENTRY = /^([A-Za-z_][A-Za-z0-9_-]*)(=|<<)(.*)$/s;

export interface TaskOutputs {
  /** Null when there are none. */
  readonly outputs: Readonly<Record<string, string>> | null;
  /** What is wrong with them, in words; null when nothing is. */
  readonly fault: string | null;
}

export const NO_OUTPUTS: TaskOutputs = Object.freeze({ outputs: null, fault: null });

export function outputPath(folder: string): string {
  return join(folder, OUTPUT_FILE);
}

/** What the task has written; the task is over. */
export function readTaskOutputs(folder: string, redactor: Redactor | null): TaskOutputs {
  try {
    const text = readTaskText(outputPath(folder), TASK_OUTPUT_BYTES);
    return text === null ? NO_OUTPUTS : withoutSecrets(parseTaskOutputs(text), redactor);
  } catch (error) {
    if (isSystemLimit(error)) throw error;
    return faulty(error instanceof Error ? error.message : String(error));
  }
}

/** Of a key that is given twice the last value holds; a faulty line costs only itself. */
export function parseTaskOutputs(text: string): TaskOutputs {
  const outputs = new Map<string, string>();
  const faults: string[] = [];
  // PostgreSQL knows no NUL in a text; in the log it is replaced in the same way.
  const lines = text.replaceAll("\0", "\uFFFD").split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line === "") continue;
    const [, key, sign, rest] = ENTRY.exec(line) ?? [];
    if (key === undefined || rest === undefined) {
      faults.push(`line ${at + 1} is not key=value`);
      continue;
    }
    const end = sign === "=" ? at : lines.indexOf(rest, at + 1);
    if (end === -1) {
      faults.push(`no line after line ${at + 1} is "${rest.slice(0, TASK_OUTPUT_KEY_LENGTH)}"`);
      break;
    }
    const fault = findKeyFault(key, outputs);
    if (fault === null) outputs.set(key, sign === "=" ? rest : lines.slice(at + 1, end).join("\n"));
    else faults.push(`line ${at + 1}: ${fault}`);
    at = end;
  }
  return {
    outputs: outputs.size === 0 ? null : Object.fromEntries(outputs),
    fault: faults.length === 0 ? null : describeFaults(faults),
  };
}

/** Outputs stand in the database and in files: what contains a secret is left out, and named. */
function withoutSecrets({ outputs, fault }: TaskOutputs, redactor: Redactor | null): TaskOutputs {
  if (redactor === null) return { outputs, fault };
  const contains = (text: string): boolean => redactor.find(text).length > 0;
  const [refused, kept] = partition(
    Object.entries(outputs ?? {}),
    ([key, value]) => contains(key) || contains(value),
  );
  const faults = [
    ...(fault === null ? [] : [fault]),
    ...(refused.length === 0 ? [] : [
      `Outputs that contain a secret are not stored: ${
        formatList(refused.map(([key]) => key), MAX_FAULTS, ",")
      }`,
    ]),
  ];
  return {
    outputs: kept.length === 0 ? null : Object.fromEntries(kept),
    fault: faults.length === 0 ? null : redactor.redact(faults.join("; ")).text,
  };
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): readonly [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

function findKeyFault(key: string, outputs: ReadonlyMap<string, string>): string | null {
  if (key.length > TASK_OUTPUT_KEY_LENGTH) return `a key has at most ${TASK_OUTPUT_KEY_LENGTH} characters`;
  if (outputs.size >= TASK_OUTPUT_KEYS && !outputs.has(key)) return `more than ${TASK_OUTPUT_KEYS} keys`;
  return null;
}

function faulty(fault: string): TaskOutputs {
  return { outputs: null, fault: describeFaults([fault]) };
}

function describeFaults(faults: readonly string[]): string {
  return `Cannot read all outputs: ${formatList(faults, MAX_FAULTS, ";")}`;
}
