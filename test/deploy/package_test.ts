/** The package, as it is on a machine without Deno: unpacked by itself, started, and started again. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { VERSION } from "../../server/version.ts";
import { until } from "../support/until.ts";

const root = new URL("../..", import.meta.url).pathname;
const READY = /^Orrery is ready at (http:\/\/\S+)$/m;

Deno.test("a package unpacks itself once, also when it is started twice at once, and serves", async () => {
  const dir = await Deno.makeTempDir({ prefix: "orrery-package-test-" });
  const file = join(dir, "orrery");
  const made = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "deploy/package.ts", file],
    cwd: root,
    stdout: "null",
    stderr: "inherit",
  }).output();
  strictEqual(made.code, 0);
  const environment = {
    HOME: dir,
    PATH: "/usr/bin:/bin",
    ORRERY_HOME: join(dir, "home"),
    ORRERY_DATA_DIR: join(dir, "data"),
    ORRERY_PORT: "0",
    ORRERY_ADMIN_PASSWORD: "correct horse battery",
  };
  const start = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Deno.ChildProcess =>
    new Deno.Command(file, {
      args: [...args],
      clearEnv: true,
      env: { ...environment, ...more },
      stdout: "piped",
      stderr: "null",
    }).spawn();

  const twice = await Promise.all([start(["version"]), start(["version"])].map((child) => child.output()));
  for (const { code, stdout } of twice) {
    deepStrictEqual([code, new TextDecoder().decode(stdout)], [0, `orrery ${VERSION}\n`]);
  }
  const unpacked = await Array.fromAsync(Deno.readDir(join(dir, "home")));
  deepStrictEqual(unpacked.map(({ name }) => name.replace(/-[0-9a-f]{16}$/, "")), [VERSION]);

  for (const round of ["first", "second"]) {
    const server = start(["serve"]);
    let output = "";
    const reading = (async () => {
      for await (const text of server.stdout.pipeThrough(new TextDecoderStream())) output += text;
    })();
    const address = await until(`the ${round} start is ready`, () => READY.exec(output)?.[1], 120_000);
    const page = await fetch(address);
    match(await page.text(), /<!doctype html>/i);
    server.kill("SIGTERM");
    strictEqual((await server.status).code, 0);
    await reading;
  }
  const unwritable = await start(["version"], { ORRERY_HOME: "/proc/nowhere" }).output();
  strictEqual(unwritable.code, 1);
  await Deno.remove(dir, { recursive: true });
});

Deno.test({
  name: "the unit of systemd is sound",
  ignore: await Deno.stat("/usr/bin/systemd-analyze").then(() => false, () => true),
  fn: async () => {
    const dir = await Deno.makeTempDir();
    const unit = await Deno.readTextFile(join(root, "deploy/orrery.service"));
    // Of a program that is there, and a user too.
    const path = join(dir, "orrery.service");
    await Deno.writeTextFile(path, unit.replace("/usr/local/bin/orrery", "/bin/true"));
    const { code, stderr } = await new Deno.Command("systemd-analyze", { args: ["verify", path] }).output();
    strictEqual(new TextDecoder().decode(stderr), "");
    strictEqual(code, 0);
    await Deno.remove(dir, { recursive: true });
  },
});
