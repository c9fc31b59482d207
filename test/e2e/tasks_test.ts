/** Tasks of all containers: found by what they call, switched off, run by themselves. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import { hasCount, inBrowser, openContainers, sharedServer, sidewaysPx, visitAsAdmin } from "./browser.ts";

for (const width of [1280, 360]) {
  Deno.test(
    `a task is found by its command, switched off and run alone at ${width} px`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      const { containerId, first } = await makeContainer(server, `chain ${width}`);
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await openContainers(page);
      await page.getByRole("link", { name: "Tasks of all containers" }).click();

      await page.getByLabel("Where to search").selectOption({ label: "In commands" });
      await page.getByLabel("Search in commands").fill(`SAY-${width}`);
      const row = page.getByRole("row").filter({ hasText: `chain ${width}` });
      await hasCount(page.locator("table.tasks tbody tr"), 1);
      strictEqual(new URL(page.url()).searchParams.get("in"), "command");
      strictEqual(await sidewaysPx(page), 0);
      await row.getByRole("switch").press("Space");
      await until("it is switched off", async () => {
        const { data } = await server.graphql(
          `query ($id: ID!) { container(id: $id) { tasks { name enabled } } }`,
          { id: containerId },
        );
        return data.container.tasks.some((task: { name: string; enabled: boolean }) =>
          task.name === "second" && !task.enabled
        );
      });
      await row.getByRole("button", { name: 'Run "second" alone, without what it waits for' }).click();
      await page.waitForURL(/\/runs\//);
      await page.locator(".log-row", { hasText: `said by ${width}` }).waitFor();

      const { data } = await server.graphql(
        `query ($id: ID!) { container(id: $id) {
          lastRun { state } runs(first: 5) { edges { node { single taskRuns { name } } } } } }`,
        { id: containerId },
      );
      deepStrictEqual(data.container, {
        // A run of one task says nothing of the container.
        lastRun: null,
        runs: { edges: [{ node: { single: true, taskRuns: [{ name: "second" }] } }] },
      });
      await page.goto("/tasks?q=first");
      await page.getByRole("row").filter({ hasText: `chain ${width}` }).getByRole("link", { name: "first" })
        .click();
      await page.waitForURL((url) => url.searchParams.get("task") === first);
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

for (const { width, theme } of [{ width: 1280, theme: "dark" }, { width: 360, theme: "neon" }] as const) {
  Deno.test(
    `a crontab is previewed and imported at ${width} px, and files are planned`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      await using visitor = await visitAsAdmin(server, { width, theme });
      const { page } = visitor;
      await openContainers(page);
      await page.getByRole("link", { name: "Import and export" }).click();

      await page.getByLabel("Crontab", { exact: true }).fill(
        `MAILTO=ops@example.org\n0 3 * * * root timeout 60 backup-${width}\n99 * * * * root broken\n`,
      );
      await page.getByRole("button", { name: "Preview" }).click();
      await page.getByText('Cron cannot read "99" as a minute').waitFor();
      await page.getByText("timeout became a time limit of 60 s").waitFor();
      deepStrictEqual(await seriousFaults(page), []);
      strictEqual(await sidewaysPx(page), 0);
      await page.getByRole("button", { name: "Import 1 job" }).click();
      await page.getByText("1 container is imported").waitFor();
      const { data } = await server.graphql(
        `query ($filter: ContainerFilter) { containers(filter: $filter) { edges { node { id shadow } } } }`,
        { filter: { nameContains: `backup-${width}` } },
      );
      strictEqual(data.containers.edges.length, 1);
      strictEqual(data.containers.edges[0].node.shadow, true);
      await page.goto(`/containers/${encodeURIComponent(data.containers.edges[0].node.id)}`);
      await page.getByRole("button", { name: "Run by schedule from now on" }).click();
      await page.getByText("Shadow mode").waitFor({ state: "detached" });

      await page.goto("/import?way=files");
      await page.getByLabel("Files", { exact: true }).fill("kind: container/v1\nname: x\nenabled: perhaps\n");
      await page.getByRole("button", { name: "Plan" }).click();
      await page.getByText("line 3, column 10").waitFor();
      strictEqual(await sidewaysPx(page), 0);
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

for (const theme of ["light", "dark", "neon"] as const) {
  for (const width of [1280, 360]) {
    Deno.test(`tasks are accessible in ${theme} at ${width} px`, inBrowser, async () => {
      const server = await sharedServer();
      await using visitor = await visitAsAdmin(server, { theme, width });
      const { page } = visitor;
      await page.goto("/tasks");
      await page.locator("table.tasks .row-link").first().waitFor();
      deepStrictEqual(await seriousFaults(page), []);
      strictEqual(await sidewaysPx(page), 0);
      await page.goto("/tasks?q=nothing-like-this");
      await page.getByText("No task matches").waitFor();
      deepStrictEqual(await seriousFaults(page), [], "empty");
      deepStrictEqual(visitor.complaints, []);
    });
  }
}

async function makeContainer(
  server: TestServer,
  name: string,
): Promise<{ readonly containerId: string; readonly first: string }> {
  const made = await server.graphql(
    `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } } }`,
    { input: { name } },
  );
  const containerId = made.data.createContainer.id;
  const width = name.split(" ")[1];
  const ids: string[] = [];
  for (const [task, command] of [["first", "exit 1"], ["second", `: say-${width}\necho said by ${width}`]]) {
    const { data } = await server.graphql(
      `mutation ($input: CreateTaskInput!) { createTask(input: $input) { ... on Task { id } } }`,
      { input: { containerId, name: task, command } },
    );
    ids.push(data.createTask.id);
  }
  await server.graphql(
    `mutation ($upstreamId: ID!, $downstreamId: ID!) {
      createRelation(input: { upstreamId: $upstreamId, downstreamId: $downstreamId }) { __typename }
    }`,
    { upstreamId: ids[0], downstreamId: ids[1] },
  );
  return { containerId, first: ids[0] ?? "" };
}
