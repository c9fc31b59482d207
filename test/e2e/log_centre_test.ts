/** The log centre: lines of all runs are found, read in their surroundings, followed to their run, and deleted. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import { hasCount, inBrowser, sharedServer, sidewaysPx, visitAsAdmin } from "./browser.ts";
import { endOfRun, makeContainer, startRun } from "./made.ts";

const SEARCH = "Find in all output";
let shared: Promise<TestServer> | null = null;

for (const width of [1280, 360]) {
  Deno.test(
    `a line is found over all runs and opened where it stands at ${width} px`,
    inBrowser,
    async () => {
      const server = await (shared ??= prepare());
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await page.goto("/logs");
      await page.locator(".hit").first().waitFor();

      await page.keyboard.press("/");
      await page.getByRole("searchbox", { name: SEARCH }).fill("MOON 50");
      await page.locator("mark.log-hit", { hasText: "moon 50" }).waitFor();
      await hasCount(page.locator(".hit"), 1);
      match(page.url(), /q=MOON/);
      await page.getByRole("button", { name: "Lines around line 50" }).click();
      await page.locator(".hit-near", { hasText: "moon 45" }).waitFor();
      await page.locator(".hit-near", { hasText: "moon 55" }).waitFor();
      await hasCount(page.locator(".hit-near"), 11);
      await page.getByRole("button", { name: "More before" }).click();
      await page.locator(".hit-near", { hasText: "moon 25" }).waitFor();
      await page.locator(".hit-near.found", { hasText: "moon 50" }).waitFor();
      strictEqual(await sidewaysPx(page), 0);
      await page.getByTitle(/Open the run at line 50/).click();

      await page.waitForURL(/\/runs\/.*line=1\.50$/);
      await page.locator(`.log-row.chosen[data-seq="50"]`).waitFor();
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

Deno.test("what a menu offers fits on a phone, and opening it chooses nothing", inBrowser, async () => {
  const server = await (shared ??= prepare());
  await using visitor = await visitAsAdmin(server, { width: 360 });
  const { page } = visitor;
  await page.goto("/logs?stream=STDERR");
  await page.getByText("rain is late").waitFor();
  await visitor.settled();

  await page.getByRole("button", { name: "Delete output" }).click();
  const items = page.getByRole("menuitem");
  await items.filter({ hasText: "Only whole attempts can be deleted" }).waitFor();

  await items.filter({ hasText: "Delete all output" }).waitFor();
  strictEqual(await sidewaysPx(page), 0);
  strictEqual(await page.getByRole("dialog").count(), 0);
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("filters stand in the address, and an address shows the same", inBrowser, async () => {
  const server = await (shared ??= prepare());
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await page.goto("/logs");
  await page.locator(".hit").first().waitFor();
  const streams = page.getByRole("group", { name: "Streams" });
  await streams.getByRole("button", { name: "All", pressed: true }).waitFor();

  await streams.getByRole("button", { name: "stderr" }).click();
  await streams.getByRole("button", { name: "All", pressed: false }).waitFor();
  await page.locator(`.hit[data-stream="STDOUT"]`).first().waitFor({ state: "detached" });
  await page.getByRole("combobox", { name: "Container" }).selectOption("Sowing");
  await page.getByText("rain is late").waitFor();
  await page.getByRole("combobox", { name: "Task" }).selectOption("dig");
  await page.getByRole("heading", { name: "No line matches" }).waitFor();
  await page.getByRole("combobox", { name: "Task" }).selectOption("water");
  await page.getByText("rain is late").waitFor();
  await page.getByRole("combobox", { name: "When" }).selectOption("Last hour");
  await page.waitForURL(/span=1h/);
  await page.getByText("rain is late").waitFor();
  const link = page.url();
  await page.getByRole("combobox", { name: "When" }).selectOption("From and to");
  for (const width of [1280, 1120, 960, 800]) {
    await page.setViewportSize({ width, height: 800 });
    const from = await page.getByLabel("From", { exact: true }).boundingBox();
    const to = await page.getByLabel("To", { exact: true }).boundingBox();
    strictEqual(from?.y, to?.y, `the times stand apart at ${width} px`);
  }
  await page.getByLabel("To", { exact: true }).fill("2020-01-01T00:00");
  await page.getByRole("heading", { name: "No line matches" }).waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.waitForURL(/\/logs$/);
  await streams.getByRole("button", { name: "All", pressed: true }).waitFor();
  await page.goto(link);

  await page.getByText("rain is late").waitFor();
  await hasCount(page.locator(".hit"), 1);
  // It is chosen once the tasks of the container are known.
  const task = page.getByRole("combobox", { name: "Task" });
  await until("the task is chosen", async () => await task.inputValue() !== "");
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("pages are turned by cursor, and a group leads to its run alone", inBrowser, async () => {
  const server = await (shared ??= prepare());
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await page.goto("/logs?q=moon");
  await page.getByText("moon 120", { exact: true }).waitFor();

  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("moon 70", { exact: true }).waitFor();
  await page.getByText("moon 120", { exact: true }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Previous" }).click();
  await page.getByText("moon 120", { exact: true }).waitFor();
  await page.getByRole("button", { name: "More actions for pick" }).first().click();
  await page.getByRole("menuitem", { name: "Only this run" }).click();
  await page.waitForURL(/run=/);
  await page.getByRole("button", { name: `Remove filter "One run"` }).click();

  await page.waitForURL(/\/logs\?q=moon$/);
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("output is deleted by attempt, by filter and all of it, each asked twice", inBrowser, async () => {
  // It deletes the output of all containers.
  await using server = await startServer();
  await run(server, "Harvest", { pick: "echo picking", press: "echo pressing" });
  await run(server, "Sowing", { dig: "echo digging" });
  await run(server, "Weeding", { pull: "echo pulling" });
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await page.goto("/logs");
  await page.getByText("picking").waitFor();
  await page.getByText(/^4 lines in /).waitFor();
  const confirm = async (): Promise<void> => {
    await page.getByRole("button", { name: "Continue" }).click();
    const last = page.getByRole("button", { name: "Delete permanently" });
    await until("it waits for the word", () => last.isDisabled());
    await page.getByLabel(`Type "delete" to confirm`).fill("delete");
    await last.click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };

  await page.getByRole("button", { name: "More actions for pick" }).click();
  await page.getByRole("menuitem", { name: "Delete this attempt's output" }).click();
  await page.getByText("attempt 1 of Harvest › pick").waitFor();
  await confirm();
  await page.getByText("picking").waitFor({ state: "detached" });
  await page.getByText("pressing").waitFor();
  await page.getByRole("button", { name: "Delete output" }).click();
  await page.locator("[aria-disabled=true]", { hasText: "Delete the filtered output" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Container" }).selectOption("Harvest");
  await page.getByText("digging").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Delete output" }).click();
  await page.getByRole("menuitem", { name: "Delete the filtered output" }).click();
  await confirm();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByText("digging").waitFor();
  await page.getByText("pressing").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Delete output" }).click();
  await page.getByRole("menuitem", { name: "Delete all output" }).click();
  await confirm();

  await page.getByRole("heading", { name: "No output yet" }).waitFor();
  await page.getByText(/^0 lines in /).waitFor();
  deepStrictEqual(visitor.complaints, []);
});

for (const theme of ["light", "dark", "neon"] as const) {
  for (const width of [1280, 360]) {
    Deno.test(`the log centre is accessible and fits in ${theme} at ${width} px`, inBrowser, async () => {
      const server = await (shared ??= prepare());
      await using visitor = await visitAsAdmin(server, { theme, width });
      const { page } = visitor;
      await page.goto("/logs?q=no-such-text");
      await page.getByRole("heading", { name: "No line matches" }).waitFor();
      deepStrictEqual(await seriousFaults(page), []);
      await page.goto("/logs?q=rain");
      await page.getByRole("button", { name: /^Lines around/ }).first().click();
      await page.locator(".hit-near").first().waitFor();

      deepStrictEqual(await seriousFaults(page), []);
      strictEqual(await sidewaysPx(page), 0);
      deepStrictEqual(visitor.complaints, []);
    });
  }
}

async function prepare(): Promise<TestServer> {
  const server = await sharedServer();
  await run(server, "Harvest", { pick: `seq -f "moon %.0f" 1 120` });
  await run(server, "Sowing", { dig: "echo digging", water: "echo 'rain is late' >&2; echo 'rain at last'" });
  return server;
}

/** Runs a container with these tasks to its end. */
async function run(
  server: TestServer,
  name: string,
  commands: Readonly<Record<string, string>>,
): Promise<void> {
  await endOfRun(server, await startRun(server, await makeContainer(server, { name }, commands)));
}
