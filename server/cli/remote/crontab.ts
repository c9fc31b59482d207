/** `crontab`: the way from cron to here. Nothing in a file is changed but by `switch`, and that can be taken back. */
import { StartError } from "../../start_error.ts";
import { connect, type Connection } from "./connection.ts";
import { compareCrontab } from "./crontab_compare.ts";
import { type CrontabFile, decodeBytes, openCrontab, readZone } from "./crontab_file.ts";
import { switchBack, switchLines, takeBack } from "./crontab_switch.ts";
import { print, printError, readWords, SERVER } from "./words.ts";

const USAGE =
  `crontab preview|import|compare|switch [FILE] [--user NAME] [--timezone ZONE] [--project SLUG] [--server URL]

  FILE is /etc/crontab, a file of /etc/cron.d, or the output of \`crontab -l\` with --user; without it, your own crontab.

  preview               what each line becomes, and what cannot be kept
  import [--live]       makes a container of each line, in shadow mode unless --live
  compare [--since 7d]  the fires that only cron or only Orrery had, from the system's log [--log FILE]
  switch [--line N ...] [--back]
                        comments the lines out and ends shadow mode, all or those named; --back undoes it`;

const OPTIONS = {
  ...SERVER,
  user: { type: "string" },
  timezone: { type: "string" },
  project: { type: "string", default: "default" },
  live: { type: "boolean", default: false },
  since: { type: "string", default: "7d" },
  log: { type: "string" },
  line: { type: "string", multiple: true },
  back: { type: "boolean", default: false },
} as const;

export interface Job {
  readonly line: number;
  readonly containerName: string;
  readonly command: string;
  readonly expression: string | null;
  readonly user: string | null;
  readonly fault: string | null;
  readonly notes: readonly string[];
  readonly nextFires: readonly string[];
  readonly cronFires: readonly string[];
}

export async function runCrontab(args: readonly string[]): Promise<number> {
  const { values, positionals: [action, path] } = readWords(args, OPTIONS, USAGE, { least: 1, most: 2 });
  const file = await openCrontab(path ?? null, values.user ?? null);
  const connection = await connect(values.server);
  const input = {
    kind: file.kind,
    source: file.source,
    text: file.text,
    user: file.user,
    project: values.project,
    timezone: values.timezone ?? readZone(),
    shadow: !values.live,
  };
  switch (action) {
    case "preview":
      return preview(await previewJobs(connection, input));
    case "import":
      return await importJobs(connection, input);
    case "compare": {
      const jobs = await previewJobs(connection, input);
      return await compareCrontab(connection, file, jobs, { ...values, log: values.log ?? null });
    }
    case "switch": {
      if (values.back) {
        const before = takeBack(file.bytes);
        if (before.lines.length === 0) throw new StartError("No line of it was switched");
        const jobs = await previewJobs(connection, { ...input, text: decodeBytes(before.bytes) });
        return await switchBack(connection, file, jobs, values.project);
      }
      return await switchLines(connection, file, await previewJobs(connection, input), {
        project: values.project,
        lines: readLines(values.line ?? []),
      });
    }
    default:
      throw new StartError(`Usage: ${USAGE}`);
  }
}

interface CrontabInput extends Pick<CrontabFile, "kind" | "source" | "text" | "user"> {
  readonly project: string;
  readonly timezone: string;
  readonly shadow: boolean;
}

async function previewJobs(connection: Connection, input: CrontabInput): Promise<readonly Job[]> {
  const { previewCrontab } = await connection.ask(
    `query ($input: CrontabInput!) {
      previewCrontab(input: $input) {
        __typename
        ... on CrontabPreview {
          jobs { line containerName command expression user fault notes nextFires cronFires }
        }
        ... on Error { message }
      }
    }`,
    { input },
  );
  if (previewCrontab.__typename !== "CrontabPreview") throw new StartError(previewCrontab.message);
  return previewCrontab.jobs;
}

function preview(jobs: readonly Job[]): number {
  for (const job of jobs) {
    if (job.fault !== null) {
      printError(`line ${job.line}: not imported: ${job.fault}`);
      continue;
    }
    print(`line ${job.line}: ${job.expression} as ${job.user ?? "the agent's user"}: ${job.command}`);
    print(`    becomes "${job.containerName}"`);
    for (const note of job.notes) print(`    ${note}`);
    if (job.nextFires.length > 0) print(`    next: ${job.nextFires.slice(0, 3).join(", ")}`);
    const other = job.cronFires.filter((at) => !job.nextFires.includes(at));
    if (other.length > 0) print(`    cron alone: ${other.slice(0, 3).join(", ")}`);
  }
  const faulty = jobs.filter(({ fault }) => fault !== null).length;
  print(`${jobs.length - faulty} can be imported, ${faulty} cannot`);
  return faulty === 0 ? 0 : 1;
}

async function importJobs(connection: Connection, input: CrontabInput): Promise<number> {
  const { importCrontab } = await connection.ask(
    `mutation ($input: CrontabInput!) {
      importCrontab(input: $input) {
        __typename
        ... on ImportedCrontab { containers { name shadow } skippedLines }
        ... on Error { message }
      }
    }`,
    { input },
  );
  if (importCrontab.__typename !== "ImportedCrontab") throw new StartError(importCrontab.message);
  const { containers, skippedLines } = importCrontab;
  for (const { name, shadow } of containers) print(`${name}${shadow ? " (shadow mode)" : ""}`);
  print(`${containers.length} imported`);
  if (skippedLines.length === 0) return 0;
  printError(`Not imported: line ${skippedLines.join(", ")}; \`crontab preview\` tells why`);
  return 1;
}

function readLines(given: readonly string[]): readonly number[] | null {
  if (given.length === 0) return null;
  return given.flatMap((text) => text.split(",")).map((text) => {
    const line = Number(text);
    if (Number.isInteger(line) && line > 0) return line;
    throw new StartError(`Cannot read --line "${text}": it is the number of a line`);
  });
}
