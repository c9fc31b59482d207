/** The start page: what needs somebody, what runs, what is to come and how it has been, live. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import { hasCount, inBrowser, sharedServer, sidewaysPx, visitAsAdmin } from "./browser.ts";
import { endOfRun, makeContainer, startRun } from "./made.ts";

let shared: Promise<TestServer> | null = null;

for (const width of [1280, 360]) {
  Deno.test(
    `what failed leads to its run, and what runs comes and goes by itself at ${width} px`,
    inBrowser,
    async () => {
      const server = await (shared ??= prepare());
      const sleeper = await makeContainer(server, { name: `sleeper ${width}` }, { main: "sleep 600" });
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await page.goto("/");

      const attention = page.getByRole("region", { name: "Needs attention" });
      const running = page.getByRole("region", { name: "Running now" });
      await attention.getByRole("link", { name: "nightly" }).waitFor();
      await hasCount(attention.getByText("exit code 3"), 1);
      const runId = await startRun(server, sleeper);
      await running.getByRole("link", { name: `sleeper ${width}` }).waitFor();
      await until("the counter follows", async () => await counter(page, "Running") === "1");
      await server.graphql(`mutation ($id: ID!) { cancelRun(id: $id) { __typename } }`, { id: runId });
      await running.getByText("Nothing is running.").waitFor();
      await until(
        "it is counted as cancelled",
        async () => Number(await counter(page, "Cancelled today")) > 0,
      );
      strictEqual(await sidewaysPx(page), 0);

      await attention.getByRole("link", { name: "nightly" }).click();
      await page.waitForURL(/\/runs\//);
      deepStrictEqual(visitor.complaints, []);
    },
  );

  Deno.test(`a counter leads to the runs that it counts at ${width} px`, inBrowser, async () => {
    const server = await (shared ??= prepare());
    await using visitor = await visitAsAdmin(server, { width, timezone: "Pacific/Guadalcanal" });
    const { page } = visitor;
    await page.goto("/");

    const failed = page.getByRole("region", { name: "Counters" }).getByRole("link", { name: "Failed today" });
    strictEqual(await failed.getAttribute("title"), "Today in the time zone Pacific/Guadalcanal");
    await failed.click();

    await page.locator("table.runs").waitFor();
    strictEqual(new URL(page.url()).searchParams.get("state"), "FAILED");
    // Its midnight, 11 hours before that of UTC.
    match(new URL(page.url()).searchParams.get("from") ?? "", /T13:00:00.000Z$/);
    await hasCount(page.locator("table.runs tbody tr"), 1);
    deepStrictEqual(visitor.complaints, []);
  });
}

for (const theme of ["light", "dark", "neon"] as const) {
  for (const width of [1280, 360]) {
    Deno.test(
      `week, day and host are shown and accessible in ${theme} at ${width} px`,
      inBrowser,
      async () => {
        const server = await (shared ??= prepare());
        await using visitor = await visitAsAdmin(server, { theme, width });
        const { page } = visitor;
        await page.goto("/");

        const week = page.getByRole("region", { name: "Runs of the last 7 days" });
        await week.locator("canvas").waitFor();
        // A table says the same as the chart.
        await hasCount(week.getByRole("row"), 8);
        await page.getByRole("region", { name: "Flakiest containers" }).getByRole("link", { name: "nightly" })
          .waitFor();
        await page.getByRole("region", { name: "Slowest containers" }).getByRole("link", { name: "hourly" })
          .waitFor();
        await page.locator(".upcoming-strip .slice:not(.none)").first().waitFor();
        const host = page.getByRole("region", { name: "This server" });
        await host.getByText("Load 1 / 5 / 15 min", { exact: true }).waitFor();
        await until("the host is measured", async () => /\d+ %/.test(await host.innerText()));
        deepStrictEqual(await seriousFaults(page), []);
        strictEqual(await sidewaysPx(page), 0);
        deepStrictEqual(visitor.complaints, []);
      },
    );
  }
}

/** One container that failed, and one that works and has a schedule. */
async function prepare(): Promise<TestServer> {
  const server = await sharedServer();
  const nightly = await makeContainer(server, { name: "nightly" }, { main: "echo no; exit 3" });
  const hourly = await makeContainer(server, { name: "hourly", expression: "0 * * * *" }, {
    main: "echo yes",
  });
  for (const id of [nightly, hourly]) await endOfRun(server, await startRun(server, id));
  return server;
}

async function counter(page: Page, name: string): Promise<string> {
  const link = page.getByRole("region", { name: "Counters" }).getByRole("link", { name, exact: false });
  return await link.first().locator(".counter-value").innerText();
}
