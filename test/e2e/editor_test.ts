/** The editor of a container: the field for commands, and the drawing of the graph. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import { browserTest, sidewaysPx, signIn, visit } from "./browser.ts";

for (const width of [1280, 360]) {
  browserTest(`a command is coloured, warned of, and left by the keyboard at ${width} px`, async () => {
    await using server = await startServer();
    const { id, tasks } = await makeContainer(server, "Edited", [{ name: "gather", command: "cd /srv\nls" }]);
    await using visitor = await visit({ address: server.address, width });
    const { page } = visitor;
    await signIn(page);
    await openTask(page, id, tasks["gather"] ?? "");

    const command = commandOf(page);
    await command.waitFor();
    const warnings = page.getByRole("list", { name: "Warnings of the command" });
    await warnings.getByText("When the folder is missing").waitFor();
    await page.locator(".tok-variableName, .tok-keyword, .tok-definition, .tok-meta").first().waitFor();
    deepStrictEqual(await seriousFaults(page), []);
    strictEqual(await sidewaysPx(page), 0);

    await warnings.getByRole("button", { name: "Line 1" }).click();
    await page.keyboard.type("cd /srv || exit 1");
    await until("the warning is gone", async () => await warnings.getByRole("listitem").count() === 0);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type("pwd");
    await page.getByText("1 unsaved change").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    strictEqual(await command.evaluate((element) => element.matches(":focus")), false);

    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("version 3").waitFor();
    strictEqual(await commandInServer(server, id), "cd /srv || exit 1\n  pwd\nls");
    deepStrictEqual(visitor.complaints, []);
  });
}

browserTest("the field for a command takes over what is undone elsewhere", async () => {
  await using server = await startServer();
  const { id, tasks } = await makeContainer(server, "Edited", [{ name: "gather", command: "echo one" }]);
  await using visitor = await visit({ address: server.address });
  const { page } = visitor;
  await signIn(page);
  await openTask(page, id, tasks["gather"] ?? "");
  await commandOf(page).fill("echo two");
  await page.getByText("1 unsaved change").waitFor();

  await page.getByRole("button", { name: "Discard" }).click();

  await until("the old command is back", async () => await commandOf(page).textContent() === "echo one");
  deepStrictEqual(visitor.complaints, []);
});

interface MadeTask {
  readonly name: string;
  readonly command: string;
}
interface MadeRelation {
  readonly upstream: string;
  readonly downstream: string;
  readonly condition?: string;
}

/** A container of version 2; answers its id and those of its tasks by name. */
async function makeContainer(
  server: TestServer,
  name: string,
  tasks: readonly MadeTask[],
  relations: readonly MadeRelation[] = [],
): Promise<{ readonly id: string; readonly tasks: Readonly<Record<string, string>> }> {
  const made = await server.graphql(
    `mutation ($name: String!) { createContainer(input: { name: $name }) { ... on Container { id } } }`,
    { name },
  );
  const { id } = made.data.createContainer;
  const saved = await server.graphql(
    `mutation ($input: SaveContainerInput!) { saveContainer(input: $input) { ... on Container { tasks { id name } } } }`,
    { input: { container: { id }, tasks, relations } },
  );
  const rows: readonly { readonly id: string; readonly name: string }[] = saved.data.saveContainer.tasks;
  return { id, tasks: Object.fromEntries(rows.map((task) => [task.name, task.id])) };
}

async function openTask(page: Page, containerId: string, taskId: string): Promise<void> {
  await page.goto(`/containers/${encodeURIComponent(containerId)}?task=${encodeURIComponent(taskId)}`);
}

/** The field once the editor has taken its place. */
function commandOf(page: Page): Locator {
  return page.locator('.cm-content[aria-label="Command"]');
}

async function commandInServer(server: TestServer, id: string): Promise<string> {
  const { data } = await server.graphql(`query ($id: ID!) { container(id: $id) { tasks { command } } }`, {
    id,
  });
  return data.container.tasks[0].command;
}
