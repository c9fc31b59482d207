import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { connect } from "node:net";
import { signInByCookie } from "../support/http.ts";
import { shareServer } from "../support/server.ts";

const CONSOLE_POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; worker-src 'self'; connect-src 'self'; frame-ancestors 'none'";

const server = await shareServer();
const built = await fetch(server.address, { headers: { accept: "text/html" } })
  .then(async (response) => (await response.body?.cancel(), response.status === 200));

Deno.test("/health says that all is well, by GET and by HEAD", async () => {
  const get = await fetch(`${server.address}/health`);
  const head = await fetch(`${server.address}/health`, { method: "HEAD" });

  deepStrictEqual([get.status, await get.json()], [200, { status: "ok" }]);
  deepStrictEqual([head.status, await head.text()], [200, ""]);
});

Deno.test({
  name: `a page of the console is served under its policy${built ? "" : " (console not built)"}`,
  ignore: !built,
  fn: async () => {
    for (const path of ["/", "/containers", "/runs/abc?task=1"]) {
      const response = await fetch(server.address + path, { headers: { accept: "text/html,*/*" } });
      const text = await response.text();

      strictEqual(response.status, 200);
      match(response.headers.get("content-type") ?? "", /^text\/html/);
      strictEqual(response.headers.get("content-security-policy"), CONSOLE_POLICY);
      strictEqual(response.headers.get("cache-control"), "no-cache");
      strictEqual(response.headers.get("x-content-type-options"), "nosniff");
      strictEqual(response.headers.get("referrer-policy"), "no-referrer");
      strictEqual(response.headers.get("x-frame-options"), "DENY");
      match(text, /<title>Orrery/);
    }
  },
});

Deno.test({
  name: `an asset is kept for ever, and compressed for who takes it${built ? "" : " (console not built)"}`,
  ignore: !built,
  fn: async () => {
    const page = await (await fetch(server.address, { headers: { accept: "text/html" } })).text();
    const path = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? "";
    const plain = await fetch(server.address + path, { headers: { "accept-encoding": "identity" } });
    const body = await plain.text();

    const etag = plain.headers.get("etag") ?? "";
    const again = await fetch(server.address + path, { headers: { "if-none-match": etag } });
    const small = await fetch(server.address + path, { headers: { "accept-encoding": "gzip" } });
    const head = await fetch(server.address + path, { method: "HEAD" });

    strictEqual(plain.status, 200);
    match(plain.headers.get("cache-control") ?? "", /immutable/);
    match(plain.headers.get("content-type") ?? "", /^text\/javascript/);
    deepStrictEqual([again.status, await again.text()], [304, ""]);
    strictEqual(await small.text(), body);
    deepStrictEqual([head.status, await head.text()], [200, ""]);
  },
});

Deno.test({
  name: "a page says how the console is built where it is not",
  ignore: built,
  fn: async () => {
    const response = await fetch(server.address, { headers: { accept: "text/html" } });

    strictEqual(response.status, 503);
    match(await response.text(), /deno task start/);
  },
});

for (
  const path of [
    "/assets/none.js",
    "/nothing.txt",
    "/../deno.json",
    "/..%2fdeno.json",
    "/%2e%2e/%2e%2e/deno.json",
    "/assets/../../build.ts",
    "/assets/..%5c..%5cbuild.ts",
    "//etc/passwd",
    "/%00",
    "/%",
    "/index.html.br",
  ]
) {
  Deno.test(`${path} leads nowhere`, async () => {
    const answer = await rawGet(path);

    match(answer, /^HTTP\/1\.1 (404|400) /);
    doesNotMatch(answer, /compilerOptions|root:/);
  });
}

Deno.test("a file that is not there is not the console, whatever the browser takes", async () => {
  const response = await fetch(`${server.address}/assets/gone.js`, { headers: { accept: "text/html,*/*" } });
  await response.body?.cancel();

  strictEqual(response.status, 404);
});

Deno.test("GraphiQL is for a signed-in person, in one page and under its own policy", async () => {
  const cookie = await signInByCookie(server);

  const stranger = await fetch(`${server.address}/graphql`, {
    headers: { accept: "text/html" },
    redirect: "manual",
  });
  const response = await fetch(`${server.address}/graphql`, { headers: { accept: "text/html", cookie } });
  const page = await response.text();

  await stranger.body?.cancel();
  strictEqual(stranger.status, 302);
  strictEqual(stranger.headers.get("location"), "/sign-in?from=%2Fgraphql");
  strictEqual(response.status, 200);
  match(response.headers.get("content-security-policy") ?? "", /script-src 'sha256-[^']+'/);
  doesNotMatch(response.headers.get("content-security-policy") ?? "", /script-src[^;]*unsafe/);
  match(page, /GraphiQL/);
  doesNotMatch(page, /<(?:script|link)[^>]+(?:src|href)="https?:/);
});

Deno.test("a stranger who asks for GraphiQL below a path is sent to the sign-in there", async () => {
  const stranger = await fetch(`${server.address}/graphql`, {
    headers: { accept: "text/html", "x-forwarded-prefix": "/orrery" },
    redirect: "manual",
  });
  await stranger.body?.cancel();

  strictEqual(stranger.headers.get("location"), "/orrery/sign-in?from=%2Fgraphql");
});

Deno.test("POST anywhere else is refused", async () => {
  const response = await fetch(`${server.address}/containers`, { method: "POST", body: "x" });
  await response.body?.cancel();

  strictEqual(response.status, 405);
  ok((response.headers.get("allow") ?? "").includes("GET"));
});

/** A path as it is: fetch() would tidy it up before it is sent. */
async function rawGet(path: string): Promise<string> {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  const answer = new Promise<string>((resolve, reject) => {
    let text = "";
    socket.setEncoding("utf-8");
    socket.on("data", (part) => text += part);
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`);
  const text = await answer;
  socket.destroy();
  return text;
}
