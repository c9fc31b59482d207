/** Who changed what and when, what differs between two versions, and the way back. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import { cutOff, hasCount, inBrowser, sharedServer, sidewaysPx, visitAsAdmin } from "./browser.ts";
import { makeContainer, newName } from "./made.ts";

for (const width of [1280, 360]) {
  Deno.test(`versions are listed, compared line by line and restored at ${width} px`, inBrowser, async () => {
    const server = await sharedServer();
    const id = await makeVersions(server);
    await using visitor = await visitAsAdmin(server, { width });
    const { page } = visitor;
    await page.goto(`/containers/${encodeURIComponent(id)}?tab=versions`);

    const list = page.getByRole("list", { name: "Versions, newest first" });
    await list.getByText('task "gather" changed: command').waitFor();
    await hasCount(list.getByRole("listitem"), 3);
    await list.getByRole("link").first().click();
    await page.locator("del").getByText("echo one").waitFor();
    await page.locator("ins").getByText("echo two").waitFor();
    deepStrictEqual(await cutOff(page.locator(".diff-lines")), []);
    deepStrictEqual(await seriousFaults(page), []);
    strictEqual(await sidewaysPx(page), 0);

    await page.goto(`/containers/${encodeURIComponent(id)}?tab=versions&version=2`);
    await page.getByRole("heading", { name: "Version 2" }).waitFor();
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByRole("dialog").getByText("become version 4").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();

    await page.getByText("version 4", { exact: true }).waitFor();
    const { data } = await server.graphql(
      `query ($id: ID!) { container(id: $id) { version tasks { command } } }`,
      { id },
    );
    deepStrictEqual(data.container, { version: 4, tasks: [{ command: "set -e\necho one" }] });
    await hasCount(list.getByRole("listitem"), 4);
    deepStrictEqual(visitor.complaints, []);
  });
}

Deno.test(
  "a version is not restored over unsaved changes, and any two can be compared",
  inBrowser,
  async () => {
    const server = await sharedServer();
    const id = await makeVersions(server);
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await page.goto(`/containers/${encodeURIComponent(id)}?tab=settings`);

    await page.getByLabel("Priority").fill("3");
    await page.getByRole("link", { name: "Versions" }).click();
    await page.getByRole("list", { name: "Versions, newest first" }).getByRole("link").nth(1).click();
    await page.getByRole("heading", { name: "Version 2" }).waitFor();

    await until("it cannot be restored", () => page.getByRole("button", { name: "Restore" }).isDisabled());
    await page.getByLabel("Compare with version").fill("3");
    await page.locator("del").getByText("echo two").waitFor();
    strictEqual(new URL(page.url()).searchParams.get("against"), "3");
    deepStrictEqual(visitor.complaints, []);
  },
);

/** A container of three versions: empty, one task, the task changed. Returns its id. */
async function makeVersions(server: TestServer): Promise<string> {
  const id = await makeContainer(server, { name: newName("Versioned") }, { gather: "set -e\necho one" });
  const { data } = await server.graphql(`query ($id: ID!) { container(id: $id) { tasks { id } } }`, { id });
  await server.graphql(
    `mutation ($id: ID!, $command: String!) { updateTask(input: { id: $id, command: $command }) { __typename } }`,
    { id: data.container.tasks[0].id, command: `set -e\necho two ${"of many ".repeat(30)}` },
  );
  return id;
}
