/** What a browser fetches before somebody can sign in: little, and all of it our own. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { inBrowser, sharedServer, visit } from "./browser.ts";

const BUDGET_KIB = 120;
const dist = new URL("../../client/dist", import.meta.url).pathname;

Deno.test(
  "the sign-in page needs less script and style than its budget, and nothing from elsewhere",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visit({ address: server.address });
    const { page } = visitor;
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(request.url()));

    await page.goto("/");
    await page.getByLabel("User name").waitFor();

    const own = fetched.filter((url) => url.startsWith(server.address));
    const bundled = own.map((url) => new URL(url).pathname).filter((path) => /\.(?:js|css)$/.test(path));
    const sizes = await Promise.all(
      bundled.map(async (path) => gzipSync(await Deno.readFile(`${dist}${path}`)).length),
    );
    const kib = sizes.reduce((sum, size) => sum + size, 0) / 1024;
    deepStrictEqual(fetched.filter((url) => !own.includes(url)), []);
    ok(bundled.length > 2);
    ok(kib < BUDGET_KIB, `It needs ${kib.toFixed(1)} KiB`);
  },
);
