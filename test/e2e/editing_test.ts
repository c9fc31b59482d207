/** What the editor does when something is wrong, or when somebody else is quicker. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { TestServer } from "../support/server.ts";
import { until, untilEqual } from "../support/until.ts";
import { hasCount, hasValue, inBrowser, openContainers, sharedServer, visitAsAdmin } from "./browser.ts";
import { makeContainer, newName } from "./made.ts";

Deno.test(
  "a refusal is shown at the field that it names, and a missing command before it is sent",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await openEditor(page, server);

    await page.getByRole("button", { name: "Add task" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("1 field has an error").waitFor();
    await isInvalid(page, "Command");
    await page.getByLabel("Command", { exact: true }).fill("true");
    await page.getByRole("link", { name: "Schedule" }).click();
    await page.getByLabel("Cron expression").fill("61 * * * *");
    await page.getByRole("button", { name: "Save" }).click();

    await isInvalid(page, "Cron expression");
    await page.getByLabel("Cron expression").fill("30 2 * * *");
    await hasCount(page.locator(".fires li"), 10);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("version 3").waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test(
  "an edit that somebody else overtook is neither lost nor saved over theirs unasked",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    const { id } = await openEditor(page, server);

    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Maximum parallel tasks").fill("7");
    await page.getByText("1 unsaved change").waitFor();
    await server.graphql(
      `mutation ($id: ID!) { updateContainer(input: { id: $id, priority: 9 }) { __typename } }`,
      { id },
    );
    await page.getByText("Someone else has changed this container").waitFor();
    await hasValue(page.getByLabel("Maximum parallel tasks"), "7");
    await page.getByRole("button", { name: "Show differences" }).click();
    await page.getByRole("dialog").locator("del", { hasText: "9" }).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Overwrite with my changes" }).click();

    await page.getByText("version 4").waitFor();
    const answer = await server.graphql(`query ($id: ID!) { container(id: $id) { maxParallel } }`, { id });
    strictEqual(answer.data.container.maxParallel, 7);
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test(
  "changes can be undone, redone and thrown away, and a container deleted after being asked",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    const { name } = await openEditor(page, server);

    await page.getByRole("button", { name: /gather/ }).click();
    await page.getByLabel("Name", { exact: true }).fill("collect");
    await page.getByRole("button", { name: "Undo" }).click();
    await hasValue(page.getByLabel("Name", { exact: true }), "gather");
    await page.getByRole("button", { name: "Redo" }).click();
    await page.getByText("1 unsaved change").waitFor();
    await page.getByRole("button", { name: "Discard" }).click();
    await until("it can be run", () => page.getByRole("button", { name: "Run now" }).isEnabled());
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Delete container" }).click();
    await page.getByRole("dialog").getByText("1 task").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();

    await page.getByRole("heading", { name: "Containers" }).waitFor();
    await page.getByRole("link", { name: "Machine report" }).waitFor();
    // The list is shown as it was known until it is read again.
    await page.getByRole("link", { name }).waitFor({ state: "detached" });
    deepStrictEqual(visitor.complaints, []);
  },
);

async function isInvalid(page: Page, label: string): Promise<void> {
  await untilEqual(
    `"${label}" is refused at its field`,
    () => page.getByLabel(label, { exact: true }).getAttribute("aria-invalid"),
    "true",
  );
}

/** Opens a container with one task. */
async function openEditor(
  page: Page,
  server: TestServer,
): Promise<{ readonly id: string; readonly name: string }> {
  const name = newName("Edited");
  const id = await makeContainer(server, { name }, { gather: "echo gathered" });
  await openContainers(page);
  await page.getByRole("link", { name }).click();
  await page.getByText("version 2").waitFor();
  return { id, name };
}
