/**
 * Reads a crontab as cron does: lines of variables, which hold for the lines below them, and lines of jobs. Nothing in the
 * file is run or expanded, and a line that cron would refuse is a job with an error.
 */
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { Variables } from "../../../schema/definition/field.ts";
import { type CronTimes, readCronTimes } from "./crontab_times.ts";

export type CrontabKind = "SYSTEM" | "USER";

/** A job as it stands in the file. */
export interface CrontabLine {
  /** From 1. */
  readonly line: number;
  /** The time fields, or the nickname; null when they cannot be read. */
  readonly times: CronTimes | null;
  readonly user: string | null;
  /** Up to the first `%` that is not escaped. */
  readonly command: string;
  readonly standardInput: string | null;
  readonly environment: Variables;
  /** From the comments directly above. */
  readonly description: string;
  /** Why it is no job; null when it is one. */
  readonly fault: Sentence | null;
}

const environmentLine = /^(?:"([^"]*)"|'([^']*)'|([^\s="']+))\s*=\s*(.*)$/;
/** As far as a user's name goes in practice: useradd takes less. */
const userName = /^[A-Za-z_][A-Za-z0-9_.$-]*$/;

export function readCrontab(text: string, kind: CrontabKind): readonly CrontabLine[] {
  const jobs: CrontabLine[] = [];
  let environment: Variables = {};
  let comments: string[] = [];
  for (const [index, whole] of text.split("\n").entries()) {
    const content = whole.replace(/\r$/, "").trim();
    if (content.startsWith("#")) {
      comments.push(content.replace(/^#+ ?/, "").trimEnd());
      continue;
    }
    const assignment = readAssignment(content);
    if (assignment !== null) {
      environment = { ...environment, ...assignment };
    } else if (content !== "") {
      const description = comments.join("\n").trim();
      jobs.push({ line: index + 1, environment, description, ...readJob(content, kind) });
    }
    comments = [];
  }
  return jobs;
}

function readAssignment(content: string): Variables | null {
  const [, double, single, bare, rest = ""] = environmentLine.exec(content) ?? [];
  const name = double ?? single ?? bare;
  if (name === undefined || name === "") return null;
  const value = rest.trimEnd();
  const quote = value.charAt(0);
  if (quote !== '"' && quote !== "'") return { [name]: value };
  const end = value.indexOf(quote, 1);
  // As cron: what is behind the closing quote makes it no assignment.
  return end === value.length - 1 && end > 0 ? { [name]: value.slice(1, end) } : null;
}

type Job = Omit<CrontabLine, "line" | "environment" | "description">;

function readJob(content: string, kind: CrontabKind): Job {
  // cronie and SUSE: a leading "-" keeps the job out of the system's log.
  const text = content.replace(/^-\s*(?=[\d*@~])/, "");
  const shape = text.startsWith("@") ? /^(\S+)\s*/ : /^((?:\S+\s+){4}\S+)\s*/;
  const times = shape.exec(text);
  const nothing = { times: null, user: null, command: content, standardInput: null };
  if (times === null) return { ...nothing, fault: say("CRONTAB_FIELDS") };
  const rest = text.slice(times[0].length);
  const [user, command] = kind === "SYSTEM" ? splitUser(rest) : [null, rest];
  const read = readCronTimes(times[1] ?? "");
  const job = { times: read.kind === "times" ? read.times : null, user, ...splitInput(command) };
  return { ...job, fault: read.kind === "fault" ? read.fault : faultOf(job, kind) };
}

function faultOf({ user, command }: Pick<Job, "user" | "command">, kind: CrontabKind): Sentence | null {
  if (kind === "SYSTEM" && (user === null || !userName.test(user))) {
    return say("CRONTAB_USER", { user: user ?? "" });
  }
  return command.trim() === "" ? say("CRONTAB_NO_COMMAND") : null;
}

function splitUser(rest: string): readonly [string | null, string] {
  const [whole = "", user = null] = /^(\S+)\s*/.exec(rest) ?? [];
  return [user, rest.slice(whole.length)];
}

/** A `%` that is not escaped ends the command; what follows is its input, a line for each further one. */
function splitInput(text: string): { readonly command: string; readonly standardInput: string | null } {
  const parts = [""];
  for (const [piece] of text.matchAll(/\\.|[^\\]|\\$/gs)) {
    if (piece === "%") parts.push("");
    else parts.push(`${parts.pop() ?? ""}${piece === "\\%" ? "%" : piece}`);
  }
  const [command = "", ...input] = parts;
  return { command: command.trimEnd(), standardInput: input.length === 0 ? null : input.join("\n") };
}
