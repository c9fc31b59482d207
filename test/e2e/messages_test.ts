/** What happened while one was away: counted at the bell, listed in a drawer and on a page, and marked as read. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createTestDatabase } from "../support/database.ts";
import { runProgram, startServer, type TestServer } from "../support/server.ts";
import { seriousFaults } from "./axe.ts";
import { hasCount, inBrowser, sidewaysPx, signIn, visit } from "./browser.ts";

for (const width of [1280, 360]) {
  Deno.test(
    `a failure and a recovery reach the bell, the drawer and the page at ${width} px`,
    inBrowser,
    async () => {
      await using server = await startServer();
      const container = await makeContainer(server, "nightly", "exit 3");
      await using visitor = await visit({ address: server.address, width });
      const { page } = visitor;
      await signIn(page);
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
  const dataDir = await Deno.makeTempDir();
  const databaseUrl = await createTestDatabase(true);
  {
    // The first start makes the administrator.
    await using server = await startServer({ dataDir, databaseUrl });
    strictEqual(await server.stop(), 0);
  }
  const added = await runProgram({
    dataDir,
    databaseUrl,
    args: ["user", "add", "ada", "--admin"],
    input: "difference engine\n",
  });
  strictEqual(await added.ended, 0, added.log());
  await added.forget();
  {
    await using server = await startServer({ dataDir, databaseUrl });
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
    await using visitor = await visit({ address: server.address });
    const { page } = visitor;
    await signIn(page);
    await page.goto("/messages");

    await page.locator(".message").getByText("by ada").waitFor();
    await visitor.settled();
    await hasCount(page.locator(".message"), 1);
    deepStrictEqual(visitor.complaints, []);
  }
  await Deno.remove(dataDir, { recursive: true });
});

for (const theme of ["light", "dark", "neon"] as const) {
  Deno.test(`messages are accessible with and without any in ${theme}`, inBrowser, async () => {
    await using server = await startServer();
    await using visitor = await visit({ address: server.address, theme, width: 360 });
    const { page } = visitor;
    await signIn(page);
    await page.goto("/messages");

    await page.getByText("No messages").waitFor();
    deepStrictEqual(await seriousFaults(page), [], "empty");
    await triggerRun(server, (await makeContainer(server, "nightly", "exit 3")).id);
    await page.locator(".message").waitFor();
    deepStrictEqual(await seriousFaults(page), [], "one");
    await page.setViewportSize({ width: 1280, height: 800 });
    deepStrictEqual(await seriousFaults(page), [], "wide");
    deepStrictEqual(visitor.complaints, []);
  });
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
