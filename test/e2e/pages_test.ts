/** Every page, in every theme and in both widths: reachable for everybody, quiet, and no wider than the screen. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openReverseProxy } from "../support/reverse_proxy.ts";
import { ADMIN_PASSWORD, startServer, type TestServer } from "../support/server.ts";
import { seriousFaults } from "./axe.ts";
import { inBrowser, sharedServer, sidewaysPx, signIn, type Visit, visit } from "./browser.ts";
import { endOfRun, startRun } from "./made.ts";

interface Place {
  readonly name: string;
  readonly path: string;
  /** There once the page shows what it is for. */
  readonly shows: string;
}

let shared: Promise<{ readonly server: TestServer; readonly places: readonly Place[] }> | null = null;

for (const theme of ["light", "dark", "neon"] as const) {
  for (const width of [1280, 360]) {
    Deno.test(`every page is accessible, quiet and fits in ${theme} at ${width} px`, inBrowser, async () => {
      const { server, places } = await (shared ??= prepare());
      await using visitor = await visit({ address: server.address, theme, width });
      const { page } = visitor;
      await page.goto("/sign-in");
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      deepStrictEqual(await seriousFaults(page), [], "sign-in");
      await signIn(page);

      for (const { name, path, shows } of places) {
        await page.goto(path);
        await page.locator(shows).first().waitFor({ state: "visible" });

        deepStrictEqual(await seriousFaults(page), [], name);
        strictEqual(await sidewaysPx(page), 0, name);
      }
      deepStrictEqual(visitor.complaints, []);
    });
  }
}

const PREFIX = "/tools/orrery";

Deno.test("every page works below a path that a proxy takes away and names", inBrowser, async () => {
  const { server, places } = await (shared ??= prepare());
  await using proxy = await openReverseProxy({
    target: server.address,
    prefix: PREFIX,
    strips: true,
    headers: { "x-forwarded-prefix": PREFIX },
  });
  await using visitor = await visit({ address: proxy.address });
  const { page } = visitor;
  await signInBelow(proxy.address, visitor);

  for (const { name, path, shows } of places) {
    await page.goto(proxy.address + path);
    await page.locator(shows).first().waitFor({ state: "visible" });
    const links: readonly string[] = await page.evaluate(
      '[...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"))',
    );
    deepStrictEqual(links.filter((link) => /^\/(?!tools\/orrery\b)/.test(link)), [], name);
  }
  await page.goto(proxy.address + (places.find(({ name }) => name === "a run")?.path ?? ""));
  await page.getByRole("button", { name: "More for this output" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Download as text" }).click(),
  ]);
  strictEqual(await download.failure(), null);
  deepStrictEqual(visitor.complaints, []);
  deepStrictEqual(proxy.astray, []);
});

for (const strips of [true, false]) {
  const way = strips ? "takes away" : "passes on";
  Deno.test(`the console works below the path of its setting, which a proxy ${way}`, inBrowser, async () => {
    await using server = await startServer({
      environment: { ORRERY_PUBLIC_URL: `http://tools.example${PREFIX}` },
    });
    await using proxy = await openReverseProxy({ target: server.address, prefix: PREFIX, strips });
    await using visitor = await visit({ address: proxy.address });
    const { page } = visitor;
    await signInBelow(proxy.address, visitor);

    await page.getByRole("link", { name: "Overview", exact: true }).click();
    await page.locator(".overview .counter").first().waitFor();
    await page.reload();
    await page.locator(".overview .counter").first().waitFor();
    await page.getByRole("link", { name: "Containers", exact: true }).click();
    await page.getByRole("link", { name: "Machine report" }).first().click();
    await page.getByRole("link", { name: "Versions", exact: true }).click();
    await page.locator(".version-line").first().click();
    await page.locator(".version-head").waitFor();
    await page.goBack();
    await visitor.settled();

    deepStrictEqual(visitor.complaints, []);
    deepStrictEqual(proxy.astray, []);
  });
}

/** As somebody who followed a link. */
async function signInBelow(address: string, { page, context }: Visit): Promise<void> {
  await page.goto(`${address}/runs?state=FAILED`);
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password", { exact: true }).fill(ADMIN_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Runs" }).waitFor();
  strictEqual(page.url(), `${address}/runs?state=FAILED`);
  deepStrictEqual((await context.cookies()).map(({ path }) => path), [PREFIX]);
}

async function prepare(): Promise<{ readonly server: TestServer; readonly places: readonly Place[] }> {
  const server = await sharedServer();
  return { server, places: await placesOf(server) };
}

async function placesOf(server: TestServer): Promise<readonly Place[]> {
  const { data } = await server.graphql(`{ container(name: "Machine report") { id tasks { id name } } }`);
  const { id, tasks } = data.container;
  await server.graphql(
    `mutation ($id: ID!) { updateContainer(input: { id: $id, expression: "30 2 * * *" }) { __typename } }`,
    { id },
  );
  const runId = await startRun(server, id);
  await endOfRun(server, runId);
  const container = `/containers/${encodeURIComponent(id)}`;
  const run = `/runs/${encodeURIComponent(runId)}`;
  return [
    { name: "overview", path: "/", shows: ".overview .counter" },
    { name: "containers", path: "/containers", shows: "table.containers" },
    { name: "no container found", path: "/containers?q=nothing-like-this", shows: ".blank" },
    { name: "graph", path: container, shows: ".task-list" },
    { name: "a task", path: `${container}?task=${encodeURIComponent(tasks[4].id)}`, shows: ".task-form" },
    { name: "schedule", path: `${container}?tab=schedule`, shows: ".fires" },
    { name: "settings", path: `${container}?tab=settings`, shows: "input[type=number]" },
    { name: "runs of a container", path: `${container}?tab=runs`, shows: "table.runs" },
    { name: "versions", path: `${container}?tab=versions`, shows: ".version-line" },
    { name: "a version", path: `${container}?tab=versions&version=1`, shows: ".version-head" },
    { name: "runs", path: "/runs", shows: "table.runs" },
    { name: "runs by time", path: "/runs?view=grid", shows: "table.grid" },
    { name: "calendar", path: "/runs?view=calendar", shows: "table.calendar" },
    { name: "a run", path: run, shows: ".log-row" },
    { name: "a run along the time", path: `${run}?view=timeline`, shows: ".timeline-track" },
    { name: "a run compared", path: `${run}?view=compare`, shows: ".compare" },
    { name: "no such run", path: "/runs/bm9uZQ", shows: ".blank, .notice" },
    { name: "live", path: "/live", shows: ".blank" },
    { name: "logs", path: "/logs", shows: ".hit" },
    { name: "hosts", path: "/hosts", shows: "table.hosts" },
    { name: "messages", path: "/messages", shows: ".messages, .blank" },
    { name: "account", path: "/account", shows: ".account-part" },
    { name: "nothing", path: "/no/such/page", shows: ".blank" },
  ];
}
