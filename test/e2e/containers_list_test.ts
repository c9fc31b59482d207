/** The list of containers: found, sorted, paged, changed in place and many at once, all of it in the address. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import {
  cutOff,
  hasCount,
  hasValue,
  inBrowser,
  openContainers,
  sharedServer,
  sidewaysPx,
  visitAsAdmin,
} from "./browser.ts";
import { makeContainer, startRun } from "./made.ts";

/** More than a page has. */
const MANY = 60;
/** Later than four o'clock on every day of the year. */
const RARE = "30 4 29 2 *";

let shared: Promise<TestServer> | null = null;

for (const width of [1280, 360]) {
  Deno.test(
    `containers are filtered and sorted, and the address shows the same again at ${width} px`,
    inBrowser,
    async () => {
      const server = await (shared ??= prepare());
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await openContainers(page);

      await page.getByLabel("Search by name").fill("ZETA");
      await shows(page, ["zeta broken", "zeta daily", "zeta off"]);
      await page.getByLabel("Enabled or disabled").selectOption({ label: "Enabled" });
      await shows(page, ["zeta broken", "zeta daily"]);
      await page.getByLabel("Sort", { exact: true }).selectOption({ label: "By next fire" });
      await shows(page, ["zeta daily", "zeta broken"]);
      await page.getByLabel("State of the last run").selectOption({ label: "Last run: Failed" });
      await shows(page, ["zeta broken"]);
      const address = page.url();
      await page.goto("/runs");
      await page.goto(address);

      await shows(page, ["zeta broken"]);
      await hasValue(page.getByLabel("State of the last run"), "FAILED");
      await page.getByLabel("State of the last run").selectOption({ label: "Last run: Cancelled" });
      await page.getByText("No container matches").waitFor();
      await page.getByRole("button", { name: "Clear search and filters" }).click();
      await page.getByRole("link", { name: "many 01", exact: true }).waitFor();
      strictEqual(await sidewaysPx(page), 0);
      deepStrictEqual(visitor.complaints, []);
    },
  );

  Deno.test(
    `a row tells schedule, next fire and last runs, and is changed in place at ${width} px`,
    inBrowser,
    async () => {
      const server = await (shared ??= prepare());
      const name = `place ${width}`;
      const id = await makeContainer(server, { name, expression: "30 2 * * *" }, { main: "echo yes" });
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await page.goto(`/containers?q=${encodeURIComponent(name)}`);
      const row = page.getByRole("row").filter({ hasText: name });

      await row.getByText("02:30").first().waitFor();
      await row.locator(".next-cell").getByText(/in \d+ ?(h|min|s)/).waitFor();
      await row.getByRole("button", { name: `Run "${name}" now` }).click();
      await row.locator('.heat-bar[data-state="SUCCEEDED"]').waitFor({ state: "attached" });
      await row.getByRole("switch", { name: `Enable "${name}"` }).press("Space");
      await row.getByText("paused").waitFor();
      if (width > 500) {
        await page.setViewportSize({ width: 800, height: 800 });
        deepStrictEqual(await cutOff(row.locator(".last-cell, .next-cell")), []);
        await page.setViewportSize({ width: 1920, height: 1080 });
        const table = await page.locator("table.containers").boundingBox();
        ok((table?.x ?? 0) + (table?.width ?? 0) > 1880, "the table does not use the width of the window");
        await page.setViewportSize({ width, height: 800 });
      }
      // On a phone the policy is on the container's page.
      if (width > 500) {
        await row.getByLabel(`When "${name}" is already running`).selectOption({ label: "Queue" });
      }
      await until("both are saved", async () => {
        const { data } = await server.graphql(
          `query ($id: ID!) { container(id: $id) { enabled overlap } }`,
          { id },
        );
        return !data.container.enabled && (width < 500 || data.container.overlap === "QUEUE");
      });
      deepStrictEqual(visitor.complaints, []);
    },
  );

  Deno.test(`many are selected, disabled, run and deleted at once at ${width} px`, inBrowser, async () => {
    const server = await (shared ??= prepare());
    const names = [1, 2].map((place) => `bulk ${width} ${place}`);
    for (const name of names) await makeContainer(server, { name, expression: "@daily" }, { main: ":" });
    await using visitor = await visitAsAdmin(server, { width });
    const { page } = visitor;
    await page.goto(`/containers?q=${encodeURIComponent(`bulk ${width}`)}`);
    await shows(page, names);
    const bar = page.getByRole("toolbar", { name: "Selected containers" });

    for (const name of names) await page.getByRole("checkbox", { name: `Select "${name}"` }).check();
    await bar.getByText("2 selected").waitFor();
    deepStrictEqual(await seriousFaults(page), []);
    strictEqual(await sidewaysPx(page), 0);
    await bar.getByRole("button", { name: "Disable" }).click();
    await page.getByText("2 containers disabled").waitFor();
    for (const name of names) await page.getByRole("checkbox", { name: `Select "${name}"` }).check();
    await bar.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("2 runs requested").waitFor();
    // What runs cannot be deleted.
    await hasCount(page.locator('.heat-bar[data-state="SUCCEEDED"]'), 2);
    for (const name of names) await page.getByRole("checkbox", { name: `Select "${name}"` }).check();
    await bar.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete 2 containers?" });
    await dialog.getByText(names[0] ?? "").waitFor();
    await dialog.getByRole("button", { name: "Delete 2" }).click();
    await page.getByText("2 containers deleted").waitFor();

    await page.getByText("No container name contains").waitFor();
    const { data } = await server.graphql(
      `query ($part: String) {
        containers(filter: { nameContains: $part }) { totalCount }
        runs(first: 500) { edges { node { containerName } } }
      }`,
      { part: `bulk ${width}` },
    );
    strictEqual(data.containers.totalCount, 0);
    const ran = data.runs.edges.filter(({ node }: { node: { containerName: string } }) =>
      names.includes(node.containerName)
    );
    strictEqual(ran.length, 2);
    deepStrictEqual(visitor.complaints, []);
  });
}

