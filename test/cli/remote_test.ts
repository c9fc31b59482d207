/** The commands that talk to a server, as people and scripts run them. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { buildSchema, parse, validate } from "graphql";
import { describeField, listFields } from "../../server/cli/remote/api_help.ts";
import { apiFields, readApi, writeDocument } from "../../server/cli/remote/api.ts";
import { compareFires, readCronLog } from "../../server/cli/remote/crontab_compare.ts";
import { commentOut, takeBack } from "../../server/cli/remote/crontab_switch.ts";
import { SCHEMA_FILE } from "../../server/paths.ts";
import { ADMIN_PASSWORD, startServer, type TestServer } from "../support/server.ts";

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const main = new URL("../../server/main.ts", import.meta.url).pathname;

async function orrery(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  input = "",
): Promise<Said> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", main, ...args],
    env: { ORRERY_TOKEN: "", ...environment },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

Deno.test("api knows every field of the schema, with help and a document that is valid", () => {
  const schema = buildSchema(Deno.readTextFileSync(SCHEMA_FILE));
  const fields = apiFields(readApi());
  const list = listFields(fields);

  strictEqual(fields.length > 60, true);
  for (const known of fields) {
    const { name, args, description } = known.field;
    const help = describeField(known);
    ok(
      help.includes(description ?? "?") && args.every((argument) => help.includes(`--${argument.name}`)),
      name,
    );
    ok(list.includes(`  ${name} `), name);
    const document = writeDocument(readApi(), known, args.map((argument) => argument.name), null);
    deepStrictEqual(validate(schema, parse(document)).map(({ message }) => message), [], name);
  }
});

Deno.test("commentOut() and takeBack() are each other's reverse, byte for byte", () => {
  for (const text of ["a\nb\r\n\nc", "a\n", "", "\u00ff\u0000a\nb", "#orrery\nx\n"]) {
    const { bytes, lines } = takeBack(commentOut(text, new Set([1, 2])));
    strictEqual(bytes, text);
    strictEqual(lines[0], 1);
  }
});

Deno.test("readCronLog() reads both formats of the system's log, and compareFires() goes by the minute", () => {
  const now = new Date("2026-01-05T12:00:00Z");
  const log = `2026-01-05T10:00:01.123456+00:00 host CRON[77]: (root) CMD (  cd / && run (x))
2026-01-05T10:17:01+0000 host CRON[78]: (www-data) CMD (php a.php)
Jan  5 09:00:01 host CRON[79]: (root) CMD (old)
Jan  5 09:00:01 host CRON[79]: (root) INFO (No MTA installed)
Dec 31 23:59:01 host cron[9]: (root) CMD (last year)
`;

  const runs = readCronLog(log, now);

  deepStrictEqual(runs.map(({ user, command }) => [user, command]), [
    ["root", "cd / && run (x)"],
    ["www-data", "php a.php"],
    ["root", "old"],
    ["root", "last year"],
  ]);
  strictEqual(runs[1]?.at.toISOString(), "2026-01-05T10:17:01.000Z");
  strictEqual(runs[3]?.at.getFullYear(), 2025);
  const at = (text: string): Date => new Date(`2026-01-05T${text}Z`);
  deepStrictEqual(compareFires([at("10:00:01"), at("10:05:02")], [at("10:00:00"), at("10:10:00")]), {
    both: 1,
    cronOnly: [at("10:05:02")],
    orreryOnly: [at("10:10:00")],
  });
});

Deno.test("the command line does what the API does", async (t) => {
  const home = await Deno.makeTempDir();
  await using server = await startServer();
  const environment = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_STATE_HOME: join(home, "state"),
    ORRERY_SERVER: server.address,
    ORRERY_TOKEN: await server.adminToken(),
  };
  const run = (args: readonly string[], input = ""): Promise<Said> => orrery(args, environment, input);
  const file = async (name: string, text: string): Promise<string> => {
    await Deno.writeTextFile(join(home, name), text);
    return join(home, name);
  };
  const one = (name: string, command: string): string =>
    `kind: container/v1\nname: ${name}\ntasks:\n  a:\n    command: ${JSON.stringify(command)}\n`;

  await t.step("login keeps a token for its owner alone, and a wrong password is told", async () => {
    const without = { ...environment, ORRERY_TOKEN: "" };
    const wrong = await orrery(["login", "--user", "admin"], without, "wrong\n");
    strictEqual(wrong.code, 1);
    strictEqual((await orrery(["api", "containers"], without)).code, 1);

    const right = await orrery(["login", "--user", "admin"], without, `${ADMIN_PASSWORD}\n`);

    strictEqual(right.code, 0, right.err);
    strictEqual(((await Deno.stat(join(home, "config/orrery/tokens.json"))).mode ?? 0) & 0o777, 0o600);
    match((await orrery(["api", "viewer"], without)).out, /"username": "admin"/);
    ok(!right.out.includes(ADMIN_PASSWORD));
  });

  await t.step("plan tells what apply does, and faults by their place", async () => {
    const path = await file(
      "all.yaml",
      `${one("ok", "echo hello; sleep 1; echo done")}---\n${one("bad", "echo no; exit 7")}`,
    );

    const plan = await run(["plan", path]);
    const apply = await run(["apply", path, "--source", "checkout"]);
    const again = await run(["plan", home]);
    const faulty = await run(["plan", "-"], one("x", "y").replace("tasks", "task"));

    deepStrictEqual(
      [plan.code, apply.code, again.code, faulty.code],
      [2, 0, 0, 1],
      plan.err + apply.err + again.err,
    );
    match(plan.out, /^\+ bad\n {4}created\n/);
    match(plan.out, /2 to create, 0 to change, 0 to delete, 0 unchanged/);
    match(faulty.err, /^-:3:1: There is no key "task"/);
    const exported = await run(["export-files", "ok"]);
    match(exported.out, /^kind: container\/v1\nname: ok\n/);
  });

  await t.step("run answers with the run's end, and follows its output", async () => {
    const good = await run(["run", "ok", "--follow"]);
    const bad = await run(["run", "bad", "--wait"]);
    const unknown = await run(["run", "nothing"]);
    const logs = await run(["logs", "ok"]);

    strictEqual(good.code, 0, good.err);
    match(good.out, /\na \| hello\na \| done\n$/);
    strictEqual(bad.code, 1);
    match(bad.err, /^FAILED: .*Exit code 7/);
    match(unknown.err, /no container "nothing"/);
    strictEqual(logs.out, "a | hello\na | done\n");
  });

  await t.step("a cancelled run is exit code 2", async () => {
    await run(["apply", "-"], one("long", "sleep 100"));
    const waiting = run(["run", "long", "--wait"]);
    let id = "";
    while (id === "") {
      const { data } = await server.graphql('{ container(name: "long") { lastRun { id } } }');
      id = data.container.lastRun?.id ?? "";
    }

    const cancelled = await run(["api", "cancelRun", "--id", id]);

    strictEqual(cancelled.code, 0, cancelled.err);
    strictEqual((await waiting).code, 2);
  });

  await t.step("api takes arguments by type, prints JSON, and tells refusals with their place", async () => {
    const made = await run(["api", "createContainer", "--input.name", "by parts", "--input.priority", "3"]);
    const twice = await run(["api", "createContainer", "--input", '{"name": "by parts"}']);
    const listed = await run(["api", "containers", "--first", "2", "--fields", "{ totalCount }"]);
    const typo = await run(["api", "createContainer", "--input.nam", "x"]);
    const missing = await run(["api", "run"]);
    const wrong = await run(["api", "containers", "--first", "many"]);
    const events = await run(["api", "runEvents", "--runId", await newestRun(server)]);

    strictEqual(JSON.parse(made.out).priority, 3, made.err);
    deepStrictEqual([twice.code, twice.out], [1, ""]);
    match(twice.err, /has a container "by parts" already \(input\.name\)/);
    strictEqual(JSON.parse(listed.out).totalCount > 2, true);
    match(typo.err, /Unknown argument "--input.nam"/);
    match(missing.err, /--id is needed/);
    match(wrong.err, /--first "many": it takes Int/);
    strictEqual(events.code, 0, events.err);
    for (const line of events.out.trim().split("\n")) JSON.parse(line);
  });

  await t.step(
    "a crontab is previewed, imported, switched line by line, and taken back byte for byte",
    async () => {
      const text =
        'MAILTO=""\r\n# a note \u00e9\n0 3 * * * root true  \n0 4 * * * root false\n99 * * * * root x';
      const path = await file("cron", text);
      await Deno.chmod(path, 0o640);
      const shadows = async (): Promise<readonly boolean[]> => {
        const { data } = await server.graphql(
          '{ containers(filter: { nameContains: "cron: " }) { edges { node { name shadow } } } }',
        );
        return data.containers.edges.map(({ node }: { node: { shadow: boolean } }) => node.shadow).sort();
      };

      const preview = await run(["crontab", "preview", path]);
      const early = await run(["crontab", "switch", path]);
      const imported = await run(["crontab", "import", path]);
      deepStrictEqual(await shadows(), [true, true]);
      const switched = await run(["crontab", "switch", path, "--line", "4"]);
      const between = await Deno.readTextFile(path);
      deepStrictEqual(await shadows(), [false, true]);
      const back = await run(["crontab", "switch", path, "--back"]);

      deepStrictEqual(
        [preview.code, early.code, imported.code, switched.code, back.code],
        [1, 1, 1, 0, 0],
        switched.err + back.err,
      );
      match(preview.err, /^line 5: not imported: Cron cannot read "99" as a minute/);
      match(preview.out, /2 can be imported, 1 cannot/);
      match(early.err, /has no container yet: run `crontab import` first/);
      strictEqual(between, text.replace("0 4 * * *", "#orrery# 0 4 * * *"));
      strictEqual(await Deno.readTextFile(path), text);
      strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o640);
      deepStrictEqual(await shadows(), [true, true]);
      strictEqual((await Array.fromAsync(Deno.readDir(join(home, "state/orrery/crontabs")))).length, 2);
    },
  );

  await t.step("compare names the fires that only one of them had", async () => {
    const path = await file("every", "* * * * * root every-minute\n");
    await run(["crontab", "import", path]);
    const name = JSON.parse(
      (await run([
        "api",
        "containers",
        "--filter.nameContains",
        "every: ",
        "--fields",
        "{ edges { node { name } } }",
      ])).out,
    );
    strictEqual(name.edges.length, 1);
    const soon = new Date(Math.ceil(Date.now() / 60_000 + 1) * 60_000 + 1_000).toISOString();
    const log = await file("log", `${soon} host CRON[1]: (root) CMD (every-minute)\n`);

    const compared = await run(["crontab", "compare", path, "--since", "1h", "--log", log]);

    strictEqual(compared.code, 1, compared.err);
    match(compared.out, /line 1: 0 in both, 1 only by cron/);
    ok(compared.out.includes(`only cron    ${soon.slice(0, 19)}`), compared.out);
  });

  await t.step("a server that is not there is told, and words are completed", async () => {
    const away = await orrery(["api", "viewer", "--server", "http://127.0.0.1:1"], environment);
    strictEqual(away.code, 1);
    match(away.err, /^Cannot reach http:\/\/127\.0\.0\.1:1: .*--server or ORRERY_SERVER/m);
    deepStrictEqual((await run(["complete", "ex"])).out.trim().split("\n"), ["export", "export-files"]);
    deepStrictEqual((await run(["complete", "api", "triggerRun", "--c"])).out.trim(), "--containerId");
    match((await run(["version"])).out, /^orrery \d+\.\d+\.\d+\n$/);
    const help = await run(["apply", "--help"]);
    deepStrictEqual([help.code, help.out.startsWith("Usage: apply PATH...")], [0, true], help.out + help.err);
  });
  await Deno.remove(home, { recursive: true });
});

async function newestRun(server: TestServer): Promise<string> {
  const { data } = await server.graphql("{ runs(first: 1) { edges { node { id } } } }");
  return data.runs.edges[0].node.id;
}
