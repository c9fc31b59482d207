/**
 * Builds the console into client/dist. With --if-stale only when something that it is made of has changed since the
 * last build, told by a stamp of contents, so that a fresh clone, a pulled change and a plain restart are all right.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const client = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(client, "dist");
/** Built here first and moved when whole: a build that fails or is killed leaves the old one as it was. */
const fresh = join(client, ".vite", "dist");
const stampPath = join(dist, ".stamp");

/** What the bundle depends on beside the client's own files. */
const outerSources = [
  "schema/schema.graphql",
  "schema/states.ts",
  "schema/script_shape.ts",
  "deno.lock",
  "deno.json",
];
const neverSources = new Set(["dist", ".vite", "node_modules"]);
const compressible = /\.(?:js|css|html|svg|json|txt)$/;
/** Smaller files do not gain from it. */
const COMPRESSED_FROM_BYTES = 512;

/** True when it built, false when the last build still holds. */
export async function buildConsole(ifStale: boolean): Promise<boolean> {
  const stamp = sourceStamp();
  if (ifStale && existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) return false;
  // Most starts find the console built, and need not load what builds it.
  const { build } = await import("vite");
  await build({
    configFile: join(client, "vite.config.ts"),
    mode: "production",
    logLevel: "silent",
    build: { outDir: fresh },
  });
  compress(fresh);
  writeFileSync(join(fresh, ".stamp"), stamp);
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(client, { recursive: true });
  renameSync(fresh, dist);
  return true;
}

function sourceStamp(): string {
  const hash = createHash("sha256");
  const paths = [...filesBelow(client, neverSources), ...outerSources.map((path) => join(root, path))];
  for (const path of paths.sort()) {
    hash.update(`${relative(root, path)}\0`).update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function compress(folder: string): void {
  for (const path of filesBelow(folder, new Set())) {
    if (!compressible.test(path)) continue;
    const content = readFileSync(path);
    if (content.length < COMPRESSED_FROM_BYTES) continue;
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params: quality }));
  }
}

function filesBelow(folder: string, never: ReadonlySet<string>): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (never.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path, never) : [path];
  });
}

/** What went wrong in one line: a bundler's message is a page of pictures. */
function firstWords(error: unknown): string {
  const message = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
  return message.split("\n").map((line) => line.trim()).filter((line) => line !== "").slice(0, 2).join(" ");
}

if (import.meta.main) {
  try {
    await buildConsole(process.argv.includes("--if-stale"));
  } catch (error) {
    process.stderr.write(`Cannot build the console: ${firstWords(error)}\n`);
    process.exit(1);
  }
}
