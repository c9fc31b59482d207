/** The parts of a container's page: each has an address and is reached by keyboard. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { inBrowser, signIn, visit } from "./browser.ts";

Deno.test(
  "the tabs are links: Tab and Enter open one, and the way back leads to the one before",
  inBrowser,
  async () => {
    await using server = await startServer();
    const container = await makeContainer(server);
    await using visitor = await visit({ address: server.address });
    const { page } = visitor;
    await signIn(page);
    await page.goto(container);
    await page.locator(".task-item").first().waitFor();

    await page.getByRole("link", { name: "Schedule", exact: true }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".runs tbody tr").first().waitFor();
    ok(page.url().endsWith("?tab=runs"));
    await page.goBack();

    await page.locator(".task-item").first().waitFor();
    await until("the address names no tab", () => Promise.resolve(!page.url().includes("tab=")));
    deepStrictEqual(visitor.complaints, []);
  },
);

/** A container with a schedule, a task and a run that has ended; answers where its page lies. */
async function makeContainer(server: TestServer): Promise<string> {
  const { data } = await server.graphql(
    `mutation { createContainer(input: { name: "Tabbed", expression: "30 2 * * *" }) { ... on Container { id } } }`,
  );
  const { id } = data.createContainer;
  await server.graphql(
    `mutation ($id: ID!) { createTask(input: { containerId: $id, name: "work", command: ":" }) { __typename } }`,
    { id },
  );
  await server.graphql(`mutation ($id: ID!) { triggerRun(containerId: $id) { __typename } }`, { id });
  await until("the run has ended", async () => {
    const answer = await server.graphql(
      `query ($id: ID!) { container(id: $id) { lastRun { finishedAt } } }`,
      { id },
    );
    return typeof answer.data.container.lastRun?.finishedAt === "string";
  });
  return `/containers/${encodeURIComponent(id)}`;
}
