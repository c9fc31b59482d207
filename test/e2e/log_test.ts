/** A long output: only what is in view is drawn, the end is followed until the reader goes elsewhere. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../support/until.ts";
import { inBrowser, openContainers, sharedServer, visitAsAdmin } from "./browser.ts";
import { newGate } from "./made.ts";
import { startOne } from "./one_task.ts";

const LINES = 3000;
const DRAWN_AT_MOST = 300;

for (const width of [1280, 360]) {
  Deno.test(
    `a long output is drawn in part, followed to its end and left alone at ${width} px`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      const gate = newGate(server);
      const command =
        `for n in $(seq 1 ${LINES}); do echo "line $n of an output that is long enough to be wrapped"; done
until [ -e ${gate} ]; do sleep 0.05; done
for n in 1 2 3; do echo "late line $n"; done`;

      await page.goto(await startOne(server, command));
      await page.getByText(`line ${LINES} of`).waitFor();
      await until("the end is in view", async () => await fromEndPx(page) < 10);
      ok(await page.locator(".log-row").count() < DRAWN_AT_MOST);
      await page.getByRole("log").hover();
      await page.mouse.wheel(0, -2000);
      await page.getByRole("button", { name: /^To the end/ }).waitFor();
      await Deno.writeTextFile(gate, "");
      await page.getByRole("button", { name: "To the end: 3 new lines" }).waitFor();
      strictEqual(await page.getByText("late line 3").count(), 0);
      await page.getByRole("button", { name: /^To the end/ }).click();

      await page.getByText("late line 3").waitFor();
      await until("the end is in view again", async () => await fromEndPx(page) < 10);
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

Deno.test(
  "older lines are put in front of those that are shown when they are asked for",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await openContainers(page);
    const address = await startOne(server, `seq 1 ${LINES}`);
    await page.goto(address);
    await page.locator(".run-head").getByText("Succeeded", { exact: true }).waitFor();

    await page.goto(address);
    await page.getByText("Last 1,000 lines").waitFor();
    await page.getByRole("button", { name: "Load older lines" }).click();

    await page.getByText("Last 2,000 lines").waitFor();
    await page.getByRole("button", { name: "Load older lines" }).click();
    await page.getByText("3,000 lines", { exact: true }).waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test(
  "a line is shown in place while it grows, and as a line once it is complete",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    const [grown, ended] = [newGate(server), newGate(server)];
    const command = `echo begin; printf '10 %% \\r20 %%\\r'
until [ -e ${grown} ]; do sleep 0.05; done
printf '30 %%\\r'
until [ -e ${ended} ]; do sleep 0.05; done
echo 'all done'`;
    const rows = page.locator(".log-row");
    const texts = (): Promise<string[]> => rows.locator(".log-text").allTextContents();

    await page.goto(await startOne(server, command));
    const partial = rows.filter({ has: page.getByRole("img", { name: "This line is not complete yet" }) });
    await partial.getByText("20 %", { exact: true }).waitFor();
    deepStrictEqual(await texts(), ["begin", "20 %"]);
    await Deno.writeTextFile(grown, "");
    await partial.getByText("30 %", { exact: true }).waitFor();
    deepStrictEqual(await texts(), ["begin", "30 %"]);
    // As somebody sees it who comes later.
    await page.reload();
    await partial.getByText("30 %", { exact: true }).waitFor();
    await Deno.writeTextFile(ended, "");
    await page.getByText("all done", { exact: true }).waitFor();

    strictEqual(await partial.count(), 0);
    deepStrictEqual(await texts(), ["begin", "all done"]);
    deepStrictEqual(visitor.complaints, []);
  },
);

async function fromEndPx(page: Page): Promise<number> {
  return await page.evaluate(
    `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(
      document.querySelector(".log-scroller"),
    )`,
  );
}
