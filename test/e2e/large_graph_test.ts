/** A container of many tasks: its drawing does not show every change by itself, and its list comes in parts. */
import { deepStrictEqual, equal, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { inBrowser, sharedServer, visitAsAdmin } from "./browser.ts";
import { makeContainer, newGate, saveTasks, startRun } from "./made.ts";
import { addressOf } from "./one_task.ts";

/** More than a drawing shows change by change, and more than a list shows at once. */
const TASKS = 200;
const LAYER = 20;
/** So many processes take their time on a loaded machine. */
const RUN_MS = 60_000;

Deno.test(
  "a large graph shows the last state of every task, and its list has every task",
  inBrowser,
  async () => {
    const server = await sharedServer();
    const gate = newGate(server);
    const containerId = await makeLarge(server, gate);
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;

    await page.goto(`/containers/${encodeURIComponent(containerId)}`);
    await until("every task is listed", async () => await page.locator(".task-item").count() === TASKS);
    equal(await page.locator(".task-item .task-name").last().textContent(), `task ${TASKS - 1}`);

    const run = await addressOf(server, await startRun(server, containerId));
    await page.goto(run);
    const drawing = page.getByRole("img", { name: "1 Running" });
    await drawing.waitFor();
    const before = await until("it is drawn", () => pictureOf(page));
    await Deno.writeTextFile(gate, "");
    await page.getByRole("img", { name: `${TASKS} Succeeded` }).waitFor({ timeout: RUN_MS });

    // Whoever comes later sees the end alone, and with time the one who was there sees the same.
    const later = await visitor.context.newPage();
    await later.goto(run);
    await later.getByRole("img", { name: `${TASKS} Succeeded` }).waitFor();
    const shown = await until("both show the same", async () => {
      const [live, fresh] = [await pictureOf(page), await pictureOf(later)];
      return live === fresh && live;
    });
    ok(shown !== before);
    deepStrictEqual(visitor.complaints, []);
  },
);

/** The small picture of the graph; null until it is painted. */
async function pictureOf(page: Page): Promise<string | null> {
  const picture = "document.querySelector('canvas.graph-minimap:not([hidden])')";
  return await page.evaluate(`${picture} === null ? null : ${picture}.toDataURL()`);
}

/** One task waits for the file, and all others behind it. */
async function makeLarge(server: TestServer, gate: string): Promise<string> {
  const nameOf = (index: number): string => `task ${index}`;
  const id = await makeContainer(server, { name: "Large" }, {});
  const tasks = Array.from({ length: TASKS }, (_, index) => ({
    name: nameOf(index),
    command: index === 0 ? `until [ -e '${gate}' ]; do sleep 0.05; done` : ":",
  }));
  const relations = Array.from({ length: TASKS - 1 }, (_, index) => ({
    upstream: nameOf(index < LAYER ? 0 : index + 1 - LAYER),
    downstream: nameOf(index + 1),
  }));
  await saveTasks(server, id, tasks, relations);
  return id;
}
