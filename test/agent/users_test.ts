import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { textOf } from "../../schema/sentences.ts";
import { findUsers } from "../../server/agent/start/users.ts";
import { endOf, textsOf, withAgent } from "../support/agent.ts";

const root = Deno.uid() === 0;

Deno.test({
  name: "a task runs as a user that the agent was started with, without anything of root's",
  ignore: !root,
  fn: async () =>
    await withAgent(async ({ server }) => {
      const command =
        "id -un; id -Gn; echo $HOME $USER; pwd; grep CapEff /proc/self/status; echo by name > /dev/stderr";
      const attempt = server.add(command, { runAs: "games" });
      const outside = server.add("exit 3", { runAs: "games", directory: "/" });

      strictEqual((await endOf(attempt)).exitCode, 0);
      const [user, groups, home, directory, capabilities] = textsOf(attempt, "STDOUT");
      deepStrictEqual([user, groups, home, directory], ["games", "games", "/usr/games games", "/usr/games"]);
      match(capabilities ?? "", /CapEff:\s*0+$/);
      deepStrictEqual(textsOf(attempt, "STDERR"), ["by name"]);
      strictEqual((await endOf(outside)).exitCode, 3);
    }, { users: await findUsers(["games"]) }),
});

Deno.test("a task of any other user is not started, and the reason says what to set", async () =>
  await withAgent(async ({ server }) => {
    const attempt = server.add("true", { runAs: "daemon" });

    const ended = await endOf(attempt);
    strictEqual(ended.cause, "NOT_STARTED");
    match(
      textOf(ended.reason ?? { key: "STOPPED", values: {} }),
      /may not run tasks as "daemon".*ORRERY_RUN_AS/,
    );
  }, { users: await findUsers(["games"]) }));

Deno.test("findUsers() knows the agent's own user and leaves out whom the machine does not know", async () => {
  const users = await findUsers(["nobody-of-this-name", "games"]);

  ok([...users.values()].includes(null));
  ok(!users.has("nobody-of-this-name"));
  strictEqual(users.get("games")?.name, root ? "games" : undefined);
});
