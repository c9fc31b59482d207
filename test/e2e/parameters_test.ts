/** A run is given values and repeated with them; work is held back while somebody maintains the machine. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { until } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import {
  hasCount,
  hasValue,
  inBrowser,
  openContainers,
  sharedServer,
  sidewaysPx,
  visitAsAdmin,
} from "./browser.ts";

for (const width of [1280, 360]) {
  Deno.test(`parameters are defined, asked for, and given again at ${width} px`, inBrowser, async () => {
    const server = await sharedServer();
    const name = `asks ${width}`;
    const { data } = await server.graphql(
      `mutation ($name: String!) { createContainer(input: { name: $name }) { ... on Container { id } } }`,
      { name },
    );
    const containerId: string = data.createContainer.id;
    await server.graphql(
      `mutation ($containerId: ID!) {
        createTask(input: { containerId: $containerId, name: "say", command: "echo \\"got $GREETING\\"" }) { __typename }
      }`,
      { containerId },
    );
    await using visitor = await visitAsAdmin(server, { width });
    const { page } = visitor;

    await page.goto(`/containers/${encodeURIComponent(containerId)}?tab=settings`);
    await page.getByRole("button", { name: "Add parameter" }).click();
    await page.getByLabel("Name of the variable").fill("GREETING");
    await page.getByText("Required", { exact: true }).click();
    deepStrictEqual(await seriousFaults(page), []);
    strictEqual(await sidewaysPx(page), 0);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const run = page.getByRole("button", { name: "Run now", exact: true });
    await until("it is saved", async () => await run.isEnabled());
    await run.click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Run now", exact: true }).click();
    await dialog.getByText("a value is needed").waitFor();
    deepStrictEqual(await seriousFaults(page), []);
    await dialog.getByLabel("GREETING *").fill("; rm -rf $HOME");
    await dialog.getByRole("button", { name: "Run now", exact: true }).click();
    await page.waitForURL(/\/runs\//);
    await page.locator(".log-row", { hasText: "got ; rm -rf $HOME" }).waitFor();
    await page.getByText("#1", { exact: true }).waitFor();

    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Run again with these values" }).click();
    await hasValue(page.getByRole("dialog").getByLabel("GREETING *"), "; rm -rf $HOME");
    deepStrictEqual(visitor.complaints, []);
  });
}

Deno.test("whoever pauses says why, and every page shows it until it goes on", inBrowser, async () => {
  await using visitor = await visitAsAdmin(await sharedServer(), { width: 360 });
  const { page } = visitor;
  await openContainers(page);

  await page.getByRole("button", { name: /^Menu of/ }).click();
  await page.getByRole("menuitem", { name: "Pause for maintenance" }).click();
  await page.getByLabel("Reason, shown on every page").fill("The disk is replaced");
  await page.getByRole("button", { name: "Pause", exact: true }).click();

  const notice = page.getByRole("status").filter({ hasText: "The disk is replaced" });
  await notice.waitFor();
  deepStrictEqual(await seriousFaults(page), []);
  strictEqual(await sidewaysPx(page), 0);
  await page.goto("/runs");
  await notice.getByRole("button", { name: "Resume" }).click();
  await hasCount(notice, 0);
  deepStrictEqual(visitor.complaints, []);
});
