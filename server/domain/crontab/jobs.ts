/** The jobs of a crontab: each line with the container that it becomes. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { InvalidInputError } from "../../../schema/errors.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import { DomainError } from "../../../schema/errors.ts";
import type { WantedContainer } from "../containers/wanted.ts";
import { containerShape, environment as environmentShape, taskShape } from "../inputs.ts";
import { readTimezone } from "../rules/cron.ts";
import { REBOOT } from "../rules/cron_macro.ts";
import { type CrontabLine, readCrontab } from "../rules/crontab.ts";
import { cronFires, isWildcard } from "../rules/crontab_fires.ts";
import { lockOf, unwrap, type Unwrapped } from "../rules/crontab_wrappers.ts";
import { comingFires, type PlannedSchedule } from "../schedules/planning.ts";
import { readSchedule, type ScheduleLimits } from "../schedules/schedule_rows.ts";
import type { CrontabInput, CrontabJob } from "./interface.ts";

const MAX_BYTES = 1024 * 1024;
const MAX_LINES = 10_000;
const MAX_SOURCE_CHARACTERS = 1_000;
const SHOWN_FIRES = 20;
/** What cron gives a job that names no PATH. */
const CRON_PATH = "/usr/bin:/bin";
const CRON_SHELL = "/bin/sh";
const MAX_COMMAND_BYTES = 120 * 1024;
/** Characters of a file's and a program's name in the name of a container. */
const NAME_PART = 60;

export interface ReadJob {
  readonly job: CrontabJob;
  /** Null when the line cannot be imported. */
  readonly wanted: WantedContainer | null;
}

export function readJobs(input: CrontabInput, limits: ScheduleLimits, now: Date): readonly ReadJob[] {
  refuseUnreadable(input);
  const zone = readTimezone(input.timezone, ["timezone"]);
  const lines = readCrontab(input.text, input.kind);
  const locks = lines.flatMap(({ command }) => lockOf(command) ?? []);
  const sharedLocks = new Set(locks.filter((lock, place) => locks.indexOf(lock) !== place));
  const delays = "jitterSeconds" in containerShape;
  const names = new Map<string, number>();
  return lines.map((line) => {
    const unwrapped = unwrap(line.command, { sharedLocks, delays });
    const name = nameOf(input, line, unwrapped.command);
    // The same line twice in a file is two jobs.
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    const containerName = count === 1 ? name : `${name} ${count}`;
    return readJob(input, { ...line, containerName, zone }, unwrapped, limits, now);
  });
}

interface NamedLine extends CrontabLine {
  readonly containerName: string;
  /** Of the machine. */
  readonly zone: string;
}

function readJob(
  input: CrontabInput,
  line: NamedLine,
  unwrapped: Unwrapped,
  limits: ScheduleLimits,
  now: Date,
): ReadJob {
  const timezone = zoneOf(line);
  const user = input.kind === "SYSTEM" ? line.user : input.user;
  const expression = line.times?.expression ?? null;
  const schedule = scheduleOf(line, timezone ?? line.zone);
  const fault = line.fault ?? findFault(line, timezone, limits);
  const fires = schedule === null || fault !== null
    ? []
    : comingFires({ ...schedule, anchorAt: now }, now, SHOWN_FIRES);
  const fields = line.times?.fields ?? null;
  const own = fields === null || fault !== null || line.times?.random === true
    ? []
    : cronFires(fields, timezone ?? line.zone, now, SHOWN_FIRES);
  const job: CrontabJob = {
    line: line.line,
    containerName: line.containerName,
    command: unwrapped.command,
    standardInput: line.standardInput,
    description: line.description,
    directory: unwrapped.directory,
    environment: line.environment,
    expression,
    timezone: timezone ?? line.zone,
    user,
    overlap: unwrapped.overlap,
    timeoutSeconds: unwrapped.timeoutSeconds,
    nextFires: fires,
    cronFires: own,
    notes: fault === null ? notesOf(line, unwrapped, fires, own) : [],
    fault,
  };
  return {
    job,
    wanted: fault === null && schedule !== null ? wantedOf(input, job, schedule, unwrapped) : null,
  };
}

