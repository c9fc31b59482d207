/** What happened while one was away: counted at the bell, listed in a drawer and on a page, and marked as read. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import { startServer, type TestServer } from "../support/server.ts";
import { seriousFaults } from "./axe.ts";
import { hasCount, inBrowser, openContainers, sidewaysPx, visitAsAdmin } from "./browser.ts";
import { addUser } from "./made.ts";

// Messages are counted: each of these tests has a server of its own.
const themes = ["light", "dark", "neon"] as const;

for (const width of [1280, 360]) {
  Deno.test(
    `a failure and a recovery reach the bell, the drawer and the page at ${width} px`,
    inBrowser,
    async () => {
      await using server = await startServer();
      const container = await makeContainer(server, "nightly", "exit 3");
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await openContainers(page);
      await page.getByRole("button", { name: "Messages", exact: true }).waitFor();

      await triggerRun(server, container.id);
      await page.getByRole("button", { name: "Messages, 1 unread" }).click();
      const drawer = page.getByRole("dialog", { name: "Messages" });
      await drawer.getByText("Run failed").waitFor();
      deepStrictEqual(await seriousFaults(page), [], "drawer");
      await drawer.getByRole("button", { name: "Mark all as read" }).click();
      await hasCount(drawer.locator("[data-unread]"), 0);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Messages", exact: true }).waitFor();

      await server.graphql(
        `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { __typename } }`,
        {
          input: { id: container.taskId, command: ":" },
        },
      );
      await triggerRun(server, container.id);
      await page.getByRole("button", { name: "Messages, 1 unread" }).waitFor();
      await page.goto("/messages?show=unread");
      await page.locator(".message").getByText("Recovered").waitFor();
      await hasCount(page.locator(".message"), 1);
      strictEqual(await sidewaysPx(page), 0);
      await page.getByRole("button", { name: "Everything" }).click();
      await page.locator(".message").getByText("Run failed").waitFor();
      await page.locator(".message").first().getByRole("link", { name: "nightly" }).click();
      await page.waitForURL(/\/runs\//);
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

Deno.test("a change by somebody else is told with the name, one's own is not", inBrowser, async () => {
  await using server = await startServer();
  await addUser(server, "ada", "difference engine", "--admin");
  const container = await makeContainer(server, "nightly", ":");
  const ada = await server.signIn("ada", "difference engine");
  const change = async (command: string, token?: string): Promise<void> => {
    await server.graphql(
      `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { __typename } }`,
      { input: { id: container.taskId, command } },
      token,
    );
  };
  await change("echo mine");
  await change("echo hers", ada);
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await page.goto("/messages");

  await page.locator(".message").getByText("by ada").waitFor();
  await visitor.settled();
  await hasCount(page.locator(".message"), 1);
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("messages are accessible with and without any in every theme", inBrowser, async () => {
  await using server = await startServer();
  await using visitor = await visitAsAdmin(server, { width: 360 });
  const { page } = visitor;
  await page.goto("/messages");

  for (const theme of themes) {
    await setTheme(page, theme);
    await page.getByText("No messages").waitFor();
    deepStrictEqual(await seriousFaults(page), [], `empty in ${theme}`);
  }
  await triggerRun(server, (await makeContainer(server, "nightly", "exit 3")).id);
  await page.locator(".message").waitFor();
  for (const theme of themes) {
    await page.setViewportSize({ width: 360, height: 800 });
    await setTheme(page, theme);
    await page.locator(".message").waitFor();
    deepStrictEqual(await seriousFaults(page), [], `one in ${theme}`);
    await page.setViewportSize({ width: 1280, height: 800 });
    deepStrictEqual(await seriousFaults(page), [], `wide in ${theme}`);
  }

  deepStrictEqual(visitor.complaints, []);
});

async function setTheme(page: Page, theme: typeof themes[number]): Promise<void> {
  await page.evaluate(`localStorage.setItem("orrery.theme", "${theme}")`);
  await page.reload();
  await page.locator(`html[data-theme="${theme}"]`).waitFor();
}

async function makeContainer(
  server: TestServer,
  name: string,
  command: string,
): Promise<{ readonly id: string; readonly taskId: string }> {
  const made = await server.graphql(
    `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } } }`,
    { input: { name } },
  );
  const { id } = made.data.createContainer;
  const task = await server.graphql(
    `mutation ($input: CreateTaskInput!) { createTask(input: $input) { ... on Task { id } } }`,
    { input: { containerId: id, name: "main", command } },
  );
  return { id, taskId: task.data.createTask.id };
}

async function triggerRun(server: TestServer, id: string): Promise<void> {
  await server.graphql(`mutation ($id: ID!) { triggerRun(containerId: $id) { __typename } }`, { id });
}
