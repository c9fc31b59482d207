/**
 * The gate. Without arguments it runs every test, with paths those whose name contains one of them; `--check` looks at
 * format, lint, types and the quick tests, `--all` does that and runs every test. It ends with what became of them.
 */
import { runDeno, say, type Shown } from "./support/gate_process.ts";
import {
  findOldestPostgres,
  findTestFiles,
  groupFiles,
  pureFiles,
  type TestGroup,
} from "./support/test_files.ts";
import { type NamedTest, readTestReport } from "./support/test_report.ts";

interface Tally {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  readonly times: readonly FileTime[];
}

interface FileTime {
  readonly file: string;
  readonly seconds: number;
}

const NOTHING: Tally = { passed: 0, failed: [], skipped: [], times: [] };
const MAX_SLOWEST_FILES = 10;

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
  const groups = groupFiles(quick ? pureFiles(named) : named, await findOldestPostgres());
  tallies.push(...await runInTurn(groups.filter((group) => group.quick), "at once"));
  const slow = groups.filter((group) => !group.quick);
  // The output of two at once would be mixed.
  tallies.push(...(await Promise.all([runInTurn(slow, "at once"), runInTurn(slow, "at the end")])).flat());
  return report(tallies);
}

/** Takes from the front as long as there is something: two callers share the groups. */
async function runInTurn(groups: TestGroup[], shown: Shown): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
    tallies.push(await runGroup(group, shown));
  }
  return tallies;
}

async function runCheck(name: string, args: readonly string[]): Promise<Tally> {
  say(`\n── ${name}`);
  const { good } = await runDeno(args);
  return { ...NOTHING, passed: good ? 1 : 0, failed: good ? [] : [name] };
}

/** Tests that need the console find it built. */
async function buildConsole(): Promise<readonly Tally[]> {
  say("\n── build of the console");
  const { good } = await runDeno(["run", "-A", "client/build.ts", "--if-stale"]);
  return good ? [] : [{ ...NOTHING, failed: ["build of the console"] }];
}

async function runGroup(group: TestGroup, shown: Shown): Promise<Tally> {
  if (shown === "at once") say(`\n── ${group.name}`);
  if (group.missing !== null) {
    return { ...NOTHING, skipped: group.files.map((file) => `${file} on ${group.name}: ${group.missing}`) };
  }
  await using opened = new AsyncDisposableStack();
  const environment = { ...group.environment };
  for (const open of group.resources) Object.assign(environment, opened.use(await open()).environment);
  const folder = await Deno.makeTempDir({ prefix: "orrery-tests-" });
  opened.defer(() => Deno.remove(folder, { recursive: true }));
  return await runFiles({ ...group, environment }, `${folder}/report.xml`, shown);
}

async function runFiles(group: TestGroup, reportPath: string, shown: Shown): Promise<Tally> {
  // Types are the check's business, and a fault in one file would keep all others from running.
  const args = ["test", "-A", "--quiet", "--no-check", `--junit-path=${reportPath}`, ...group.args];
  const { good, struckBy, late } = await runDeno([...args, ...group.files], {
    environment: group.environment,
    shown,
  });
  if (late) return { ...NOTHING, failed: [`${group.name}: ${struckBy}`] };
  const xml = await readIfThere(reportPath);
  // One file that cannot be loaded stops all: then each is run alone.
  if (xml === null && group.files.length > 1) return await runEach(group, reportPath, shown);
  const { passed, seconds, ...report } = readTestReport(xml ?? "");
  // A file may be run by two groups.
  const nameOf = ({ file, name }: NamedTest): string => `${group.name}: ${file}: ${name}`;
  const silent = group.files.filter((file) => !seconds.has(file));
  const failed = [
    ...report.failed.map(nameOf),
    ...silent.map((file) => nameOf({ file, name: struckBy ?? "it could not be loaded, or has no tests" })),
  ];
  if (!good && failed.length === 0) failed.push(`${group.name}: something failed outside of a test`);
  const times = Array.from(seconds, ([file, seconds]) => ({ file: `${group.name}: ${file}`, seconds }));
  return { passed, failed, skipped: report.skipped.map(nameOf), times };
}

async function runEach(group: TestGroup, reportPath: string, shown: Shown): Promise<Tally> {
  const tallies: Tally[] = [];
  for (const [index, file] of group.files.entries()) {
    tallies.push(await runFiles({ ...group, files: [file] }, `${reportPath}.${index}`, shown));
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

function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, { passed }) => total + passed, 0),
    failed: tallies.flatMap(({ failed }) => failed),
    skipped: tallies.flatMap(({ skipped }) => skipped),
    times: tallies.flatMap(({ times }) => times),
  };
}

/** The last line is for scripts. */
function report(tallies: readonly Tally[]): boolean {
  const { passed, failed, skipped, times } = sum(tallies);
  if (times.length > 0) say(`\nThe slowest test files, in seconds:\n${list(slowest(times))}`);
  if (skipped.length > 0) say(`\nSkipped, since something is not there:\n${list(skipped)}`);
  if (failed.length > 0) say(`\nFailed:\n${list(failed)}`);
  say(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  return failed.length === 0 && passed > 0;
}

function slowest(times: readonly FileTime[]): readonly string[] {
  const longest = times.toSorted((a, b) => b.seconds - a.seconds).slice(0, MAX_SLOWEST_FILES);
  return longest.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(6)}  ${file}`);
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
