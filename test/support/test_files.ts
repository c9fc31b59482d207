/** Finds the test files and sorts them into the processes that they need. */

/** Tests that one `deno test` runs. */
export interface TestGroup {
  readonly name: string;
  readonly files: readonly string[];
  readonly args: readonly string[];
}

/** Quick tests that need neither database nor process nor browser; also what the graph and the files look like. */
const pure = [
  /^test\/domain\/rules\//,
  /^test\/client\//,
  /^test\/graphql\/schema_test\.ts$/,
  /^test\/[^/]+$/,
];

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

/**
 * Quick ones first, whole journeys last. Only the quick ones run side by side: the others start servers, databases and
 * browsers, and would make each other slow.
 */
export function groupFiles(files: readonly string[]): readonly TestGroup[] {
  const quick = new Set(pureFiles(files));
  const client = files.filter((file) => file.startsWith("test/client/"));
  const journeys = files.filter((file) => file.startsWith("test/e2e/"));
  const rules = files.filter((file) => quick.has(file) && !client.includes(file));
  const others = files.filter((file) => !quick.has(file) && !journeys.includes(file));
  const groups = [
    { name: "rules", files: rules, args: ["--parallel"] },
    // Solid has one build for the server and one for the browser; the console runs the second.
    { name: "console", files: client, args: ["--parallel", "--conditions=browser"] },
    { name: "server", files: others, args: [] },
    { name: "journeys", files: journeys, args: [] },
  ];
  return groups.filter((group) => group.files.length > 0);
}