Deno.test(
  "pages are turned by cursors in the address, and the way back leads to the first",
  inBrowser,
  async () => {
    const server = await (shared ??= prepare());
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await page.goto("/containers?q=many");
    await page.getByRole("link", { name: "many 01", exact: true }).waitFor();
    await hasCount(page.locator("table.containers tbody tr"), 50);

    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("link", { name: "many 60", exact: true }).waitFor();
    await hasCount(page.locator("table.containers tbody tr"), 10);
    await page.reload();
    await page.getByRole("link", { name: "many 60", exact: true }).waitFor();
    await page.getByRole("button", { name: "Previous" }).click();

    await page.getByRole("link", { name: "many 01", exact: true }).waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test("rows are walked, ticked and run by the keyboard", inBrowser, async () => {
  const server = await (shared ??= prepare());
  const name = "keyboard";
  await makeContainer(server, { name }, { main: ":" });
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await page.goto("/containers?q=keyboard");
  await page.getByRole("link", { name, exact: true }).waitFor();
  await visitor.settled();

  await page.keyboard.press("j");
  // What comes on top of it does not take the focus from it.
  await makeContainer(server, { name: "a keyboard" }, { main: ":" });
  await shows(page, ["a keyboard", name]);
  await page.keyboard.press("x");
  await page.getByText("1 selected").waitFor();
  await page.keyboard.press("r");
  await page.locator('.heat-bar[data-state="SUCCEEDED"]').waitFor({ state: "attached" });
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name, exact: true }).waitFor();
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("what is typed right after the key for a new container is its name", inBrowser, async () => {
  const server = await (shared ??= prepare());
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await openContainers(page);

  await Promise.all([page.keyboard.press("n"), page.keyboard.type("Named at once")]);

  await hasValue(page.getByRole("dialog", { name: "New container" }).getByLabel("Name"), "Named at once");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Named at once" }).waitFor();
  deepStrictEqual(visitor.complaints, []);
});

for (const theme of ["light", "dark", "neon"] as const) {
  for (const width of [1280, 360]) {
    Deno.test(`a full list is accessible in ${theme} at ${width} px`, inBrowser, async () => {
      const server = await (shared ??= prepare());
      await using visitor = await visitAsAdmin(server, { theme, width });
      const { page } = visitor;
      await openContainers(page);

      await page.getByRole("link", { name: "many 01", exact: true }).waitFor();
      deepStrictEqual(await seriousFaults(page), []);
      strictEqual(await sidewaysPx(page), 0);
      deepStrictEqual(visitor.complaints, []);
    });
  }
}

/** Beside the example: many that do nothing, and three that differ in what can be filtered by. */
async function prepare(): Promise<TestServer> {
  const server = await sharedServer();
  for (let place = 1; place <= MANY; place++) {
    await makeContainer(server, { name: `many ${String(place).padStart(2, "0")}` }, { main: ":" });
  }
  await makeContainer(server, { name: "zeta daily", expression: "0 4 * * *" }, { main: ":" });
  await makeContainer(server, { name: "zeta off", expression: "@hourly", enabled: false }, { main: ":" });
  const broken = await makeContainer(server, { name: "zeta broken", expression: RARE }, {
    main: "exit 3",
  });
  await startRun(server, broken);
  await until("it failed", async () => {
    const { data } = await server.graphql(`query ($id: ID!) { container(id: $id) { lastRun { state } } }`, {
      id: broken,
    });
    return data.container.lastRun?.state === "FAILED";
  });
  return server;
}

/** Waits until the list has just these, in this order. */
async function shows(page: Page, names: readonly string[]): Promise<void> {
  await until(`the list shows ${names.join(", ")}`, async () => {
    const shown = await page.locator("table.containers .row-link").allInnerTexts();
    return shown.join("\n") === names.join("\n");
  });
}
