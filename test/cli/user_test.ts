import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import { runProgram, startServer } from "../support/server.ts";

interface Said {
  readonly code: number;
  readonly output: string;
  readonly log: string;
}

async function run(dataDir: string, args: readonly string[], input = ""): Promise<Said> {
  const program = await runProgram({ dataDir, args, input });
  const code = await program.ended;
  const said = { code, output: program.output(), log: program.log() };
  await program.forget();
  return said;
}

Deno.test("addUser() makes an account that signs in, and changeUserPassword() gives it another password", async () => {
  const dataDir = await Deno.makeTempDir();

  const added = await run(dataDir, ["user", "add", "Ada", "--admin"], "difference engine\r\nsecond line\n");
  const twice = await run(dataDir, ["user", "add", "ada"], "analytical engine\n");
  const plain = await run(dataDir, ["user", "add", "charles"], "analytical engine\n");

  strictEqual(added.code, 0, added.log);
  strictEqual(plain.code, 0, plain.log);
  strictEqual(twice.code, 1);
  match(twice.log, /^Cannot add user "ada": there is one of this name already\n$/);
  let token: string;
  {
    await using server = await startServer({ dataDir, databaseUrl: null });
    token = await server.signIn("ada", "difference engine");
    const ada = await server.graphql("{ viewer { username admin } }", {}, token);
    const charles = await server.graphql(
      "{ viewer { username admin } }",
      {},
      await server.signIn("charles", "analytical engine"),
    );
    strictEqual(JSON.stringify([ada.data.viewer.admin, charles.data.viewer.admin]), "[true,false]");
    strictEqual(await server.stop(), 0);
  }

  const changed = await run(dataDir, ["user", "password", "ADA"], "punched cards of brass\n");

  strictEqual(changed.code, 0, changed.log);
  doesNotMatch(changed.log + changed.output, /punched/);
  await using server = await startServer({ dataDir, databaseUrl: null });
  const old = await server.graphql("{ viewer { username } }", {}, token);
  strictEqual(old.data.viewer, null);
  await server.signIn("ada", "punched cards of brass");
  strictEqual(await server.stop(), 0);
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("addUser() and changeUserPassword() refuse with one sentence and change nothing", async () => {
  const dataDir = await Deno.makeTempDir();

  for (
    const [args, input, sentence] of [
      [["add", "ada"], "short\n", /^Cannot set a password: /],
      [["add", "ada"], "", /^Cannot set a password: /],
      [["add", ""], "difference engine\n", /^Cannot add user/],
      [["password", "nobody"], "difference engine\n", /^Cannot set a password: there is no user "nobody"\n$/],
      [["add"], "", /^`user add` takes one argument, 0 were given: see `help`\n$/],
      [["password", "ada", "--admin"], "", /^Unknown flag "--admin" for `user password`: see `help`\n$/],
      [["remove", "ada"], "", /^Unknown command "user": it is `user add NAME/],
    ] as const
  ) {
    const said = await run(dataDir, ["user", ...args], input);

    strictEqual(said.code, 1, args.join(" "));
    match(said.log, sentence);
    strictEqual(said.log.split("\n").length, 2, said.log);
    strictEqual(said.output, "");
  }

  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("help tells every command, and opens nothing", async () => {
  const dataDir = await Deno.makeTempDir();

  for (const args of [["help"], ["--help"], ["serve", "-h"]]) {
    const said = await run(dataDir, args);

    strictEqual(said.code, 0, said.log);
    for (const word of ["serve", "export FILE", "import FILE", "migrate", "user add", "--config PATH"]) {
      match(said.output, new RegExp(`^ +${word}`, "m"));
    }
  }

  // Not so much as a lock: an empty directory is all that this removes.
  await Deno.remove(dataDir);
});
