/** The live console: what runs is there, its lines come by themselves, it can be folded, cancelled and left alone. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import { layCable } from "../support/cable.ts";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import { inBrowser, sharedServer, sidewaysPx, visitAsAdmin } from "./browser.ts";
import { makeContainer, newGate, newName, startRun } from "./made.ts";

for (const width of [1280, 360]) {
  Deno.test(
    `tasks that run appear with their lines, stay when they end, and are put away at ${width} px`,
    inBrowser,
    async () => {
      const server = await idleServer();
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      const gate = newGate(server);
      await page.goto("/live");
      await page.getByRole("heading", { name: "Nothing is running" }).waitFor();

      const container = await makeContainer(server, { name: newName("Harvest") }, {
        pick:
          `echo before; printf 'half '; until [ -e ${gate} ]; do sleep 0.05; done; echo after; echo careful >&2`,
      });
      await startRun(server, container);
      await page.getByText("1 task in 1 run").waitFor();
      await page.getByRole("log", { name: /pick/ }).getByText("before").waitFor();
      await page.getByRole("log", { name: /pick/ }).getByText("half", { exact: true }).waitFor();
      await Deno.writeTextFile(gate, "");
      await page.getByRole("log", { name: /pick/ }).getByText("half after", { exact: true }).waitFor();
      strictEqual(await page.locator(".live-line", { hasText: "half" }).count(), 1);
      await page.locator(`.live-line[data-stream="STDERR"]`, { hasText: "careful" }).waitFor();
      await page.locator(".live-task").getByText("Succeeded").waitFor();
      strictEqual(await sidewaysPx(page), 0);
      await page.getByRole("button", { name: "Hide 1 ended" }).click();

      await page.getByRole("heading", { name: "Nothing is running" }).waitFor();
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

Deno.test("a running task is cancelled where it stands, and leads to its run", inBrowser, async () => {
  const server = await idleServer();
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  const [one, other] = [newName("Harvest"), newName("Sowing")];
  await startRun(
    server,
    await makeContainer(server, { name: one }, { pick: "echo picking; sleep 300", press: "sleep 300" }),
  );
  await startRun(server, await makeContainer(server, { name: other }, { dig: "sleep 300" }));

  await page.goto("/live");
  await page.getByText("3 tasks in 2 runs").waitFor();
  const cancel = page.locator(`[data-task="pick"]`).getByRole("button", { name: "Cancel task" });
  await cancel.click();
  // It says so where it stands; a list that is read at this very moment does not name it any more.
  await cancel.waitFor({ state: "detached" });
  await page.getByText("2 tasks in 2 runs").waitFor();
  await page.getByRole("region", { name: one }).getByRole("button", { name: "Cancel run" }).click();
  // The ended run is still shown.
  await page.getByText("1 task in 1 run").waitFor();
  await page.getByRole("combobox", { name: "Container" }).selectOption(other);
  await page.getByText("1 task in 1 run").waitFor();
  match(page.url(), /container=/);
  await page.getByRole("link", { name: "dig" }).click();

  await page.waitForURL(/\/runs\/.*task=/);
  await page.getByRole("heading", { name: other }).waitFor();
  await page.goto("/live");
  await page.getByRole("button", { name: "Cancel all runs" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel all runs" }).click();
  await page.getByText("1 run is being cancelled").waitFor();
  await page.locator(`[data-task="dig"]`).getByText("Cancelled", { exact: true }).waitFor();
  deepStrictEqual(visitor.complaints, []);
});

Deno.test(
  "runs and tasks are folded by hand and by key, and lines come back when they are unfolded",
  inBrowser,
  async () => {
    const server = await idleServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await startRun(
      server,
      await makeContainer(server, { name: newName("Harvest") }, { pick: "echo picking; sleep 300" }),
    );
    await page.goto("/live");
    await page.getByText("picking").waitFor();

    await page.getByRole("button", { name: "Output of pick" }).click();
    await page.getByText("picking").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Output of pick" }).click();
    await page.getByText("picking").waitFor();
    await page.keyboard.press("z");
    await page.locator(".live-task").waitFor({ state: "detached" });
    await page.keyboard.press("z");

    await page.getByText("picking").waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test("who reads further up is left there, and is told how many lines came", inBrowser, async () => {
  const server = await idleServer();
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  const gate = newGate(server);
  const command =
    `seq -f "line %.0f" 1 150; until [ -e ${gate} ]; do sleep 0.05; done; seq -f "late %.0f" 1 3; sleep 300`;
  await startRun(server, await makeContainer(server, { name: newName("Harvest") }, { pick: command }));
  await page.goto("/live");
  await page.getByText("line 150").waitFor();
  await until("the end is in view", async () => await fromEndPx(page) < 10);

  await page.getByRole("log").hover();
  await page.mouse.wheel(0, -900);
  await page.getByRole("button", { name: /^To the end/ }).waitFor();
  const top = await stillTop(page);
  await Deno.writeTextFile(gate, "");
  await page.getByRole("button", { name: "To the end: 3 new lines" }).waitFor();
  strictEqual(await page.evaluate(`document.querySelector(".live-lines").scrollTop`), top);
  await page.getByRole("button", { name: /^To the end/ }).click();

  await until("the end is in view again", async () => await fromEndPx(page) < 10);
  deepStrictEqual(visitor.complaints, []);
});

Deno.test(
  "it keeps its place over a lost connection, and shows what was written meanwhile",
  inBrowser,
  async () => {
    const server = await idleServer();
    await using cable = await layCable(server.address);
    await using visitor = await visitAsAdmin(server, { address: cable.address });
    const { page } = visitor;
    const gate = newGate(server);
    const command = `echo one; until [ -e ${gate} ]; do sleep 0.05; done; echo two; sleep 300`;
    await startRun(
      server,
      await makeContainer(server, { name: newName("Harvest") }, {
        pick: command,
        press: "echo pressing; sleep 300",
      }),
    );
    await page.goto("/live");
    await page.getByText("one", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Output of press" }).click();
    await page.getByText("pressing").waitFor({ state: "detached" });

    cable.cut();
    await page.locator(`.link-dot[data-state="down"]`).waitFor();
    await Deno.writeTextFile(gate, "");
    cable.mend();

    await page.getByText("two", { exact: true }).waitFor();
    strictEqual(await page.getByText("one", { exact: true }).count(), 1);
    strictEqual(await page.getByText("pressing").count(), 0);
  },
);

Deno.test(
  "tasks that ended while the connection was away stay, with their final state",
  inBrowser,
  async () => {
    const server = await idleServer();
    await using cable = await layCable(server.address);
    await using visitor = await visitAsAdmin(server, { address: cable.address });
    const { page } = visitor;
    const gate = newGate(server);
    const hold = `echo holding; until [ -e ${gate} ]; do sleep 0.05; done`;
    const commands = { pick: hold, press: `${hold}; exit 3`, dig: "echo digging; sleep 300" };
    await startRun(server, await makeContainer(server, { name: newName("Harvest") }, commands));
    await page.goto("/live");
    await page.getByText("3 tasks in 1 run").waitFor();

    cable.cut();
    await page.locator(`.link-dot[data-state="down"]`).waitFor();
    await Deno.writeTextFile(gate, "");
    await until("both have ended", async () => {
      const { data } = await server.graphql(
        `{ taskRuns(filter: { states: [RUNNING] }) { edges { node { name } } } }`,
      );
      return data.taskRuns.edges.length === 1;
    });
    cable.mend();

    await page.locator(`[data-task="pick"]`).getByText("Succeeded").waitFor();
    await page.locator(`[data-task="press"]`).getByText("Failed").waitFor();
    await page.getByText("1 task in 1 run").waitFor();
    await page.getByRole("button", { name: "Hide 2 ended" }).click();
    await page.locator(`[data-task="pick"]`).waitFor({ state: "detached" });
    await page.locator(`[data-task="dig"]`).waitFor();
  },
);

for (const theme of ["light", "dark", "neon"] as const) {
  for (const width of [1280, 360]) {
    Deno.test(`the live console is accessible and fits in ${theme} at ${width} px`, inBrowser, async () => {
      const server = await idleServer();
      await using visitor = await visitAsAdmin(server, { theme, width });
      const { page } = visitor;
      await page.goto("/live");
      await page.getByRole("heading", { name: "Nothing is running" }).waitFor();
      deepStrictEqual(await seriousFaults(page), []);
      const command = String.raw`printf '\033[32mgreen\033[0m\n'; echo careful >&2; sleep 300`;
      await startRun(
        server,
        await makeContainer(server, { name: newName("Harvest") }, { pick: command, press: "sleep 300" }),
      );
      await page.getByText("careful").waitFor();

      deepStrictEqual(await seriousFaults(page), []);
      strictEqual(await sidewaysPx(page), 0);
      deepStrictEqual(visitor.complaints, []);
    });
  }
}

/** The shared server, on which nothing runs: what an earlier test has started is cancelled. */
async function idleServer(): Promise<TestServer> {
  const server = await sharedServer();
  await until("nothing is running", async () => {
    const { data } = await server.graphql(
      `{ runs(filter: { states: [QUEUED, RUNNING] }) { edges { node { id } } } }`,
    );
    for (const { node } of data.runs.edges) {
      await server.graphql(`mutation ($id: ID!) { cancelRun(id: $id) { __typename } }`, { id: node.id });
    }
    return data.runs.edges.length === 0;
  });
  return server;
}

/** How far the lines are scrolled once they stand still. */
async function stillTop(page: Page): Promise<number> {
  let before = -1;
  return await until("the lines stand still", async () => {
    const top: number = await page.evaluate(`new Promise((done) => requestAnimationFrame(() =>
      requestAnimationFrame(() => done(document.querySelector(".live-lines").scrollTop))))`);
    const still = top === before;
    before = top;
    return still && top > 0 ? top : null;
  });
}

async function fromEndPx(page: Page): Promise<number> {
  return await page.evaluate(
    `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(
      document.querySelector(".live-lines"),
    )`,
  );
}
