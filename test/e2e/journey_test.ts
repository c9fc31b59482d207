/** The whole way of a person: sign in, build a graph by the forms, run it, watch it, stop it. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../support/until.ts";
import { hasCount, inBrowser, openContainers, sharedServer, signIn, visit, visitAsAdmin } from "./browser.ts";
import { newGate } from "./made.ts";

Deno.test(
  "signing in refuses a wrong password, leads back, and signing out ends the session",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visit({ address: server.address });
    const { page } = visitor;

    await page.goto("/runs?state=FAILED");
    await page.getByLabel("User name").fill("admin");
    strictEqual(await page.getByLabel("Password", { exact: true }).inputValue(), "");
    await page.getByLabel("Password", { exact: true }).fill("not this one");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("User name or password is wrong").waitFor();
    await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Runs" }).waitFor();

    strictEqual(new URL(page.url()).search, "?state=FAILED");
    await page.getByRole("button", { name: /^Menu of/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await page.goto("/containers");
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test("a person who wanted the playground is led there after signing in", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visit({ address: server.address });
  const { page } = visitor;

  await page.goto("/graphql");
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: "Sign in" }).click();

  await page.getByRole("button", { name: /^Execute query/ }).waitFor();
});

Deno.test(
  "a person builds a diamond by the forms, runs it, watches it and cancels a second run",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visit({ address: server.address });
    const { page } = visitor;
    await signIn(page);

    await page.getByRole("button", { name: "New container" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Diamond");
    await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Diamond" }).waitFor();
    const gate = newGate(server);
    await addTask(
      page,
      "fetch",
      `printf '\\033[32mfetched\\033[0m\\n'; until [ -e ${gate} ]; do sleep 0.05; done`,
    );
    await addTask(page, "count", "echo counted", "fetch");
    await addTask(page, "sort", "echo sorted; echo careful >&2", "fetch");
    await addTask(page, "report", "echo reported", "count", "sort");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("version 2").waitFor();
    await page.getByRole("button", { name: "Run now" }).click();

    await stateOf(page, "fetch", "Running");
    await stateOf(page, "report", "Waiting");
    await page.getByRole("log").getByText("fetched").waitFor();
    strictEqual(await colourOf(page, "fetched"), await tokenColour(page, "--ansi-2"));
    await Deno.writeTextFile(gate, "");
    for (const task of ["fetch", "count", "sort", "report"]) await stateOf(page, task, "Succeeded");
    await page.locator(".run-head").getByText("Succeeded", { exact: true }).waitFor();
    await page.getByRole("button", { name: /^sort/ }).click();
    await page.getByRole("log").getByText("careful").waitFor();
    await page.getByRole("img", { name: "standard error" }).waitFor();

    await Deno.remove(gate);
    await page.getByRole("button", { name: "Run all tasks again" }).click();
    await stateOf(page, "fetch", "Running");
    await page.getByRole("button", { name: "Cancel run" }).click();
    await page.locator(".run-head").getByText("Cancelled", { exact: true }).waitFor();
    await stateOf(page, "fetch", "Cancelled");
    await page.getByRole("link", { name: "Diamond" }).click();
    await page.locator(".tabs").getByRole("link", { name: "Runs", exact: true }).click();
    await hasCount(page.locator("table.runs tbody tr"), 2);
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test(
  "the list of containers changes by itself, and the switch and the run button answer",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await openContainers(page);

    await server.graphql(
      `mutation { createContainer(input: { name: "From a script", expression: "0 5 * * *" }) { __typename } }`,
    );
    const row = page.getByRole("row").filter({ hasText: "From a script" });
    await row.waitFor();
    await row.getByText(/^in /).waitFor();
    // The label's own box lies beneath the track that a person presses.
    await row.locator(".switch").click();
    await row.getByText("paused").waitFor();
    // The row says so at once, and the server a moment later.
    await until("it is paused", async () => {
      const { data } = await server.graphql(`{ container(name: "From a script") { enabled } }`);
      return data.container.enabled === false;
    });
    await row.getByRole("button", { name: /^Run/ }).click();

    await page.getByRole("region", { name: "Messages" }).getByText(/enabled task/).waitFor();
    await page.getByRole("row").filter({ hasText: "Machine report" }).getByRole("button", { name: /^Run/ })
      .click();
    await page.getByRole("row").filter({ hasText: "Machine report" }).getByText(/Running|Succeeded/)
      .waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

/** Adds a task that waits for others, and leaves its form open. */
async function addTask(
  page: Page,
  name: string,
  command: string,
  ...upstream: readonly string[]
): Promise<void> {
  const present = await page.locator(".task-item").count();
  await page.getByRole("button", { name: "Add task" }).click();
  // Not the form of the task before it.
  await page.locator(".task-item").nth(present).locator(".task-form").waitFor();
  await hasCount(page.locator(".task-form"), 1);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Command", { exact: true }).fill(command);
  for (const one of upstream) {
    await page.getByLabel("Add a task to wait for").selectOption({ label: one });
    await page.getByLabel(`Required outcome of ${one}`).waitFor();
  }
}

/** Waits until a task of the open run is in a state. */
async function stateOf(page: Page, task: string, state: string): Promise<void> {
  await page.locator(".task-run").filter({ hasText: task }).getByText(state, { exact: true }).waitFor();
}

async function colourOf(page: Page, text: string): Promise<string> {
  const span = page.getByRole("log").getByText(text, { exact: true });
  return await span.evaluate((element) => `${Reflect.get(globalThis, "getComputedStyle")(element).color}`);
}

/** A token's colour as the browser computes it for an element. */
async function tokenColour(page: Page, token: string): Promise<string> {
  return await page.evaluate(`(() => {
    const probe = document.createElement("i");
    probe.style.color = "var(${token})";
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  })()`);
}
