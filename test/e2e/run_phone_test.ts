/** A run of many tasks on a phone: what went wrong first, the way to the others, and back. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import { hasCount, inBrowser, sharedServer, sidewaysPx, visitAsAdmin } from "./browser.ts";
import { endOfRun, makeContainer, saveTasks, startRun } from "./made.ts";

const PARTS = 30;
const BROKEN = [12, 17];
const ERROR = "cannot read block 31";

/** No test changes it. */
let parts: Promise<string> | null = null;

Deno.test(
  "a failed run of many tasks opens on its last error lines, and its tasks are a step away",
  inBrowser,
  async () => {
    const server = await sharedServer();
    const run = await (parts ??= runParts(server));
    await using visitor = await visitAsAdmin(server, { width: 360, height: 740 });
    const { page } = visitor;

    await page.goto(run);
    const error = page.getByRole("log", { name: "Output of part 12" }).getByText(ERROR).last();
    await error.waitFor();
    await visitor.settled();
    await until("the error is seen without scrolling", async () => {
      const [actions, line] = [await page.locator(".run-actions").boundingBox(), await error.boundingBox()];
      return actions !== null && line !== null && line.y + line.height <= actions.y;
    });
    await hasCount(page.locator(".task-run"), BROKEN.length);
    await page.getByRole("button", { name: /^All 31 tasks/ }).waitFor();
    deepStrictEqual(await seriousFaults(page), []);
    strictEqual(await sidewaysPx(page), 0);
    await page.locator(".task-run").filter({ hasText: "part 17" }).click();
    await page.getByRole("log", { name: "Output of part 17" }).getByText(ERROR).last().waitFor();
    await page.getByRole("button", { name: "Next task" }).click();
    await page.getByRole("log", { name: "Output of part 18" }).getByText("read part 18").waitFor();

    await page.getByRole("button", { name: /^All 31 tasks/ }).click();
    await hasCount(page.locator(".task-run"), PARTS + 1);
    await page.locator('.task-run[aria-pressed="true"]').filter({ hasText: "part 18" }).waitFor();
    deepStrictEqual(await seriousFaults(page), []);
    await page.locator(".task-run").filter({ hasText: "part 3" }).first().click();
    await page.getByRole("log", { name: "Output of part 3", exact: true }).waitFor();
    await page.goBack();
    await hasCount(page.locator(".task-run"), PARTS + 1);
    await page.goBack();
    await page.getByRole("log", { name: "Output of part 18" }).waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

for (const width of [1280, 360]) {
  Deno.test(
    `a graph too large to be read is shown in part, and as a whole on demand at ${width} px`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      const run = await (parts ??= runParts(server));
      await using visitor = await visitAsAdmin(server, { width, height: 740 });
      const { page } = visitor;

      await page.goto(`${run}?view=graph`);
      const drawing = page.getByRole("img", { name: /^Graph of the run/ });
      await drawing.waitFor();
      const map = page.locator(".graph-minimap");
      await map.waitFor();
      await page.getByRole("button", { name: "Fit the graph" }).click();
      await map.waitFor({ state: "hidden" });
      await drawing.focus();
      await page.keyboard.press("f");
      await map.waitFor();
      deepStrictEqual(await seriousFaults(page), []);
      strictEqual(await sidewaysPx(page), 0);
      await drawing.focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");

      await output(page, "part 13");
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

async function output(page: Page, task: string): Promise<void> {
  await page.getByRole("log", { name: `Output of ${task}` }).waitFor();
}

/** One task and behind it many, two of them broken. Answers where the page of the run lies. */
async function runParts(server: TestServer): Promise<string> {
  const id = await makeContainer(server, { name: "Parts" }, {});
  const parts = Array.from({ length: PARTS }, (_, index) => ({
    name: `part ${index + 1}`,
    command: BROKEN.includes(index + 1)
      ? `seq -f 'block %.0f' 1 30; echo '${ERROR}' >&2; exit 7`
      : `echo 'read part ${index + 1}'`,
  }));
  const relations = parts.map(({ name }) => ({ upstream: "list", downstream: name }));
  await saveTasks(server, id, [{ name: "list", command: "echo listed" }, ...parts], relations);
  const runId = await startRun(server, id);
  await endOfRun(server, runId);
  return `/runs/${encodeURIComponent(runId)}`;
}
