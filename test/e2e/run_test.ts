/** The run's page: why it failed, why it waits, when what ran, and what to do about it, at a desk and on a phone. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import {
  cutOff,
  hasCount,
  inBrowser,
  pressInTurn,
  sharedServer,
  sidewaysPx,
  visitAsAdmin,
} from "./browser.ts";
import { endOfRun, makeContainer, newGate, newName, saveTasks, startRun } from "./made.ts";

for (const width of [1280, 360]) {
  Deno.test(
    `a failed run opens on what failed and tells what has changed at ${width} px`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      const id = await makeContainer(server, { name: newName("Orders") }, {});
      await defineTasks(server, id, 'echo joined; printf rows=12 >> "$ORRERY_OUTPUT"');
      await endOfRun(server, await startRun(server, id));
      await defineTasks(server, id, "echo joining; echo 'no price for sku 4711' >&2; exit 3");
      const runId = await startRun(server, id);
      await endOfRun(server, runId);
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;

      await page.goto(`/runs/${encodeURIComponent(runId)}`);
      await page.getByRole("log", { name: "Output of join" }).getByText("no price for sku 4711").last()
        .waitFor();
      const head = page.locator(".task-run-head");
      await head.getByText("exit 3", { exact: true }).waitFor();
      await head.getByText("attempt 2", { exact: true }).waitFor();
      deepStrictEqual(await cutOff(page.locator(".task-run-why")), []);
      await page.locator(".run-facts").getByText("3 tasks: 1 failed, 1 succeeded, 1 skipped").waitFor();
      await head.getByText(/^Last successful run .*: it worked, and its command has changed since/).waitFor();
      await head.getByRole("button", { name: "Compare" }).click();
      await page.locator(".command-diff ins").getByText("exit 3").waitFor();
      await page.locator(".compare-lead").getByText(/version 3, then version 2/).waitFor();
      deepStrictEqual(await seriousFaults(page), [], "compare");
      strictEqual(await sidewaysPx(page), 0, "compare");
      await page.getByRole("button", { name: width === 360 ? "Tasks" : "Timeline", exact: true }).click();
      const join = page.locator(".task-run").filter({ hasText: "join" });
      await join.getByText(/Attempt 1: Failed.*Attempt 2: Failed.*critical path/).waitFor({
        state: "attached",
      });
      await hasCount(join.locator('.timeline-bar[data-kind="attempt"]'), 2);
      await join.locator('.timeline-bar[data-kind="waiting"]').first().waitFor({ state: "attached" });
      deepStrictEqual(await seriousFaults(page), [], "timeline");
      strictEqual(await sidewaysPx(page), 0, "timeline");
      match(page.url(), /view=timeline/);
      await page.locator(".task-run").filter({ hasText: "fetch" }).click();

      await page.getByRole("log", { name: "Output of fetch" }).getByText("fetched").waitFor();
      deepStrictEqual(visitor.complaints, []);
    },
  );

  Deno.test(`a run says why it waits, and its end is told, at ${width} px`, inBrowser, async () => {
    const server = await sharedServer();
    const name = newName("Orders");
    const succeeded = new RegExp(`^${name} succeeded in `);
    const id = await makeContainer(server, { name, overlap: "QUEUE" }, {});
    const gate = newGate(server);
    await defineTasks(server, id, 'echo joined; printf rows=12 >> "$ORRERY_OUTPUT"', gate);
    const first = await startRun(server, id);
    const second = await startRun(server, id);
    await using visitor = await visitAsAdmin(server, { width });
    const { page, context } = visitor;
    await context.addInitScript(NOTIFICATIONS);

    await page.goto(`/runs/${encodeURIComponent(second)}`);
    const behind = page.locator(".run-head").getByText("Waits for another run of the container to end:");
    await behind.waitFor();
    await page.locator(".run-head .waiting-for").getByRole("link").click();
    await page.waitForURL((url) => url.pathname.includes(encodeURIComponent(first)));
    await page.locator(".run-head").getByText("Running", { exact: true }).waitFor();
    await choose(page, "join");
    const waiting = page.locator(".task-run-head .waiting-for");
    await waiting.getByText(/^Waits for/).waitFor();
    deepStrictEqual(await seriousFaults(page), []);
    await waiting.getByRole("button", { name: "fetch" }).click();
    await page.getByRole("log", { name: "Output of fetch" }).waitFor();
    await page.getByRole("button", { name: "Notify me when it ends" }).click();
    await page.getByRole("button", { name: "You are notified when an open run ends" }).waitFor();
    await page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })");
    await Deno.writeTextFile(gate, "");
    await page.getByRole("region", { name: "Messages" }).getByText(succeeded).waitFor();

    await until("the browser tells it too", async () => {
      const told: readonly string[] = await page.evaluate("globalThis.told");
      return succeeded.test(told.join());
    });
    await choose(page, "join");
    await page.getByText("1 output value").click();
    await page.locator(".task-run-outputs").getByText("12", { exact: true }).waitFor();
    deepStrictEqual(visitor.complaints, []);
  });
}

Deno.test(
  "the keyboard walks the tasks, stops the run and repeats it from what failed",
  inBrowser,
  async () => {
    const server = await sharedServer();
    const id = await makeContainer(server, { name: newName("Orders") }, {});
    const gate = newGate(server);
    await defineTasks(server, id, "true", gate);
    const runId = await startRun(server, id);
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await page.goto(`/runs/${encodeURIComponent(runId)}`);
    await shown(page, "fetch");

    await page.keyboard.press("j");
    await shown(page, "join");
    await page.keyboard.press("ArrowDown");
    await shown(page, "report");
    await page.keyboard.press("k");
    await shown(page, "join");
    const log = page.getByRole("log", { name: "Output of join" });
    await log.waitFor();
    await page.keyboard.press("l");
    await until("the output has the focus", () => log.evaluate((element) => element.matches(":focus")));
    await pressInTurn(page, "v", "t");
    await page.locator(".timeline").waitFor();
    await page.keyboard.press("s");
    await page.locator(".run-head").getByText("Cancelled", { exact: true }).waitFor();
    await page.locator('.toast[data-tone="cancelled"]').getByText("was cancelled").waitFor();
    await Deno.writeTextFile(gate, "");
    await page.keyboard.press("t");

    await page.getByRole("link", { name: "Retry of an earlier run" }).waitFor();
    await page.locator(".run-head").getByText("Succeeded", { exact: true }).waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

/** Stands in for the browser's own notifications, which a headless one does not show. */
const NOTIFICATIONS = `
  globalThis.told = [];
  globalThis.Notification = class {
    static permission = "default";
    static requestPermission() { return Promise.resolve(Notification.permission = "granted"); }
    constructor(title) { globalThis.told.push(title); }
  };
`;

async function shown(page: Page, task: string): Promise<void> {
  await page.locator('.task-run[aria-pressed="true"]').filter({ hasText: task }).waitFor();
}

/** By the list, which on a phone stands in the place of the output. */
async function choose(page: Page, task: string): Promise<void> {
  const all = page.getByRole("button", { name: "Tasks", exact: true });
  if (page.viewportSize()?.width === 360) await all.click();
  await page.locator(".task-run").filter({ hasText: task }).click();
}

/** fetch -> join -> report; fetch waits for the gate when there is one. */
async function defineTasks(server: TestServer, id: string, join: string, gate?: string): Promise<void> {
  const wait = gate === undefined ? "" : `until [ -e ${gate} ]; do sleep 0.05; done; `;
  await saveTasks(server, id, [
    { name: "fetch", command: `echo fetched; ${wait}` },
    { name: "join", command: join, maxRetries: 1, retryDelaySeconds: 1 },
    { name: "report", command: "echo reported" },
  ], [{ upstream: "fetch", downstream: "join" }, { upstream: "join", downstream: "report" }]);
}
