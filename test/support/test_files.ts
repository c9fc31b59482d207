/** Finds the test files and sorts them into the processes that they need. */
import { join } from "node:path";

/** Tests that one `deno test` runs. */
export interface TestGroup {
  readonly name: string;
  readonly files: readonly string[];
  readonly args: readonly string[];
  /** Run first, each file beside others. Of the other groups two run at a time: they start servers, databases and browsers. */
  readonly quick: boolean;
  /** Opened before the tests and closed after them. */
  readonly resources: readonly (() => Promise<SharedResource>)[];
  readonly environment: Readonly<Record<string, string>>;
  /** Why none of it can run here; its files are then counted as skipped. */
  readonly missing: string | null;
}

/** Something that all files of a group use, such as a database. */
export interface SharedResource extends AsyncDisposable {
  /** By what the tests find it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Quick tests that need neither database nor process nor browser; also what the graph and the files look like. */
const pure = [
  /^test\/domain\/rules\//,
  /^test\/client\//,
  /^test\/graphql\/schema_test\.ts$/,
  /^test\/[^/]+$/,
];

/** What depends most on the version of PostgreSQL: run once more, on the oldest one that is installed. */
const externalFiles = [
  "test/db/client_test.ts",
  "test/db/migrate_test.ts",
  "test/db/open_test.ts",
  "test/db/transaction_test.ts",
  "test/domain/logs/append_test.ts",
  "test/domain/logs/partitions_test.ts",
  "test/domain/schedules/fire_schedules_test.ts",
  "test/engine/engine_test.ts",
  "test/engine/two_servers_test.ts",
];
const POSTGRES_VERSIONS = "/usr/lib/postgresql";

/** Every test file beneath test/, sorted. */
export async function findTestFiles(folder = "test"): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) files.push(...await findTestFiles(path));
    else if (/_test\.tsx?$/.test(entry.name)) files.push(path);
  }
  return files.sort();
}

export function pureFiles(files: readonly string[]): readonly string[] {
  return files.filter((file) => pure.some((shape) => shape.test(file)));
}

/** The programs of the oldest PostgreSQL that is installed; null when there is none. */
export async function findOldestPostgres(versions = POSTGRES_VERSIONS): Promise<string | null> {
  const found: string[] = [];
  for (const entry of await readFolder(versions)) {
    const programs = await readFolder(join(versions, entry, "bin"));
    if (programs.includes("initdb")) found.push(entry);
  }
  const [oldest] = found.sort((a, b) => Number(a) - Number(b));
  return oldest === undefined ? null : join(versions, oldest, "bin");
}

/** In the order in which they are begun. `external` is the folder of the programs on which the external files are run once more. */
export function groupFiles(files: readonly string[], external: string | null): readonly TestGroup[] {
  const quick = new Set(pureFiles(files));
  const client = files.filter((file) => file.startsWith("test/client/"));
  const journeys = files.filter((file) => file.startsWith("test/e2e/"));
  const rules = files.filter((file) => quick.has(file) && !client.includes(file));
  const engine = files.filter((file) => /^test\/(agent|engine)\//.test(file));
  const others = files.filter((file) => ![...quick, ...journeys, ...engine].includes(file));
  const plain = { args: [], quick: false, resources: [], environment: {}, missing: null };
  const groups: readonly TestGroup[] = [
    { ...plain, name: "rules", quick: true, files: rules, args: ["--parallel"] },
    // Solid has one build for the server and one for the browser; the console runs the second.
    { ...plain, name: "console", quick: true, files: client, args: ["--parallel", "--conditions=browser"] },
    // The longest first, so that two rows end at about the same time.
    { ...plain, name: "journeys", files: journeys, resources: [() => sharePostgres(null)] },
    { ...plain, name: "server", files: others, resources: [() => sharePostgres(null)] },
    { ...plain, name: "engine", files: engine, resources: [() => sharePostgres(null)] },
    {
      ...plain,
      name: "external PostgreSQL",
      files: files.filter((file) => externalFiles.includes(file)),
      resources: [() => sharePostgres(external)],
      environment: { ORRERY_TEST_POSTGRES: external ?? "" },
      missing: external === null ? `no PostgreSQL in ${POSTGRES_VERSIONS}` : null,
    },
  ];
  return groups.filter((group) => group.files.length > 0);
}

/** Loaded only when it is needed: the quick tests do without. */
async function sharePostgres(programs: string | null): Promise<SharedResource> {
  return await (await import("./database.ts")).sharePostgres(programs);
}

/** The names in a folder; none when it does not exist. */
async function readFolder(path: string): Promise<readonly string[]> {
  try {
    return await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [];
    throw error;
  }
}
