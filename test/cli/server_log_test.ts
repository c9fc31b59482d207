/** The server's own log goes to standard error and to a file, and nothing secret goes there. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ADMIN_PASSWORD, startServer } from "../support/server.ts";

Deno.test("the server's log, on standard error and in its file, has no password, token or cookie", async () => {
  const dir = await Deno.makeTempDir({ prefix: "orrery-log-" });
  const wrong = "wrong horse battery";
  await using server = await startServer({
    environment: { ORRERY_LOG_LEVEL: "debug", ORRERY_LOG_FILE: join(dir, "server.log") },
  });
  const token = await server.signIn();
  const secrets = [ADMIN_PASSWORD, wrong, token, token.split(".")[2] ?? token];
  const made = await server.graphql(
    `mutation { createApiToken(name: "script") { ... on ApiTokenPayload { token } } }`,
    {},
    token,
  );
  const apiToken: unknown = made.data?.createApiToken?.token;
  assert.ok(typeof apiToken === "string", JSON.stringify(made));
  secrets.push(apiToken);

  await server.graphql(
    `mutation ($p: String!) { signIn(username: "admin", password: $p) { __typename } }`,
    { p: wrong },
    null,
  );
  for (const path of ["/download/attempts/none", "/graphql", "/graphql/stream", "/nothing"]) {
    for (const secret of [token, apiToken]) {
      const response = await fetch(`${server.address}${path}?token=${secret}`, {
        headers: { cookie: `orrery=${secret}` },
      });
      await response.body?.cancel();
    }
  }
  await server.graphql(`query { syntax error ${wrong}`, {}, token);
  await server.graphql(
    `mutation { changePassword(currentPassword: "${wrong}", newPassword: "${wrong}") { __typename } }`,
    {},
    token,
  );
  await server.stop();

  const files = await Promise.all(
    (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => Deno.readTextFile(join(dir, name))),
  );
  const text = files.join("");
  assert.ok(text.includes('"level":"info"'));
  for (const secret of secrets) {
    assert.ok(
      !text.includes(secret) && !text.includes(encodeURIComponent(secret)),
      "a secret is in the file",
    );
    assert.ok(!server.log().includes(secret), "a secret is on standard error");
  }
  assert.ok(server.log().includes(text.split("\n")[0] ?? ""));
  await Deno.remove(dir, { recursive: true });
});
