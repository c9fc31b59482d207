/** What the guide says is so: its commands are run as they stand, and its pictures are those that the program takes. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { pictureNames } from "../../docs/pictures.ts";
import { startServer } from "../support/server.ts";

const guide = await Deno.readTextFile(new URL("../../docs/guide.md", import.meta.url));
const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
/** What the scripts use beside the shell. */
const ignore = !await hasPrograms(["curl", "jq"]);
const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));

Deno.test("the scripts of the guide do what they say, one after another", { ignore }, async () => {
  await using server = await startServer();
  const token = await server.signIn();
  const folder = await Deno.makeTempDir();

  const { code, output, faults } = await runShell(commandsOf("Scripts"), folder, {
    ORRERY: server.address,
    TOKEN: token,
  });

  strictEqual(faults, "");
  strictEqual(code, 0);
  for (const line of [/"version": 2/, /^the run: SUCCEEDED$/m, /^42$/m, /^true$/m, /"DeletedPayload"/]) {
    match(output, line);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the commands of the guide move everything from one data directory to another", async () => {
  const folder = await Deno.makeTempDir();
  const dataDir = await Deno.makeTempDir();
  const commands = commandsOf("Backup and moving").replaceAll("server/main.ts", main);

  const { code, faults } = await runShell(commands, folder, { ORRERY_DATA_DIR: dataDir });

  strictEqual(code, 0, faults);
  await using moved = await startServer({ dataDir: `${folder}/moved`, databaseUrl: null });
  const { data } = await moved.graphql(`{ viewer { username } }`);
  strictEqual(data.viewer.username, "admin");
  await moved.stop();
  for (const place of [folder, dataDir]) await Deno.remove(place, { recursive: true });
});

Deno.test("every picture that is shown is taken, and every one that is taken is shown", async () => {
  const shown = [...guide.matchAll(/\]\((\S+)\.png\)/g), ...readme.matchAll(/\]\(docs\/(\S+)\.png\)/g)];
  const there = await Array.fromAsync(Deno.readDir(new URL("../../docs", import.meta.url)));

  const names = [...new Set(shown.map(([, name]) => name))].sort();
  deepStrictEqual(names, [...pictureNames].sort());
  const files = there.filter(({ name }) => name.endsWith(".png")).map(({ name }) => name.slice(0, -4));
  deepStrictEqual(files.sort(), names);
});

Deno.test("every link within the guide leads to a chapter", () => {
  const chapters = [...guide.matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
    title.toLowerCase().replaceAll(" ", "-")
  );

  const missing = [...guide.matchAll(/\]\(#([a-z-]+)\)/g)].map(([, anchor = ""]) => anchor)
    .filter((anchor) => !chapters.includes(anchor));
  deepStrictEqual(missing, []);
});

/** All blocks for the shell in a chapter, as one script. */
function commandsOf(chapter: string): string {
  const text = guide.split(/^## /m).find((part) => part.startsWith(`${chapter}\n`)) ?? "";
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block).join("\n");
}

async function hasPrograms(names: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    names.map((name) => new Deno.Command("/bin/sh", { args: ["-c", `command -v ${name}`] }).output()),
  );
  return found.every(({ success }) => success);
}

async function runShell(
  script: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly output: string; readonly faults: string }> {
  // The very deno that runs this, also where it is not installed for everybody.
  const path = `${dirname(Deno.execPath())}:${Deno.env.get("PATH") ?? "/usr/bin:/bin"}`;
  const child = new Deno.Command("/bin/sh", {
    args: ["-ec", script],
    cwd: folder,
    env: { ...environment, PATH: path },
  });
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout), faults: decoder.decode(stderr) };
}
