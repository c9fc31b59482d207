/** The gate counts what Deno tells, and leaves no file out. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { processLives } from "./support/processes.ts";
import { runDeno } from "./support/gate_process.ts";
import { findOldestPostgres, findTestFiles, groupFiles, pureFiles } from "./support/test_files.ts";
import { readTestReport } from "./support/test_report.ts";

const SLOW_MS = 30;
const sample = `
  Deno.test("passes", () => {});
  Deno.test({ name: "waits for <another> \\"day\\" & more", ignore: true, fn() {} });
  Deno.test("fails", () => { throw new Error("</testcase><skipped/>"); });
  Deno.test("fails in a step", async (test) => {
    await test.step("good", () => {});
    await test.step("bad", () => { throw new Error("bad"); });
  });
  Deno.test("a > b", () => new Promise((done) => setTimeout(done, ${SLOW_MS})));
`;

Deno.test("readTestReport() counts the tests of a real report, and not their steps", async () => {
  const folder = await Deno.makeTempDir({ prefix: "orrery-report-" });
  try {
    await Deno.writeTextFile(`${folder}/sample_test.ts`, sample);
    const args = ["test", "--no-check", "--no-config", "--junit-path=report.xml", "sample_test.ts"];

    const { success } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: folder,
      stdout: "null",
      stderr: "null",
    })
      .output();
    const report = readTestReport(await Deno.readTextFile(`${folder}/report.xml`));

    const file = "sample_test.ts";
    strictEqual(success, false);
    strictEqual(report.passed, 2);
    deepStrictEqual(report.failed, [{ file, name: "fails" }, { file, name: "fails in a step" }]);
    deepStrictEqual(report.skipped, [{ file, name: 'waits for <another> "day" & more' }]);
    deepStrictEqual([...report.seconds.keys()], [file]);
    ok((report.seconds.get(file) ?? 0) >= SLOW_MS / 1000);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("groupFiles() puts every file into one group, and the external ones into another one too", async () => {
  const files = [
    ...await findTestFiles(),
    "test/client/a_test.tsx",
    "test/e2e/b_test.ts",
    "test/http/c_test.ts",
  ];

  const groups = groupFiles(files, "/programs");

  const [external] = groups.filter(({ name }) => name === "external PostgreSQL");
  const others = groups.filter((group) => group !== external);
  deepStrictEqual(others.flatMap((group) => group.files).sort(), files.sort());
  deepStrictEqual(others.map(({ name }) => name), ["rules", "console", "journeys", "server", "engine"]);
  strictEqual(external?.files.length, 9);
  deepStrictEqual(external.environment, { ORRERY_TEST_POSTGRES: "/programs" });
  strictEqual(external.missing, null);
});

Deno.test("groupFiles() tells why the external group is left out where no PostgreSQL is installed", () => {
  const [, external] = groupFiles(["test/db/open_test.ts"], null);

  deepStrictEqual(external?.files, ["test/db/open_test.ts"]);
  match(external.missing ?? "", /^no PostgreSQL in /);
});

Deno.test("findOldestPostgres() finds the programs of the lowest version that is complete", async () => {
  const folder = await Deno.makeTempDir({ prefix: "orrery-versions-" });
  try {
    strictEqual(await findOldestPostgres(`${folder}/none`), null);
    strictEqual(await findOldestPostgres(folder), null);
    for (const version of ["9", "14", "100"]) {
      await Deno.mkdir(`${folder}/${version}/bin`, { recursive: true });
    }
    for (const version of ["14", "100"]) await Deno.writeTextFile(`${folder}/${version}/bin/initdb`, "");

    strictEqual(await findOldestPostgres(folder), `${folder}/14/bin`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("pureFiles() are those that need no database, process or browser", () => {
  const files = [
    "test/client/a_test.tsx",
    "test/domain/rules/b_test.ts",
    "test/domain/runs/runs_test.ts",
    "test/run_test.ts",
  ];

  deepStrictEqual(pureFiles(files), [
    "test/client/a_test.tsx",
    "test/domain/rules/b_test.ts",
    "test/run_test.ts",
  ]);
});

Deno.test("the gate refuses an option that it does not know", async () => {
  const args = ["run", "-A", "--no-check", new URL("run.ts", import.meta.url).href, "--chekc"];

  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();

  strictEqual(success, false);
  match(new TextDecoder().decode(stderr), /--chekc is none of --check, --all/);
});

Deno.test("runDeno() keeps settings of the server from the tests, but for those that it is given", async () => {
  const folder = await Deno.makeTempDir({ prefix: "orrery-gate-" });
  Deno.env.set("ORRERY_PORT", "1");
  try {
    const file = `${folder}/environment.ts`;
    await Deno.writeTextFile(
      file,
      `Deno.exit(Deno.env.has("ORRERY_PORT") || Deno.env.get("ORRERY_HOST") !== "here" ? 1 : 0);`,
    );

    const { good } = await runDeno(["run", "-A", file], { environment: { ORRERY_HOST: "here" } });

    strictEqual(good, true);
  } finally {
    Deno.env.delete("ORRERY_PORT");
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("runDeno() ends with the process whose output it shows at the end, whoever still holds that open", async () => {
  const file = await Deno.makeTempFile();
  const program =
    `const left = new Deno.Command("sleep", { args: ["100"], stdout: "inherit", detached: true }).spawn();
    left.unref();
    Deno.writeTextFileSync(${JSON.stringify(file)}, String(left.pid));`;

  const { good } = await runDeno(["eval", "--quiet", program], { shown: "at the end" });

  const left = Number(await Deno.readTextFile(file));
  deepStrictEqual([good, processLives(left)], [true, true]);
  Deno.kill(left, "SIGKILL");
  await Deno.remove(file);
});

Deno.test("runDeno() says by what a part of the gate was ended that did not end by itself", async () => {
  const folder = await Deno.makeTempDir({ prefix: "orrery-gate-" });
  try {
    const [good, struck, endless] = [`${folder}/good.ts`, `${folder}/struck.ts`, `${folder}/endless.ts`];
    await Deno.writeTextFile(good, "");
    await Deno.writeTextFile(struck, `Deno.kill(Deno.pid, "SIGKILL");`);
    await Deno.writeTextFile(endless, "setInterval(() => {}, 60_000);");

    deepStrictEqual(await runDeno(["run", good]), { good: true, struckBy: null, late: false });
    const strike = await runDeno(["run", "-A", struck]);
    deepStrictEqual(strike, { good: false, struckBy: "ended by SIGKILL", late: false });
    const { good: ended, struckBy, late } = await runDeno(["run", endless], { longestMs: 600 });
    deepStrictEqual([ended, late], [false, true]);
    match(struckBy ?? "", /^stopped, since it had not ended after 0\.01 min$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
