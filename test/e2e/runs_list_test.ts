/** All runs: filtered by the address, live, and laid out over time as a grid and as a calendar. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import {
  cutOff,
  hasCount,
  hasValue,
  inBrowser,
  openContainers,
  sharedServer,
  sidewaysPx,
  visitAsAdmin,
} from "./browser.ts";
import { makeContainer, startRun } from "./made.ts";

interface Scene {
  readonly server: TestServer;
  readonly good: string;
  readonly bad: string;
}

let shared: Promise<Scene> | null = null;

for (const width of [1280, 360]) {
  Deno.test(
    `runs are filtered by state, container, cause and time, and back works at ${width} px`,
    inBrowser,
    async () => {
      const { server, bad } = await (shared ??= prepare());
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await page.goto("/runs");
      await rows(page, 3);

      deepStrictEqual(await cutOff(page.locator(".runs-filters .segment, .runs-filters .segment *")), []);
      await page.getByRole("button", { name: "Failed", exact: true }).click();
      await rows(page, 1);
      await page.getByRole("button", { name: "All", exact: true }).click();
      await rows(page, 3);
      await page.getByLabel("Container", { exact: true }).selectOption({ label: "good" });
      await rows(page, 2);
      await page.getByLabel("How it was started").selectOption({ label: "by schedule" });
      await page.getByText("No run matches").waitFor();
      await page.goBack();
      await rows(page, 2);
      await page.getByLabel("When", { exact: true }).selectOption({ label: "Last hour" });
      await rows(page, 2);
      await page.reload();
      await rows(page, 2);
      await hasValue(page.getByLabel("When", { exact: true }), "1h");

      await page.goto(`/runs?container=${encodeURIComponent(bad)}&to=2020-01-01T00:00:00Z`);
      await page.getByText("No run matches").waitFor();
      await page.getByRole("button", { name: "Clear filters" }).click();
      await rows(page, 3);
      strictEqual(await sidewaysPx(page), 0);
      deepStrictEqual(visitor.complaints, []);
    },
  );

  Deno.test(
    `a cell of the grid leads to its runs, and a day of the calendar too at ${width} px`,
    inBrowser,
    async () => {
      const { server } = await (shared ??= prepare());
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await page.goto("/runs");

      await page.getByRole("button", { name: "Grid", exact: true }).click();
      const grid = page.locator("table.grid");
      await grid.waitFor();
      await hasCount(grid.getByRole("rowheader"), 2);
      await grid.getByRole("link", { name: /^bad, .*: Failed/ }).click();
      await page.waitForURL(/\/runs\//);
      await page.goBack();
      await grid.waitFor();
      await page.getByRole("button", { name: "Calendar", exact: true }).click();
      await page.getByRole("table", { name: "Runs that ended, day by day" })
        .getByRole("link", { name: /: 2 succeeded, 1 failed, 0 cancelled$/ }).click();
      await rows(page, 3);
      await page.getByRole("button", { name: "Clear time filter" }).click();

      await rows(page, 3);
      strictEqual(await sidewaysPx(page), 0);
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

for (const theme of ["light", "dark", "neon"] as const) {
  for (const width of [1280, 360]) {
    Deno.test(
      `list, grid, calendar and hosts are accessible in ${theme} at ${width} px`,
      inBrowser,
      async () => {
        const { server } = await (shared ??= prepare());
        await using visitor = await visitAsAdmin(server, { theme, width });
        const { page } = visitor;
        await openContainers(page);
        const places = [
          ["/runs", "table.runs"],
          ["/runs?view=grid", "table.grid"],
          ["/runs?view=calendar", "table.calendar .day:not([data-empty])"],
          ["/hosts", "table.hosts .agent-name"],
        ] as const;

        for (const [path, shows] of places) {
          await page.goto(path);
          await page.locator(shows).first().waitFor();

          deepStrictEqual(await seriousFaults(page), [], path);
          strictEqual(await sidewaysPx(page), 0, path);
        }
        deepStrictEqual(visitor.complaints, []);
      },
    );
  }
}

Deno.test(
  "the hosts page tells who is there, how much it can take, and how busy the machine is",
  inBrowser,
  async () => {
    const { server } = await (shared ??= prepare());
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await page.goto("/hosts");
    const agents = page.getByRole("region", { name: "Agents" });

    await agents.getByText("online").waitFor();
    await agents.getByText(/^0 of \d+$/).waitFor();
    await agents.getByText("this server").waitFor();
    for (const name of ["Processor", "Memory", "Load 1 / 5 / 15 min", "Server process", "Task processes"]) {
      await page.locator(".host-line").filter({ has: page.getByText(name, { exact: true }) }).locator("svg")
        .waitFor();
    }
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test("a new run waits on top until it is asked for, and changes in its row", inBrowser, async () => {
  const { server, good } = await (shared ??= prepare());
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await page.goto(`/runs?container=${encodeURIComponent(good)}`);
  await rows(page, 2);
  // What is read anew shows the new run at once.
  await visitor.settled();

  await startRun(server, good);
  await page.getByRole("button", { name: "1 new run" }).click();
  await rows(page, 3);

  await page.locator("table.runs tbody tr").first().getByText("Succeeded").waitFor();
  deepStrictEqual(visitor.complaints, []);
});

/** Two runs that succeeded and one that failed. */
async function prepare(): Promise<Scene> {
  const server = await sharedServer();
  const good = await makeContainer(server, { name: "good", overlap: "ALLOW" }, { main: ":" });
  const bad = await makeContainer(server, { name: "bad", overlap: "ALLOW" }, { main: "exit 3" });
  for (const id of [good, bad, good]) await startRun(server, id);
  await until("all three are over", async () => {
    const { data } = await server.graphql(
      `{ runs(filter: { states: [SUCCEEDED, FAILED] }) { totalCount } }`,
    );
    return data.runs.totalCount === 3;
  });
  return { server, good, bad };
}

async function rows(page: Page, count: number): Promise<void> {
  await hasCount(page.locator("table.runs tbody tr"), count);
}
