/** What the console does when the server goes and comes back. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { startServer } from "../support/server.ts";
import { inBrowser, openContainers, sharedServer, signIn, visit, visitAsAdmin } from "./browser.ts";
import { makeContainer, newName } from "./made.ts";

/** A tab that is hidden for so long has let its stream go. */
const HIDDEN_MS = 30_500;

Deno.test(
  "the console says that it is no longer live, and catches up once the server is back",
  inBrowser,
  async () => {
    const dataDir = await Deno.makeTempDir({ prefix: "orrery-connection-" });
    try {
      const first = await startServer({ dataDir, databaseUrl: null });
      const { address } = first;
      await using visitor = await visit({ address });
      const { page } = visitor;
      // By the form: a page that was there before the sign-in gets its live updates too.
      await signIn(page);
      await page.locator('.link-dot[data-state="live"]').waitFor();

      await first.stop();
      await page.getByText(/^No live updates since/).waitFor();
      await using second = await startServer({
        dataDir,
        databaseUrl: null,
        environment: { ORRERY_PORT: new URL(address).port },
      });
      await page.locator('.link-dot[data-state="live"]').waitFor();
      await second.graphql(`mutation { createContainer(input: { name: "Made later" }) { __typename } }`);

      await page.getByRole("link", { name: "Made later" }).waitFor();
      await second.stop();
    } finally {
      await Deno.remove(dataDir, { recursive: true });
    }
  },
);

Deno.test(
  "tabs share one stream, and one that is closed takes nothing from the others",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { context, page: first } = visitor;
    const ownStreams = watchOwnStreams(context);
    await openContainers(first);
    const second = await context.newPage();
    await second.goto("/containers");
    await live(first);
    await live(second);

    await first.close();
    const name = newName("Made later");
    await makeContainer(server, { name }, {});

    await second.getByRole("link", { name }).waitFor();
    deepStrictEqual(ownStreams, []);
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test("a browser that cannot share a stream between tabs gets one for each", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitAsAdmin(server);
  const { context, page } = visitor;
  await context.addInitScript("delete globalThis.SharedWorker");
  const ownStreams = watchOwnStreams(context);
  await openContainers(page);

  await live(page);
  const name = newName("Made later");
  await makeContainer(server, { name }, {});

  await page.getByRole("link", { name }).waitFor();
  strictEqual(ownStreams.filter((method) => method === "PUT").length, 1);
  deepStrictEqual(visitor.complaints, []);
});

Deno.test(
  "a hidden tab lets its stream go, and is up to date as soon as it is seen again",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await page.clock.install();
    await openContainers(page);
    await live(page);

    await show(page, false);
    strictEqual(await page.locator('.link-dot[data-state="live"]').count(), 1);
    await page.clock.fastForward(HIDDEN_MS);
    await page.locator('.link-dot[data-state="paused"]').waitFor({ state: "attached" });
    const name = newName("Made meanwhile");
    await makeContainer(server, { name }, {});
    await show(page, true);

    await live(page);
    await page.getByRole("link", { name }).waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

/** What the tabs themselves ask of the streams. What the shared worker asks for is no tab's request. */
function watchOwnStreams(context: BrowserContext): readonly string[] {
  const methods: string[] = [];
  context.on("request", (request) => {
    if (new URL(request.url()).pathname === "/graphql/stream") methods.push(request.method());
  });
  return methods;
}

async function live(page: Page): Promise<void> {
  await page.locator('.link-dot[data-state="live"]').waitFor();
}

async function show(page: Page, visible: boolean): Promise<void> {
  await page.evaluate(`{
    Object.defineProperty(document, "hidden", { value: ${!visible}, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }`);
}
