/**
 * `deno task package`: one file that unpacks itself, with the runtime, the server, the console and the database inside.
 * Nothing is fetched where it is started. It is made of what the lock file holds, for the platform that makes it.
 */
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import project from "../deno.json" with { type: "json" };
import { VERSION } from "../server/version.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** What tests and builds use, and no server. */
const DEVELOPMENT = ["axe-core", "drizzle-kit", "playwright-core"];
const PLATFORM = `${Deno.build.os}-${Deno.build.arch}`;
const [, FLAGS = ""] = /&& deno run -A (--v8-flags=\S+) server/.exec(project.tasks.start) ?? [];

if (import.meta.main) {
  const target = Deno.args[0] ?? join(root, "dist", `orrery-${VERSION}-${PLATFORM}`);
  await makePackage(target);
  Deno.stdout.writeSync(new TextEncoder().encode(`${target}\n`));
}

async function makePackage(target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const stage = await Deno.makeTempDir({ prefix: "orrery-package-" });
  const part = `${target}.part`;
  try {
    await gather(stage);
    const archive = `${stage}.tar.gz`;
    try {
      await run("tar", ["-C", stage, "-czf", archive, "."]);
      const content = await Deno.readFile(archive);
      const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
      await Deno.writeTextFile(part, launcher(`${VERSION}-${hash}`));
      using file = await Deno.open(part, { append: true });
      for (let written = 0; written < content.length;) written += await file.write(content.subarray(written));
      await file.sync();
      await Deno.chmod(part, 0o755);
      // Whole or not at all: a full disk leaves the package of before.
      await rename(part, target);
    } finally {
      await rm(archive, { force: true });
    }
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function gather(stage: string): Promise<void> {
  await run(Deno.execPath(), ["run", "-A", "client/build.ts", "--if-stale"], root);
  for (const folder of ["server", "schema", "migrations", "client/dist"]) {
    await cp(join(root, folder), join(stage, folder), { recursive: true });
  }
  await cp(join(root, "deno.lock"), join(stage, "deno.lock"));
  await cp(Deno.execPath(), join(stage, "bin", "deno"));
  const { imports, compilerOptions, unstable } = project;
  const needed = Object.fromEntries(Object.entries(imports).filter(([name]) => !DEVELOPMENT.includes(name)));
  const settings = {
    nodeModulesDir: "auto",
    unstable,
    lock: { path: "./deno.lock" },
    imports: needed,
    compilerOptions,
  };
  await Deno.writeTextFile(join(stage, "deno.json"), JSON.stringify(settings));
  const commands = [...await sources(join(stage, "server/cli")), "server/main.ts"];
  await run(Deno.execPath(), ["install", "--entrypoint", ...commands], stage);
}

async function sources(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  const paths = entries.map((name) => join(folder, name)).filter((path) => path.endsWith(".ts"));
  for (const path of paths) await stat(path);
  return paths;
}

async function run(program: string, args: readonly string[], cwd?: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args: [...args],
    stdout: "null",
    stderr: "piped",
    ...cwd === undefined ? {} : { cwd },
  }).output();
  if (!success) {
    throw new Error(`${program} ${args[0]} failed: ${new TextDecoder().decode(stderr).slice(-2_000)}`);
  }
}

/** Two first starts at once unpack twice, and one of them is kept: a folder is renamed to its place when it is whole. */
function launcher(name: string): string {
  const script = (lines: number): string =>
    `#!/bin/sh
set -eu
parent="\${ORRERY_HOME:-\${XDG_CACHE_HOME:-\${HOME:-/var/tmp}/.cache}/orrery}"
home="$parent/${name}"
if [ ! -d "$home" ]; then
  mkdir -p "$parent" && part=$(mktemp -d "$parent/.part.XXXXXX") || { echo "Cannot unpack into $parent: set ORRERY_HOME to a folder that can be written" >&2; exit 1; }
  trap 'rm -rf "$part"' EXIT
  tail -n +${lines} "$0" | tar -xzf - -C "$part" || { echo "Cannot unpack into $parent: is the disk full? ORRERY_HOME names another folder" >&2; exit 1; }
  mv -T "$part" "$home" 2>/dev/null || [ -d "$home" ]
  rm -rf "$part"; trap - EXIT
fi
DENO_DIR="$home/cache" DENO_NO_UPDATE_CHECK=1 exec "$home/bin/deno" run -A --cached-only ${FLAGS} --config "$home/deno.json" "$home/server/main.ts" "$@"
`;
  return script(script(0).split("\n").length);
}