/** Null when CRON_TZ names no time zone. */
function zoneOf({ environment, zone }: NamedLine): string | null {
  const named = environment.CRON_TZ;
  if (named === undefined || named === "") return zone;
  try {
    return readTimezone(named.replace(/^:/, ""), null);
  } catch (error) {
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
}

type JobSchedule = Omit<PlannedSchedule, "anchorAt">;

/** Where cron goes by the clock as it stands, so do we; any other line runs once, whatever the clocks do. */
function scheduleOf({ times }: NamedLine, timezone: string): JobSchedule | null {
  if (times === null) return null;
  const realTime = times.fields !== null && isWildcard(times.fields);
  return {
    containerId: 0,
    expression: times.expression,
    timezone,
    missingTime: realTime ? "SKIP" : "SHIFT",
    repeatedTime: realTime ? "BOTH" : "FIRST",
  };
}

function findFault(line: NamedLine, timezone: string | null, limits: ScheduleLimits): Sentence | null {
  const { environment, command, standardInput } = line;
  if (timezone === null) return say("CRONTAB_ZONE", { name: (environment.CRON_TZ ?? "").slice(0, 60) });
  const variable = Object.keys(environment).find((name) =>
    !environmentShape.safeParse({ [name]: "" }).success
  );
  if (variable !== undefined) return say("CRONTAB_VARIABLE", { name: variable.slice(0, 60) });
  const whole = commandOf(command, standardInput);
  if (!taskShape.command.safeParse(whole).success || !environmentShape.safeParse(environment).success) {
    return say("CRONTAB_LONG", { most: MAX_COMMAND_BYTES });
  }
  const schedule = scheduleOf(line, timezone);
  if (schedule === null) return say("CRONTAB_FIELDS");
  try {
    readSchedule(schedule, null, limits, []);
    return null;
  } catch (error) {
    if (error instanceof DomainError) return say("CRONTAB_UNSCHEDULED", { why: error.sentence });
    throw error;
  }
}

function notesOf(
  { environment, command, times }: NamedLine,
  unwrapped: Unwrapped,
  fires: readonly Date[],
  own: readonly Date[],
): readonly Sentence[] {
  const address = environment.MAILTO ?? "";
  const different = times?.random !== true && times?.fields !== null &&
    fires.map(Number).join() !== own.map(Number).join();
  return [
    ...unwrapped.notes,
    ...address === "" ? [] : [say("CRONTAB_MAIL", { address: address.slice(0, 200) })],
    .../>\s*\/dev\/null/.test(command) ? [say("CRONTAB_SILENT")] : [],
    ...times?.random ? [say("CRONTAB_RANDOM")] : [],
    ...different ? [say("CRONTAB_OTHER_FIRES")] : [],
  ];
}

function wantedOf(
  { shadow }: CrontabInput,
  job: CrontabJob,
  { containerId: _id, missingTime, repeatedTime, ...schedule }: JobSchedule,
  { killGraceSeconds, jitterSeconds }: Unwrapped,
): WantedContainer {
  const { environment } = job;
  return {
    name: job.containerName,
    settings: {
      ...schedule,
      description: job.description.slice(0, 10_000),
      dst: { missing: missingTime, repeated: repeatedTime },
      overlap: job.overlap,
      // Cron has no memory of what it missed; a start of the machine is never missed.
      misfire: schedule.expression === REBOOT ? "ONCE" : "SKIP",
      shadow,
      ...jitterSeconds > 0 ? { jitterSeconds } : {},
    },
    tasks: [{
      name: programOf(job.command),
      command: commandOf(job.command, job.standardInput),
      shell: environment.SHELL || CRON_SHELL,
      directory: job.directory ?? (environment.HOME?.startsWith("/") ? environment.HOME : null),
      runAs: job.user,
      environment: { PATH: CRON_PATH, ...environment },
      timeoutSeconds: job.timeoutSeconds,
      ...killGraceSeconds === null ? {} : { killGraceSeconds },
    }],
    relations: [],
  };
}

/** The input is a here-document, which the shell itself reads: nothing has to be known of the command. */
function commandOf(command: string, standardInput: string | null): string {
  if (standardInput === null) return command;
  let end = "INPUT";
  while (standardInput.split("\n").includes(end)) end += "_";
  return `exec <<'${end}'\n${standardInput}\n${end}\n${command}`;
}

/** One that stays when the file is read again, and another one for every line. */
function nameOf({ source, kind, user }: CrontabInput, line: CrontabLine, unwrapped: string): string {
  const { times, command, standardInput } = line;
  const owner = kind === "SYSTEM" ? line.user : user;
  const content = [source, owner, times?.expression, command, standardInput].join("\0");
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8);
  return `${clean(basename(source)) || "crontab"}: ${programOf(unwrapped)} ${hash}`;
}

/** The program that a command is mostly about, as far as its first words tell. */
function programOf(command: string): string {
  const words = command.replace(/^cd\s+\S+\s*&&\s*/, "").replace(/^.*?\s&&\s+(?=\/)/s, "").split(/[\s;|&]+/);
  const word = words.find((text) =>
    /^[\w./][\w./-]*$/.test(text) && /[a-z]/i.test(text) &&
    !["if", "test", "flock", "timeout", "nice", "exec", "env"].includes(text)
  );
  return clean(basename(word ?? "")) || "job";
}

function clean(text: string): string {
  // deno-lint-ignore no-control-regex -- a name has no control characters
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim().slice(0, NAME_PART);
}

function refuseUnreadable({ source, text }: CrontabInput): void {
  if (source.trim() === "" || source.length > MAX_SOURCE_CHARACTERS || source.includes("\0")) {
    throw new InvalidInputError(say("CRONTAB_NO_SOURCE", { most: MAX_SOURCE_CHARACTERS }), ["source"]);
  }
  // U+FFFD stands for what was no UTF-8.
  // deno-lint-ignore no-control-regex -- control characters are what it looks for
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)) {
    throw new InvalidInputError(say("CRONTAB_BINARY"), ["text"]);
  }
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  if (lines > MAX_LINES || new TextEncoder().encode(text).length > MAX_BYTES) {
    throw new InvalidInputError(say("CRONTAB_LARGE", { lines: MAX_LINES, bytes: MAX_BYTES }), ["text"]);
  }
}
