/** What every page has around it: errors that help, motion that can be done without, times that are exact. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { until } from "../support/until.ts";
import { inBrowser, openContainers, sharedServer, sidewaysPx, visitAsAdmin } from "./browser.ts";
import { makeContainer, startRun } from "./made.ts";

for (const width of [1280, 360]) {
  Deno.test(
    `a page that cannot be fetched says so, and comes once it can, at ${width} px`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await openContainers(page);
      const files = /\/assets\/HostsPage-.*\.js$/;
      await page.route(files, (route) => route.abort());

      await page.evaluate(`document.querySelector('.side a[href="/hosts"]').click()`);
      const fault = page.getByRole("alert");
      await fault.getByText("This page could not be loaded").waitFor();
      strictEqual(await sidewaysPx(page), 0);
      await page.unroute(files);
      await fault.getByRole("button", { name: "Reload" }).click();

      await page.getByRole("heading", { name: "Hosts" }).waitFor();
    },
  );
}

Deno.test("an address that leads nowhere says so and leads on", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await openContainers(page);

  const nowhere = [
    ["/containers/bm90aGluZw", "No container has this address"],
    ["/runs/bm90aGluZw", "No run has this address"],
    ["/no/such/page", "No page has the address /no/such/page."],
    // Not a letter of any alphabet: the router could not even read it.
    ["/containers/%E0%A4%A", "No container has this address"],
  ] as const;
  const main = page.getByRole("main");
  for (const [path, why] of nowhere) {
    await page.goto(path);
    await page.getByRole("heading", { name: "Page not found" }).waitFor();
    await main.getByText(why).waitFor();
  }
  const ways = await main.getByRole("link").evaluateAll((links) =>
    links.map((one) => one.getAttribute("href"))
  );
  deepStrictEqual(ways, ["/containers", "/runs", "/"]);
  await main.getByRole("button", { name: "Search" }).click();
  const palette = page.getByRole("dialog");
  await palette.getByRole("combobox").press("Escape");
  await palette.waitFor({ state: "hidden" });
  await main.getByRole("link", { name: "Go to containers" }).click();

  await page.getByRole("heading", { name: "Containers" }).waitFor();
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("an address that asks for what cannot be read leads back to its page", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await openContainers(page);

  for (const path of ["/containers", "/runs", "/tasks", "/logs", "/messages"]) {
    await page.goto(`${path}?after=garbage`);
    await page.getByRole("alert").getByText("open the page without it").waitFor();
    await page.getByRole("link", { name: "Open without it" }).click();

    await page.waitForURL((url) => url.pathname === path && url.search === "");
    await page.getByRole("alert").waitFor({ state: "detached" });
  }
  await page.goto("/live?container=garbage");
  await page.getByRole("heading", { name: "No running task matches" }).waitFor();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await page.waitForURL((url) => url.search === "");

  deepStrictEqual(visitor.complaints, []);
});

Deno.test(
  "a run that goes on moves nothing for those who asked for that, and tells exact times",
  inBrowser,
  async () => {
    const server = await sharedServer();
    const runId = await startRun(
      server,
      await makeContainer(server, { name: "Tides" }, { wait: "sleep 600" }),
    );
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;

    await page.goto(`/runs/${encodeURIComponent(runId)}`);
    await page.locator(".run-head").getByText("Running", { exact: true }).waitFor();
    const endless = `document.getAnimations().filter((one) =>
    one.effect.getComputedTiming().iterations === Infinity).length`;
    strictEqual(await page.evaluate(endless), 0);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await until("something moves", async () => Number(await page.evaluate(endless)) > 0);
    const times: readonly { readonly at: string; readonly title: string }[] = await page.evaluate(
      `[...document.querySelectorAll("time")].map((one) => ({ at: one.dateTime, title: one.title }))`,
    );
    ok(times.length > 0);

    for (const { at, title } of times) {
      match(title, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
      strictEqual(Date.parse(title.replace(" UTC", "Z")), Math.floor(Date.parse(at) / 1000) * 1000);
    }
    await server.graphql(`mutation ($id: ID!) { cancelRun(id: $id) { __typename } }`, { id: runId });
    await page.locator(".run-head").getByText("Cancelled", { exact: true }).waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test("a folded side bar stays folded, and its links keep their names", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await openContainers(page);

  await page.getByRole("button", { name: "Collapse sidebar" }).click();
  await page.reload();
  await page.locator(".shell[data-collapsed]").waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Runs" }).click();

  await page.getByRole("heading", { name: "Runs" }).waitFor();
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("a dialog that is put away gives the focus back to what opened it", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await openContainers(page);

  await page.getByRole("button", { name: "New container" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "New container" }).waitFor();
  await page.keyboard.press("Escape");

  await page.locator("button:focus", { hasText: "New container" }).waitFor();
  deepStrictEqual(visitor.complaints, []);
});
