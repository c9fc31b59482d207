/** The parts of a container's page: each has an address and is reached by keyboard. */
import { deepStrictEqual, ok } from "node:assert/strict";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { cutOff, inBrowser, sharedServer, visitAsAdmin } from "./browser.ts";
import { endOfRun, makeContainer, startRun } from "./made.ts";

Deno.test(
  "the tabs are links: Tab and Enter open one, and the way back leads to the one before",
  inBrowser,
  async () => {
    const server = await sharedServer();
    const container = await prepare(server);
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await page.goto(container);
    await page.locator(".task-item").first().waitFor();

    await page.getByRole("link", { name: "Schedule", exact: true }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".runs tbody tr").first().waitFor();
    ok(page.url().endsWith("?tab=runs"));
    await page.goBack();

    await page.locator(".task-item").first().waitFor();
    await until("the address names no tab", () => Promise.resolve(!page.url().includes("tab=")));
    const tabs = page.getByRole("navigation", { name: "Sections of the container" });
    for (const tab of await tabs.getByRole("link").all()) {
      ok((await tab.getAttribute("href"))?.startsWith(container), "a tab leads to another page");
    }
    await page.setViewportSize({ width: 360, height: 780 });
    deepStrictEqual(await cutOff(tabs), [], "a tab is out of sight on a phone");
    deepStrictEqual(visitor.complaints, []);
  },
);

/** A container with a schedule, a task and a run that has ended; returns the path of its page. */
async function prepare(server: TestServer): Promise<string> {
  const id = await makeContainer(server, { name: "Tabbed", expression: "30 2 * * *" }, { work: ":" });
  await endOfRun(server, await startRun(server, id));
  return `/containers/${encodeURIComponent(id)}`;
}
