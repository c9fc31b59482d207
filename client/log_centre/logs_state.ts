/** What the log centre's address means, and how found lines stand together. */
import { type LogStream, logStreams } from "../../schema/states.ts";
import type { ResultOf, VariablesOf } from "../graphql/tada.ts";
import { plainText } from "../logs/ansi.ts";
import { foldCase } from "../logs/find_state.ts";
import { readRunsFilter, readSpan } from "../runs/runs_state.ts";
import type { SearchLogsDocument } from "./logs_documents.ts";

/** Of a longer line only what is around the text that was looked for is shown. */
const LONG_LINE = 1000;
const BEFORE_MATCH = 200;
/** What the API takes for a whole number. */
const MAX_ATTEMPTS = 2 ** 31 - 1;

export type Hit = ResultOf<typeof SearchLogsDocument>["logs"]["edges"][number]["node"];
export type LogFilterInput = VariablesOf<typeof SearchLogsDocument>["filter"];

/** The address of the page, as it is written. */
export type LogsAddress = {
  readonly [Name in typeof addressNames[number]]?: string | undefined;
};
export const addressNames = [
  "q",
  "project",
  "container",
  "task",
  "run",
  "taskRun",
  "attempt",
  "stream",
  "span",
  "from",
  "to",
] as const;

/** Reads the filters of the address; what it does not know is passed over. */
export function readLogsFilter(address: LogsAddress, now: number): LogFilterInput {
  const { from, to } = readRunsFilter({ span: address.span, from: address.from, to: address.to }, now);
  const attempt = Number(address.attempt ?? "");
  const streams = readStreams(address.stream);
  return {
    ...given("contains", address.q),
    ...given("project", address.project),
    ...given("containerId", address.container),
    ...given("taskId", address.task),
    ...given("runId", address.run),
    ...given("taskRunId", address.taskRun),
    ...(Number.isInteger(attempt) && attempt > 0 && attempt <= MAX_ATTEMPTS ? { attempt } : {}),
    ...(streams.length === 0 ? {} : { streams: [...streams] }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  };
}

/** Those that are shown alone; none: all are shown, which naming all of them means too. */
export function readStreams(text: string | undefined): readonly LogStream[] {
  const asked = (text ?? "").split(",");
  const known = logStreams.filter((stream) => asked.includes(stream));
  return known.length === logStreams.length ? [] : known;
}

/** The address's text after a press on a stream; null when nothing is restricted. */
export function toggleStream(streams: readonly LogStream[], stream: LogStream): string | null {
  const next = logStreams.filter((known) => streams.includes(known) !== (known === stream));
  return next.length === 0 || next.length === logStreams.length ? null : next.join(",");
}

export function isRestricted(address: LogsAddress): boolean {
  return addressNames.some((name) => address[name] !== undefined);
}

/** True when a time is restricted by instants and not by a span. */
export function isRanged(address: LogsAddress): boolean {
  return readSpan(address.span) === null && (address.from !== undefined || address.to !== undefined);
}

/** What a deletion by filter would name; null when it cannot: whole attempts go, and never everything by accident. */
export function deletionFilter(filter: LogFilterInput): LogFilterInput | null {
  const restricted = Object.keys(filter).length > 0;
  return restricted && filter.contains === undefined && filter.streams === undefined ? filter : null;
}

/** The lines of one attempt in a list. */
export interface HitGroup {
  readonly key: string;
  readonly attempt: number;
  readonly taskRun: Hit["taskRun"];
  readonly hits: readonly Hit[];
}

/** By attempts, in the order of the first line of each: lines of tasks that wrote at the same time are told apart. */
export function groupHits(hits: readonly Hit[]): readonly HitGroup[] {
  const groups = Map.groupBy(hits, ({ taskRun, attempt }) => `${taskRun.id}.${attempt}`);
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    return first === undefined
      ? []
      : [{ key: hitKey(first), attempt: first.attempt, taskRun: first.taskRun, hits: own }];
  });
}

export function hitKey({ taskRun, attempt, seq }: Hit): string {
  return `${taskRun.id}.${attempt}.${seq}`;
}

/** Where the run shows that line. */
export function hitHref({ taskRun, attempt, seq }: Hit): string {
  const task = encodeURIComponent(taskRun.id);
  return `/runs/${encodeURIComponent(taskRun.run.id)}?task=${task}&line=${attempt}.${seq}`;
}

/** A line as a list shows it: a very long one is cut around what was looked for, without its colours. */
export function excerpt(text: string, needle: string): string {
  if (text.length <= LONG_LINE) return text;
  const plain = plainText(text);
  const found = needle === "" ? 0 : Math.max(0, foldCase(plain).indexOf(needle));
  const start = Math.max(0, found - BEFORE_MATCH);
  const end = start + LONG_LINE;
  return `${start > 0 ? "… " : ""}${plain.slice(start, end)}${end < plain.length ? " …" : ""}`;
}

/** An instant as a field for local date and time has it, to the minute; empty for none. */
export function writeLocalField(instant: string | undefined): string {
  if (instant === undefined || Number.isNaN(Date.parse(instant))) return "";
  const at = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The instant of such a field; null while it is not filled in. */
export function readLocalField(text: string): string | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

function given<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [Key in Name]?: string } {
  // A computed key is a string to the compiler; it is the one that was given.
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
}
