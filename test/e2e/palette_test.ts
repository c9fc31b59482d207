/** The palette: from anywhere to anything, by the keyboard alone, on a phone by its button. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { seriousFaults } from "./axe.ts";
import { inBrowser, openContainers, pressInTurn, sharedServer, sidewaysPx, visitAsAdmin } from "./browser.ts";

Deno.test(
  "the palette leads to pages, finds containers on the server and does what can be done",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await server.graphql(`mutation { createContainer(input: { name: "Ledger of moons" }) { __typename } }`);
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await openContainers(page);

    await page.keyboard.press("Control+k");
    const box = page.getByRole("combobox", { name: /^Go to a page/ });
    await box.waitFor();
    deepStrictEqual(await seriousFaults(page), []);
    await page.keyboard.type("runs");
    await page.getByRole("option", { name: /^Runs/, selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/runs$/);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("of moons");
    await page.getByRole("option", { name: "Ledger of moons", exact: true, selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Ledger of moons" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("theme: neon");
    await page.getByRole("option", { name: /Neon/, selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator('html[data-theme="neon"]').waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("new container");
    await page.getByRole("option", { name: "New container", selected: true }).waitFor();
    await page.keyboard.press("Enter");

    await page.getByRole("dialog", { name: "New container" }).getByLabel("Name").waitFor();
    match(page.url(), /\/containers$/);
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test(
  "the palette says when nothing fits, and is put away by Escape and by its own keys",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server, { theme: "dark" });
    const { page } = visitor;
    await openContainers(page);
    const box = page.getByRole("combobox", { name: /^Go to a page/ });

    await page.keyboard.press("Control+k");
    await box.fill("qqqxxqq");
    await page.getByText('No results for "qqqxxqq"').waitFor();
    await page.keyboard.press("Escape");
    await box.waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    await box.waitFor();
    strictEqual(await box.inputValue(), "");
    await page.keyboard.press("Control+k");

    await box.waitFor({ state: "detached" });
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test(
  "what is typed straight after the palette's keys is the palette's, and the focus goes back",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await openContainers(page);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: /^Go to a page/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: /^Go to a page/ }).waitFor({ state: "detached" });
    const search = page.getByRole("searchbox");
    await search.focus();

    // No timer can run in between: whatever key comes next goes where the focus is now.
    const focused: string = await page.evaluate(`(() => {
    document.activeElement.dispatchEvent(
      new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true, cancelable: true }),
    );
    return document.activeElement.getAttribute("role");
  })()`);
    await page.keyboard.press("Escape");

    strictEqual(focused, "combobox");
    await page.locator("input[type=search]:focus").waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test("the palette opens by its button at 360 px and fits", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitAsAdmin(server, { width: 360, theme: "neon" });
  const { page } = visitor;
  await openContainers(page);

  await page.getByRole("button", { name: "Search or run a command" }).tap();
  await page.getByRole("option", { name: /^Runs/ }).first().waitFor();

  strictEqual(await sidewaysPx(page), 0);
  deepStrictEqual(await seriousFaults(page), []);
  await page.getByRole("option", { name: /^Account/ }).tap();
  await page.getByRole("heading", { name: "Account" }).waitFor();
  deepStrictEqual(visitor.complaints, []);
});

Deno.test(
  "the sheet of keys tells the keys of the open page, and they lead where it says",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await openContainers(page);

    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await sheet.getByText("Go to the runs").waitFor();
    await sheet.getByText("Ctrl K").waitFor();
    const ways = (await sheet.locator(".key-line dd").allTextContents()).filter((keys) =>
      keys.startsWith("g")
    );
    ok(ways.length > 8);
    deepStrictEqual([...new Set(ways)], ways);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    await pressInTurn(page, "g", "a");

    await page.getByRole("heading", { name: "Account" }).waitFor();
    deepStrictEqual(visitor.complaints, []);
  },
);
