/** Looks for words that only mean something on the machine where a file was written. */

/** Not ours, or made anew on every machine. */
const skipped = new Set(["node_modules", ".git", "dist", ".vite", "data"]);
const textual = /\.(?:ts|tsx|js|json|lock|sql|css|html|svg|md|graphql|sh|toml|yml)$|(?:^|\/)(?:run|LICENSE)$/;
/** Folders that every machine has say nothing of one. */
const common = new Set([
  "/",
  "/tmp",
  "/var",
  "/opt",
  "/srv",
  "/usr",
  "/home",
  "/root",
  "/app",
  "/src",
  "/data",
]);
const PEOPLE = /\/(?:home|Users)\/[A-Za-z][\w.-]*\//;

/** The project's own files whose path from the root fits, sorted. */
export async function listOwnFiles(root: URL, shape: RegExp, folder = ""): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(new URL(folder === "" ? "." : folder, root))) {
    const path = `${folder}${entry.name}`;
    if (skipped.has(entry.name)) continue;
    if (entry.isDirectory) files.push(...await listOwnFiles(root, shape, `${path}/`));
    else if (shape.test(path)) files.push(path);
  }
  return files.sort();
}

/** One sentence for each file with such a word. */
export async function findMachineWords(root: URL): Promise<readonly string[]> {
  const own = decodeURIComponent(root.pathname).replace(/\/$/, "");
  const above = own.slice(0, own.lastIndexOf("/"));
  const folders = [own, above].filter((path) => path !== "" && !common.has(path)).map((path) => `${path}/`);
  const found: string[] = [];
  for (const file of await listOwnFiles(root, textual)) {
    const text = await Deno.readTextFile(new URL(file, root));
    const named = folders.find((path) => beginsAt(text, path)) ?? PEOPLE.exec(text)?.[0];
    // This file's own test has to write one down.
    if (named !== undefined && file !== "test/architecture_test.ts") found.push(`${file}: it names ${named}`);
    if (file === "deno.lock" && text.includes("://")) found.push(`${file}: it names a registry`);
  }
  return found;
}

/** As a path of its own, and not as the end of another or of an address. */
function beginsAt(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at !== -1; at = text.indexOf(path, at + 1)) {
    if (!/[\w.:/-]/.test(text.charAt(at - 1)) || text.startsWith("file://", at - 7)) return true;
  }
  return false;
}
