/** What moves before the server has answered: at once however slow it is, and back with a reason when it refuses. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { inBrowser, sharedServer, visitAsAdmin } from "./browser.ts";
import { makeContainer } from "./made.ts";

const REASON = "somebody holds it";

interface Deed {
  readonly name: string;
  readonly address: string;
  /** The request that does it, and the field of its answer. */
  readonly operation: string;
  readonly field: string;
  /** The control, by what it says of itself. */
  readonly act: (page: Page, name: string) => Promise<void>;
  readonly moved: (page: Page, name: string) => Promise<boolean>;
  /** What the server has made of it. */
  readonly done: (server: TestServer, containerId: string) => Promise<boolean>;
}

const deeds: readonly Deed[] = [
  {
    name: "the switch of a container",
    address: "/containers",
    operation: "mutation EnableContainer",
    field: "updateContainer",
    act: (page, name) => page.getByRole("row", { name }).locator(".switch-track").click(),
    moved: async (page, name) => !await page.getByRole("row", { name }).getByRole("switch").isChecked(),
    done: async (server, id) => (await containerOf(server, id)).enabled === false,
  },
  {
    name: "what a container does when runs overlap",
    address: "/containers",
    operation: "mutation OverlapContainer",
    field: "updateContainer",
    act: async (page, name) => {
      await page.getByRole("row", { name }).getByRole("combobox").selectOption("QUEUE");
    },
    moved: async (page, name) =>
      await page.getByRole("row", { name }).getByRole("combobox").inputValue() === "QUEUE",
    done: async (server, id) => (await containerOf(server, id)).overlap === "QUEUE",
  },
  {
    name: "the switch of a task",
    address: "/tasks",
    operation: "mutation EnableTask",
    field: "updateTask",
    act: (page, name) => page.getByRole("row", { name }).locator(".switch-track").click(),
    moved: async (page, name) => !await page.getByRole("row", { name }).getByRole("switch").isChecked(),
    done: async (server, id) => (await containerOf(server, id)).tasks[0]?.enabled === false,
  },
];

for (const deed of deeds) {
  for (const refused of [false, true]) {
    const outcome = refused ? "goes back with the reason when it is refused" : "stays when it is done";
    Deno.test(`${deed.name} moves before the server answers, and ${outcome}`, inBrowser, async () => {
      const on = await sharedServer();
      const { id, name } = await make(on);
      await using visitor = await visitAsAdmin(on);
      const { page } = visitor;
      const asked = Promise.withResolvers<void>();
      const answered = Promise.withResolvers<void>();
      await page.route("**/graphql", async (route) => {
        if (!route.request().postData()?.includes(deed.operation)) return await route.continue();
        asked.resolve();
        await answered.promise;
        if (refused) await route.fulfill(refusal(deed.field));
        else await route.continue();
      });
      await page.goto(deed.address);
      await page.getByRole("row", { name }).waitFor();
      // The list is read once more when the stream has come; what it answers is older than what is done here.
      await page.locator(`.link-dot[data-state="live"]`).waitFor();
      await page.locator(".progress").waitFor({ state: "detached" });
      strictEqual(await deed.moved(page, name), false);

      await deed.act(page, name);
      await asked.promise;
      await until("it has moved", () => deed.moved(page, name));
      strictEqual(await deed.done(on, id), false);
      answered.resolve();

      if (refused) {
        await page.getByText(new RegExp(REASON, "i")).waitFor();
        await until("it has gone back", async () => !await deed.moved(page, name));
      } else {
        await until("the server has done it", () => deed.done(on, id));
        strictEqual(await deed.moved(page, name), true);
        // The list is read again behind it.
        await page.locator(".progress").waitFor({ state: "detached" });
        strictEqual(await deed.moved(page, name), true);
      }
      deepStrictEqual(visitor.complaints, []);
    });
  }
}

function refusal(field: string): { readonly contentType: string; readonly body: string } {
  const message = `Cannot change it: ${REASON}`;
  return {
    contentType: "application/graphql-response+json",
    body: JSON.stringify({
      data: { [field]: { __typename: "ConflictError", code: "CONFLICT", message, path: null } },
    }),
  };
}

let made = 0;

async function make(on: TestServer): Promise<{ readonly id: string; readonly name: string }> {
  const name = `Swift ${++made}.`;
  return { id: await makeContainer(on, { name }, { [`task of ${name}`]: "true" }), name };
}

interface MadeContainer {
  readonly enabled: boolean;
  readonly overlap: string;
  readonly tasks: readonly { readonly enabled: boolean }[];
}

async function containerOf(on: TestServer, id: string): Promise<MadeContainer> {
  const { data } = await on.graphql(
    `query ($id: ID!) { container(id: $id) { enabled overlap tasks { enabled } } }`,
    { id },
  );
  return data.container;
}
