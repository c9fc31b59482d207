/** The command line: one word says what to do, and only what it needs is loaded. */
import { parseArgs } from "node:util";
import type { Config } from "./config.ts";
import { StartError } from "./start_error.ts";
import { VERSION } from "./version.ts";

const HELP = `Orrery runs graphs of shell commands, on a schedule or by hand.

On the machine of the server
  serve                     serve the console and the API (the default)
  export FILE               write the whole database into FILE
  import FILE               read FILE into an empty database
  migrate                   bring the database to this version's shape, and end
  user add NAME [--admin] [--password]
                            make an account; its password is read from standard input, and with --password it may
                            sign in with it also where passwords are switched off
  user password NAME        set a password, read from standard input
  vault rotate              encrypt all secrets anew with ORRERY_SECRET; ORRERY_PREVIOUS_SECRET is what it was
  --config PATH             read settings from this TOML file (or from ORRERY_CONFIG)

From anywhere (--server URL or ORRERY_SERVER; a token of \`login\` or ORRERY_TOKEN)
  login                     sign in and keep a token for 90 days
  run NAME [--wait] [-f]    start a container; exit code 0 succeeded, 1 failed, 2 cancelled
  logs NAME [-f]            the output of its newest run
  plan PATH...              what definition files would change
  apply PATH...             plan, and make it so
  export-files [NAME]       containers as definition files
  crontab ACTION [FILE]     preview, import, compare or switch a crontab
  api FIELD                 any field of the API; api --help lists them

  completion SHELL          completion for bash, zsh or fish
  version                   print the version
  help                      print this; each command from anywhere has --help
`;

type Command = (args: readonly string[]) => Promise<number>;

/** What talks to a server, which may be elsewhere: neither settings nor a database are read. */
const remote: Readonly<Record<string, () => Promise<Command>>> = {
  login: async () => (await load<typeof import("./cli/remote/login.ts")>("cli/remote/login")).runLogin,
  run: async () => (await load<typeof import("./cli/remote/run.ts")>("cli/remote/run")).runRun,
  logs: async () => (await load<typeof import("./cli/remote/run.ts")>("cli/remote/run")).runLogs,
  plan: async () => (await load<typeof import("./cli/remote/files.ts")>("cli/remote/files")).runPlan,
  apply: async () => (await load<typeof import("./cli/remote/files.ts")>("cli/remote/files")).runApply,
  "export-files": async () =>
    (await load<typeof import("./cli/remote/files.ts")>("cli/remote/files")).runExportFiles,
  crontab: async () =>
    (await load<typeof import("./cli/remote/crontab.ts")>("cli/remote/crontab")).runCrontab,
  api: async () => (await load<typeof import("./cli/remote/api.ts")>("cli/remote/api")).runApi,
  completion: async () => (await completion()).runCompletion,
};

const completion = (): Promise<typeof import("./cli/remote/completion.ts")> => load("cli/remote/completion");

/** In a checkout and in a package. */
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** By an address that is made: what a literal one names, the runtime would read at every start. */
async function load<Module>(name: string): Promise<Module> {
  return await import(new URL(`./${name}.${EXTENSION}`, import.meta.url).href);
}

const local = ["serve", "export", "import", "migrate", "user", "vault", "version", "help"];

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  try {
    const code = await run(args);
    if (code !== 0) Deno.exit(code);
  } catch (error) {
    // The one place where what cannot be done is told; a bug keeps its stack.
    const message = error instanceof StartError ? error.message : await describeOutage(error);
    if (message === null) throw error;
    write(Deno.stderr, `${message}\n`);
    Deno.exit(1);
  }
}

/** A database that was there and then failed, such as for want of space. */
async function describeOutage(error: unknown): Promise<string | null> {
  const { unavailableReason } = await load<typeof import("./db/constraints.ts")>("db/constraints");
  const reason = unavailableReason(error);
  if (reason === null) return null;
  const { adviseOn } = await load<typeof import("./db/bundled_cluster.ts")>("db/bundled_cluster");
  return `Cannot go on: the database has failed: ${adviseOn(reason)}`;
}

async function run(args: readonly string[]): Promise<number> {
  const [word = "", ...words] = args;
  if (Object.hasOwn(remote, word)) return await runRemote(word, words);
  if (word === "complete") {
    const { runComplete } = await load<typeof import("./cli/remote/completion.ts")>("cli/remote/completion");
    return await runComplete(words, [...Object.keys(remote), ...local].sort());
  }
  await runLocal(args);
  return 0;
}

/** `api` has a help of its own for each field; the others say how they are used. */
async function runRemote(word: string, words: readonly string[]): Promise<number> {
  const command = await remote[word]?.();
  if (command === undefined) throw new Error(`Command ${word} has no code`);
  const help = word !== "api" && words.some((text) => text === "--help" || text === "-h");
  if (!help) return await command(words);
  try {
    // Of more words than any of them takes, every command says what it takes.
    await command([...Array<string>(9).fill("--help")]);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    write(Deno.stdout, `${error.message.replace(/^.*\n\n(?=Usage)/s, "")}\n`);
  }
  return 0;
}

async function runLocal(args: readonly string[]): Promise<void> {
  const { configPath, words, flags } = readArguments(args);
  const config = (): Promise<Config> => readConfig(configPath);
  const [command = "serve", ...rest] = words;
  switch (command) {
    case "serve":
      expect(command, rest, 0, flags, []);
      return await (await load<typeof import("./cli/serve.ts")>("cli/serve")).serve(await config());
    case "export":
      expect(command, rest, 1, flags, []);
      return await (await load<typeof import("./cli/export.ts")>("cli/export")).exportDatabase(
        await config(),
        rest[0] ?? "",
      );
    case "import":
      expect(command, rest, 1, flags, []);
      return write(
        Deno.stdout,
        await (await load<typeof import("./cli/import.ts")>("cli/import")).importDatabase(
          await config(),
          rest[0] ?? "",
        ),
      );
    case "migrate":
      expect(command, rest, 0, flags, []);
      return await (await load<typeof import("./cli/migrate.ts")>("cli/migrate")).migrateOnly(await config());
    case "user":
      return await runUser(rest, flags, config);
    case "vault":
      if (rest.join(" ") !== "rotate") throw new StartError('Unknown command "vault": it is `vault rotate`');
      expect("vault rotate", [], 0, flags, []);
      return await runRotate(await config());
    case "schema":
      expect(command, rest, 0, flags, ["--write"]);
      return await runSchema(flags.has("--write"));
    case "version":
      return write(Deno.stdout, `orrery ${VERSION}\n`);
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
  const { addUser, changeUserPassword } = await load<typeof import("./cli/user.ts")>("cli/user");
  if (action === "add") {
    await addUser(await config(), name, {
      admin: flags.has("--admin"),
      breakGlass: flags.has("--password"),
    });
  } else await changeUserPassword(await config(), name);
}

async function runRotate(config: Config): Promise<void> {
  const { rotateVault } = await load<typeof import("./cli/vault.ts")>("cli/vault");
  const count = await rotateVault(config);
  write(Deno.stdout, `Encrypted ${count} ${count === 1 ? "value" : "values"} with the new key\n`);
}

async function runSchema(writing: boolean): Promise<void> {
  const { printSchemaFile } = await load<typeof import("./cli/schema.ts")>("cli/schema");
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

async function readConfig(configPath: string | null): Promise<Config> {
  const { loadConfig } = await load<typeof import("./config.ts")>("config");
  return await loadConfig({
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
