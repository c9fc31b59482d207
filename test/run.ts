/**
 * The gate. Without arguments it runs every test, with paths those whose name contains one of them; `--check` looks at
 * format, lint, types and the quick tests, `--all` does that and runs every test. It ends with what became of them.
 */
import { runDeno, say } from "./support/gate_process.ts";
import { findTestFiles, groupFiles, pureFiles, type TestGroup } from "./support/test_files.ts";
import { type NamedTest, readTestReport } from "./support/test_report.ts";

interface Tally {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

const modes = ["--check", "--all"];
/** Named as tests are, and counted with them. */
const checks: readonly (readonly [string, readonly string[]])[] = [
  ["format", ["fmt", "--check", "--quiet"]],
  ["lint", ["lint", "--quiet"]],
  ["types", ["check", "--quiet"]],
];

Deno.chdir(new URL("..", import.meta.url));
Deno.exit(await runGate(Deno.args) ? 0 : 1);

async function runGate(args: readonly string[]): Promise<boolean> {
  const unknown = args.find((arg) => arg.startsWith("-") && !modes.includes(arg));
  if (unknown !== undefined) {
    throw new Error(`Cannot run the tests: ${unknown} is none of ${modes.join(", ")}`);
  }
  const found = await findTestFiles();
  const wanted = args.filter((arg) => !arg.startsWith("-"));
  const named = found.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
  const quick = args.includes("--check") && !args.includes("--all");
  const tallies: Tally[] = [];
  if (args.length > wanted.length) { for (const check of checks) tallies.push(await runCheck(...check)); }
  if (!quick) tallies.push(...await buildConsole());
  for (const group of groupFiles(quick ? pureFiles(named) : named)) tallies.push(await runGroup(group));
  return report(tallies);
}

async function runCheck(name: string, args: readonly string[]): Promise<Tally> {
  say(`\n── ${name}`);
  const { good } = await runDeno(args);
  return { passed: good ? 1 : 0, failed: good ? [] : [name], skipped: [] };
}

/** Tests that need the console find it built. */
async function buildConsole(): Promise<readonly Tally[]> {
  say("\n── build of the console");
  const { good } = await runDeno(["run", "-A", "client/build.ts", "--if-stale"]);
  return good ? [] : [{ passed: 0, failed: ["build of the console"], skipped: [] }];
}

async function runGroup(group: TestGroup): Promise<Tally> {
  say(`\n── ${group.name}`);
  const folder = await Deno.makeTempDir({ prefix: "orrery-tests-" });
  try {
    return await runFiles(group, `${folder}/report.xml`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runFiles(group: TestGroup, reportPath: string): Promise<Tally> {
  // Types are the check's business, and a fault in one file would keep all others from running.
  const args = ["test", "-A", "--quiet", "--no-check", `--junit-path=${reportPath}`, ...group.args];
  const { good, struckBy, late } = await runDeno([...args, ...group.files]);
  if (late) return { passed: 0, failed: [`${group.name}: ${struckBy}`], skipped: [] };
  const xml = await readIfThere(reportPath);
  // One file that cannot be loaded stops all: then each is run alone.
  if (xml === null && group.files.length > 1) return await runEach(group, reportPath);
  const told = readTestReport(xml ?? "");
  const silent = group.files.filter((file) => !told.files.has(file) && !toldByBrowser(file, told.files));
  const failed = [
    ...told.failed.map(nameOf),
    ...silent.map((file) => `${file}: ${struckBy ?? "it could not be loaded, or has no tests"}`),
  ];
  if (!good && failed.length === 0) failed.push(`${group.name}: something failed outside of a test`);
  return { passed: told.passed, failed, skipped: told.skipped.map(nameOf) };
}

async function runEach(group: TestGroup, reportPath: string): Promise<Tally> {
  const tallies: Tally[] = [];
  for (const [index, file] of group.files.entries()) {
    tallies.push(await runFiles({ ...group, files: [file] }, `${reportPath}.${index}`));
  }
  return sum(tallies);
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function nameOf({ file, name }: NamedTest): string {
  return `${file}: ${name}`;
}

function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, { passed }) => total + passed, 0),
    failed: tallies.flatMap(({ failed }) => failed),
    skipped: tallies.flatMap(({ skipped }) => skipped),
  };
}

/** The last line is for scripts. */
function report(tallies: readonly Tally[]): boolean {
  const { passed, failed, skipped } = sum(tallies);
  if (skipped.length > 0) say(`\nSkipped, since something is not there:\n${list(skipped)}`);
  if (failed.length > 0) say(`\nFailed:\n${list(failed)}`);
  say(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  return failed.length === 0 && passed > 0;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}

/** Browser tests are registered by one function, and so are told under the name of its file. */
function toldByBrowser(file: string, told: ReadonlySet<string>): boolean {
  return file.startsWith("test/e2e/") && told.has("test/e2e/browser.ts");
}
