/** What the README says of settings, commands and folders is so. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import denoJson from "../../deno.json" with { type: "json" };
import { type Config, type ConfigSources, loadConfig } from "../../server/config.ts";

const CORES = 3;
const WORK_DIR = "/srv/orrery";
const root = new URL("../../", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", root));
const guide = await Deno.readTextFile(new URL("docs/guide.md", root));

interface Row {
  readonly variable: string;
  /** In the file: section.key; null for what the environment alone sets. */
  readonly place: string | null;
  readonly usual: string;
}

Deno.test("the table of settings has every variable that the server reads, and no other", async () => {
  const read = new Set<string>();
  const environment = new Proxy<Record<string, string>>({}, {
    get: (_target, name) => {
      read.add(String(name));
      return undefined;
    },
  });

  await load({ environment });

  const variables = [...read].filter((name) => name.startsWith("ORRERY_"));
  deepStrictEqual(
    [...rowsOf(readme).map(({ variable }) => variable), "ORRERY_CONFIG"].sort(),
    variables.sort(),
  );
  ok(readme.includes("`ORRERY_CONFIG`"));
});

Deno.test("the table of settings has every key that a settings file may have, and no other", async () => {
  const sections = [...(await refusalOf("[unknown]")).matchAll(/\[(\w+)\]/g)].map(([, section = ""]) =>
    section
  );
  const places = await Promise.all(sections.map(async (section) => {
    const [, keys = ""] = (await refusalOf(`[${section}]\nunknown = 1`)).split(`[${section}] has `);
    return keys.split(", ").map((key) => `${section}.${key}`);
  }));

  const told = rowsOf(readme).flatMap(({ place }) => place ?? []);
  deepStrictEqual([...told].sort(), places.flat().sort());
});

Deno.test("the table of settings has the defaults that hold", async () => {
  const config = await load({});

  for (const { variable, usual } of rowsOf(readme)) {
    strictEqual(usual, usualOf(config, keyOf(variable)), variable);
  }
});

Deno.test("every command that README and guide name is there", async () => {
  const text = `${readme}\n${guide}`;
  const tasks = [...text.matchAll(/(?:deno(?:@2)?) task ([a-z:]+)/g)].map(([, task = ""]) => task);
  const files = [...text.matchAll(/deno run -A (\S+\.ts)/g)].map(([, file = ""]) => file);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", fileURLToPath(new URL("server/main.ts", root)), "help"],
  }).output();
  const help = new TextDecoder().decode(stdout);
  const words = /main\.ts help` \| (.+) \|/.exec(readme)?.[1]?.match(/(?<=`)[a-z ]+(?=`)/g) ?? [];

  ok(tasks.length > 5 && files.length > 1 && words.length > 3);
  deepStrictEqual(tasks.filter((task) => !(task in denoJson.tasks)), []);
  for (const file of files) ok((await Deno.stat(new URL(file, root))).isFile, file);
  for (const word of words) ok(new RegExp(`^  ${word}\\b`, "m").test(help), word);
});

Deno.test("every file and folder of the README's map is there", async () => {
  const [, map = ""] = /## Map\n\n(.*?)\n\n/s.exec(readme) ?? [];
  const folders: string[] = [];
  let count = 0;
  for (const line of map.split("\n")) {
    const [, indent = "", names = ""] = /^ {4}( *)(.*?)(?: {2,}|$| printed| generated)/.exec(line) ?? [];
    for (const name of names.split(" ")) {
      folders.length = indent.length / 2;
      const path = [...folders, name].join("");
      ok(await isThere(path), path);
      count += 1;
      if (name.endsWith("/")) folders.push(name);
    }
  }
  ok(count > 20);
});

async function load(given: Partial<ConfigSources>): Promise<Config> {
  return await loadConfig({
    configPath: null,
    environment: {},
    readFile: () => Promise.resolve(""),
    cores: CORES,
    workDir: WORK_DIR,
    ...given,
  });
}

async function refusalOf(file: string): Promise<string> {
  let message = "";
  await rejects(
    load({ configPath: "orrery.toml", readFile: () => Promise.resolve(file) }),
    (error: Error) => {
      message = error.message;
      return true;
    },
  );
  return message;
}

/** A row may tell of several: `ORRERY_HOST`, `ORRERY_PORT` | `[server] host, port` | 127.0.0.1, 9528 */
function rowsOf(text: string): readonly Row[] {
  const rows = text.split("\n").filter((line) => line.startsWith("| `ORRERY_"));
  return rows.flatMap((line) => {
    const [, variables = "", place = "", usual = ""] = line.split("|").map((cell) => cell.trim());
    const names = variables.replaceAll("`", "").split(", ");
    const [, section, keys = ""] = /^`\[(\w+)\] (.+)`$/.exec(place) ?? [];
    const usuals = names.length > 1 ? usual.split(", ") : [usual];
    return names.map((variable, index) => ({
      variable,
      place: section === undefined ? null : `${section}.${keys.split(", ")[index]}`,
      usual: usuals[index] ?? "",
    }));
  });
}

/** ORRERY_LOG_FILE -> logFile */
function keyOf(variable: string): string {
  return variable.replace("ORRERY_", "").toLowerCase().replace(
    /_(\w)/g,
    (_all, letter) => letter.toUpperCase(),
  );
}

/** As the table says it. */
function usualOf(config: Config, key: string): string {
  const value = Object.entries(config).find(([name]) => name === key)?.[1];
  if (key === "capacity") return `${Number(value) / CORES} x cores`;
  if (key === "adminPassword") return "random";
  if (key === "secret") return "random, kept";
  return typeof value === "object" ? "none" : String(value).replace(`${WORK_DIR}/`, "./");
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(new URL(path, root)).then(() => true, () => false);
}
