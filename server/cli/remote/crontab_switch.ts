/**
 * `crontab switch`: from cron to here, line by line. First the line goes, then shadow mode ends: a job that stops between
 * the two misses a fire, and never has two.
 */
import { StartError } from "../../start_error.ts";
import type { Connection } from "./connection.ts";
import type { Job } from "./crontab.ts";
import type { CrontabFile } from "./crontab_file.ts";
import { print, printError } from "./words.ts";

/** In front of a line that was switched; behind it the line is as it was, byte for byte. */
const MARK = "#orrery# ";

export function commentOut(bytes: string, lines: ReadonlySet<number>): string {
  return bytes.split("\n").map((line, index) =>
    lines.has(index + 1) && !line.startsWith(MARK) ? `${MARK}${line}` : line
  ).join("\n");
}

/** The text as it was before, and the lines that were marked. */
export function takeBack(bytes: string): { readonly bytes: string; readonly lines: readonly number[] } {
  const lines = bytes.split("\n");
  return {
    bytes: lines.map((line) => line.startsWith(MARK) ? line.slice(MARK.length) : line).join("\n"),
    lines: lines.flatMap((line, index) => line.startsWith(MARK) ? [index + 1] : []),
  };
}

export async function switchLines(
  connection: Connection,
  file: CrontabFile,
  jobs: readonly Job[],
  { project, lines }: { readonly project: string; readonly lines: readonly number[] | null },
): Promise<number> {
  const chosen = jobs.filter(({ line, fault }) => lines === null ? fault === null : lines.includes(line));
  const unknown = lines?.find((line) => !jobs.some((job) => job.line === line && job.fault === null));
  if (unknown !== undefined) {
    throw new StartError(`Line ${unknown} is no job that was imported: see \`crontab preview\``);
  }
  if (chosen.length === 0) throw new StartError("There is no line to switch");
  const found = await findContainers(connection, project, chosen.map(({ containerName }) => containerName));
  const missing = chosen.find(({ containerName }) => !found.has(containerName));
  if (missing !== undefined) {
    throw new StartError(`Line ${missing.line} has no container yet: run \`crontab import\` first`);
  }
  const copy = await file.write(commentOut(file.bytes, new Set(chosen.map(({ line }) => line))));
  const failed = await setShadow(connection, chosen, found, false);
  for (const { line, containerName } of chosen) {
    if (!failed.has(line)) print(`line ${line}: now run by "${containerName}"`);
  }
  print(`A copy of what it was is in ${copy}; \`crontab switch --back\` undoes it`);
  if (failed.size === 0) return 0;
  // What did not begin here goes on there.
  await file.write(
    commentOut(file.bytes, new Set(chosen.map(({ line }) => line).filter((line) => !failed.has(line)))),
  );
  for (const [line, why] of failed) printError(`line ${line}: left with cron: ${why}`);
  return 1;
}

/** First shadow mode, then the lines: no job has two fires. `jobs` are those of the text as it was. */
export async function switchBack(
  connection: Connection,
  file: CrontabFile,
  jobs: readonly Job[],
  project: string,
): Promise<number> {
  const { bytes, lines } = takeBack(file.bytes);
  const chosen = jobs.filter(({ line }) => lines.includes(line));
  const found = await findContainers(connection, project, chosen.map(({ containerName }) => containerName));
  // A container that was deleted runs nothing.
  const left = chosen.filter(({ containerName }) => found.has(containerName));
  const failed = await setShadow(connection, left, found, true);
  for (const [line, why] of failed) printError(`line ${line}: ${why}`);
  if (failed.size > 0) return 1;
  const copy = await file.write(bytes);
  print(`${lines.length} lines are back with cron; a copy of what it was is in ${copy}`);
  return 0;
}

async function findContainers(
  connection: Connection,
  project: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let from = 0; from < names.length; from += 100) {
    const part = names.slice(from, from + 100);
    const variables = Object.fromEntries(part.map((name, place) => [`n${place}`, name]));
    const declared = part.map((_, place) => `$n${place}: String`).join(", ");
    const fields = part.map((_, place) => `c${place}: container(name: $n${place}, project: $project) { id }`);
    const data = await connection.ask(`query ($project: String, ${declared}) { ${fields.join("\n")} }`, {
      ...variables,
      project,
    });
    for (const [place, name] of part.entries()) {
      const id = data[`c${place}`]?.id;
      if (id !== undefined) found.set(name, id);
    }
  }
  return found;
}

/** Line -> why it could not be set. */
async function setShadow(
  connection: Connection,
  jobs: readonly Pick<Job, "line" | "containerName">[],
  found: ReadonlyMap<string, string>,
  shadow: boolean,
): Promise<ReadonlyMap<number, string>> {
  const failed = new Map<number, string>();
  for (const { line, containerName } of jobs) {
    const { data, errors } = await connection.send(
      `mutation ($input: UpdateContainerInput!) {
        updateContainer(input: $input) { __typename ... on Error { message } }
      }`,
      { input: { id: found.get(containerName), shadow } },
    );
    const why = errors?.[0]?.message ?? data?.updateContainer?.message;
    if (why !== undefined) failed.set(line, why);
  }
  return failed;
}
