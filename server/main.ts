/** The command line: one word says what to do, and nothing is done twice. */
import { parseArgs } from "node:util";
import { exportDatabase } from "./cli/export.ts";
import { importDatabase } from "./cli/import.ts";
import { migrateOnly } from "./cli/migrate.ts";
import { printSchemaFile } from "./cli/schema.ts";
import { serve } from "./cli/serve.ts";
import { addUser, changeUserPassword } from "./cli/user.ts";
import { rotateVault } from "./cli/vault.ts";
import { type Config, loadConfig } from "./config.ts";
import { adviseOn } from "./db/bundled_cluster.ts";
import { unavailableReason } from "./db/constraints.ts";
import { StartError } from "./start_error.ts";

const HELP = `Orrery runs graphs of shell commands, on a schedule or by hand.

  serve                     serve the console and the API (the default)
  export FILE               write the whole database into FILE
  import FILE               read FILE into an empty database
  migrate                   bring the database to this version's shape, and end
  user add NAME [--admin] [--password]
                            make an account; its password is read from standard input, and with --password it may
                            sign in with it also where passwords are switched off
  user password NAME        set a password, read from standard input
  vault rotate              encrypt all secrets anew with ORRERY_SECRET; ORRERY_PREVIOUS_SECRET is what it was
  schema [--write]          say whether schema/schema.graphql is what the code does, or write it
  help                      print this

  --config PATH             read settings from this TOML file (or from ORRERY_CONFIG)
`;

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  try {
    await run(args);
  } catch (error) {
    // The one place where what cannot start is told; a bug keeps its stack.
    const message = error instanceof StartError ? error.message : describeOutage(error);
    if (message === null) throw error;
    write(Deno.stderr, `${message}\n`);
    Deno.exit(1);
  }
}

/** A database that was there and then failed, such as for want of space. */
function describeOutage(error: unknown): string | null {
  const reason = unavailableReason(error);
  return reason === null ? null : `Cannot go on: the database has failed: ${adviseOn(reason)}`;
}

async function run(args: readonly string[]): Promise<void> {
  const { configPath, words, flags } = readArguments(args);
  const config = (): Promise<Config> => readConfig(configPath);
  const [command = "serve", ...rest] = words;
  switch (command) {
    case "serve":
      expect(command, rest, 0, flags, []);
      return await serve(await config());
    case "export":
    case "import": {
      expect(command, rest, 1, flags, []);
      const [file = ""] = rest;
      if (command === "export") return await exportDatabase(await config(), file);
      return write(Deno.stdout, await importDatabase(await config(), file));
    }
    case "migrate":
      expect(command, rest, 0, flags, []);
      return await migrateOnly(await config());
    case "user":
      return await runUser(rest, flags, config);
    case "vault":
      if (rest.join(" ") !== "rotate") throw new StartError('Unknown command "vault": it is `vault rotate`');
      expect("vault rotate", [], 0, flags, []);
      return await runRotate(await config());
    case "schema":
      expect(command, rest, 0, flags, ["--write"]);
      return await runSchema(flags.has("--write"));
    case "help":
      return write(Deno.stdout, HELP);
    default:
      throw new StartError(`Unknown command "${command}": see \`help\` for what there is`);
  }
}

async function runUser(
  words: readonly string[],
  flags: ReadonlySet<string>,
  config: () => Promise<Config>,
): Promise<void> {
  const [action, ...rest] = words;
  if (action !== "add" && action !== "password") {
    throw new StartError(
      'Unknown command "user": it is `user add NAME [--admin] [--password]` or `user password NAME`',
    );
  }
  expect(`user ${action}`, rest, 1, flags, action === "add" ? ["--admin", "--password"] : []);
  const [name = ""] = rest;
  if (action === "add") {
    await addUser(await config(), name, {
      admin: flags.has("--admin"),
      breakGlass: flags.has("--password"),
    });
  } else await changeUserPassword(await config(), name);
}

async function runRotate(config: Config): Promise<void> {
  const count = await rotateVault(config);
  write(Deno.stdout, `Encrypted ${count} ${count === 1 ? "value" : "values"} with the new key\n`);
}

async function runSchema(writing: boolean): Promise<void> {
  if (await printSchemaFile(writing)) return;
  throw new StartError(
    "schema/schema.graphql is stale: run `deno task schema:print` and look at what changed",
  );
}

interface Arguments {
  readonly configPath: string | null;
  readonly words: readonly string[];
  readonly flags: ReadonlySet<string>;
}

function readArguments(args: readonly string[]): Arguments {
  const { values: { config, help }, positionals, tokens } = parseArgs({
    args: [...args],
    options: { config: { type: "string" }, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
    // Which other flags a command has is checked by `expect`.
    strict: false,
    tokens: true,
  });
  if (config === true) throw new StartError("Cannot read the settings: --config needs the path of a file");
  return {
    configPath: typeof config === "string" ? config : null,
    words: help === undefined ? positionals : ["help"],
    flags: new Set(
      tokens.flatMap((token) =>
        token.kind === "option" && !["config", "help"].includes(token.name) ? [token.rawName] : []
      ),
    ),
  };
}

function expect(
  command: string,
  rest: readonly string[],
  count: number,
  flags: ReadonlySet<string>,
  known: readonly string[],
): void {
  const unknown = [...flags].find((flag) => !known.includes(flag));
  if (unknown !== undefined) {
    throw new StartError(`Unknown flag "${unknown}" for \`${command}\`: see \`help\``);
  }
  if (rest.length === count) return;
  const wanted = count === 0 ? "no argument" : "one argument";
  throw new StartError(`\`${command}\` takes ${wanted}, ${rest.length} were given: see \`help\``);
}

function readConfig(configPath: string | null): Promise<Config> {
  return loadConfig({
    configPath,
    environment: Deno.env.toObject(),
    readFile: (path) => Deno.readTextFile(path),
    cores: navigator.hardwareConcurrency,
    workDir: Deno.cwd(),
  });
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  stream.writeSync(new TextEncoder().encode(text));
}
