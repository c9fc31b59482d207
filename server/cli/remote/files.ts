/** `plan`, `apply` and `export-files`: containers as files, from a checkout or a pipeline. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { StartError } from "../../start_error.ts";
import { connect, type Connection } from "./connection.ts";
import { print, printError, readText, readWords, SERVER } from "./words.ts";

const OPTIONS = {
  ...SERVER,
  project: { type: "string", default: "default" },
  source: { type: "string" },
  prune: { type: "boolean", default: false },
} as const;

interface Planned {
  readonly action: "CREATE" | "UPDATE" | "DELETE" | "UNCHANGED";
  readonly name: string;
  readonly version: number;
  readonly changes: readonly string[];
  readonly fires: { readonly addedCount: number; readonly removedCount: number } | null;
}

interface Plan {
  readonly containers: readonly Planned[];
  readonly faults: readonly {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
}

interface FileSet {
  readonly project: string;
  readonly source: string | null;
  readonly prune: boolean;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** Exit code 0: nothing to do; 2: there is something to do; 1: the files are faulty. */
export async function runPlan(args: readonly string[]): Promise<number> {
  const { connection, set } = await open(args, "plan");
  const plan = await askPlan(connection, set);
  printPlan(plan);
  if (plan.faults.length > 0) return 1;
  return plan.containers.every(({ action }) => action === "UNCHANGED") ? 0 : 2;
}

/** Applies what it has planned: a change in between is a conflict. */
export async function runApply(args: readonly string[]): Promise<number> {
  const { connection, set } = await open(args, "apply");
  const plan = await askPlan(connection, set);
  printPlan(plan);
  if (plan.faults.length > 0) return 1;
  const expected = plan.containers.map(({ name, version }) => ({ name, version }));
  const { applyFiles } = await connection.ask(
    `mutation ($files: [DefinitionFileInput!]!, $project: String, $source: String, $prune: Boolean, $expected: [ExpectedVersionInput!]) {
      applyFiles(files: $files, project: $project, source: $source, prune: $prune, expected: $expected) {
        __typename ... on AppliedFiles { containers { name } deleted } ... on Error { message }
      }
    }`,
    { ...set, expected },
  );
  if (applyFiles.__typename !== "AppliedFiles") throw new StartError(applyFiles.message);
  print(`Applied: ${applyFiles.containers.length} changed, ${applyFiles.deleted.length} deleted`);
  return 0;
}

export async function runExportFiles(args: readonly string[]): Promise<number> {
  const usage = "export-files [NAME] [--project SLUG] [--server URL]";
  const options = { ...SERVER, project: OPTIONS.project } as const;
  const { values, positionals: [container = null] } = readWords(args, options, usage, { least: 0, most: 1 });
  const connection = await connect(values.server);
  const { exportFiles } = await connection.ask(
    `query ($project: String, $container: String) { exportFiles(project: $project, container: $container) }`,
    { project: values.project, container },
  );
  print(exportFiles.trimEnd());
  return 0;
}

async function open(
  args: readonly string[],
  command: string,
): Promise<{ readonly connection: Connection; readonly set: FileSet }> {
  const usage = `${command} PATH... [--source NAME] [--prune] [--project SLUG] [--server URL]`;
  const { values, positionals } = readWords(args, OPTIONS, usage, { least: 1, most: Infinity });
  const paths = (await Promise.all(positionals.map(listFiles))).flat();
  const files = await Promise.all(paths.map(async (path) => ({ path, text: await readText(path) })));
  const { project, source = null, prune } = values;
  return { connection: await connect(values.server), set: { project, source, prune, files } };
}

/** A folder stands for the YAML files in it and below, in the order of their names. */
async function listFiles(path: string): Promise<readonly string[]> {
  if (path === "-") return [path];
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const entries = await readdir(path, { withFileTypes: true, recursive: true });
    return entries.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)).sort();
  } catch (error) {
    throw new StartError(`Cannot read "${path}": ${error instanceof Error ? error.message : error}`, error);
  }
}

async function askPlan(connection: Connection, set: FileSet): Promise<Plan> {
  const { planFiles } = await connection.ask(
    `query ($files: [DefinitionFileInput!]!, $project: String, $source: String, $prune: Boolean) {
      planFiles(files: $files, project: $project, source: $source, prune: $prune) {
        __typename
        ... on Plan {
          containers { action name version changes fires { addedCount removedCount } }
          faults { path line column message }
        }
        ... on Error { message }
      }
    }`,
    { ...set },
  );
  if (planFiles.__typename !== "Plan") throw new StartError(planFiles.message);
  return planFiles;
}

const marks = { CREATE: "+", UPDATE: "~", DELETE: "-", UNCHANGED: " " } as const;

function printPlan({ containers, faults }: Plan): void {
  for (const { action, name, changes, fires } of containers.filter((one) => one.action !== "UNCHANGED")) {
    print(`${marks[action]} ${name}`);
    for (const change of changes) print(`    ${change}`);
    if (fires !== null) {
      print(`    fires of the next 7 days: ${fires.addedCount} new, ${fires.removedCount} gone`);
    }
  }
  const count = (action: Planned["action"]): number =>
    containers.filter((one) => one.action === action).length;
  print(
    `${count("CREATE")} to create, ${count("UPDATE")} to change, ${count("DELETE")} to delete, ${
      count("UNCHANGED")
    } unchanged`,
  );
  for (const { path, line, column, message } of faults) printError(`${path}:${line}:${column}: ${message}`);
}
