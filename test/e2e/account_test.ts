/** One's own page, the language of the browser, and a sign-in that ends under one's hands. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { ADMIN_PASSWORD, startServer } from "../support/server.ts";
import { seriousFaults } from "./axe.ts";
import {
  hasValue,
  inBrowser,
  openContainers,
  sharedServer,
  sidewaysPx,
  visit,
  visitAsAdmin,
} from "./browser.ts";
import { newName } from "./made.ts";

const NEW_PASSWORD = "a longer horse battery";

for (const width of [1280, 360]) {
  Deno.test(
    `the first sign-in asks for a password of one's own at ${width} px, and leads on`,
    inBrowser,
    async () => {
      await using server = await startServer({ environment: { ORRERY_ADMIN_PASSWORD: undefined } });
      const first = (await Deno.readTextFile(`${server.dataDir}/first-password`)).trim();
      await using visitor = await visit({ address: server.address, width });
      const { page } = visitor;
      await page.goto("/containers");
      await page.getByLabel("User name").fill("admin");
      await page.getByLabel("Password", { exact: true }).fill(first);
      await page.getByRole("button", { name: "Sign in" }).click();

      await page.getByRole("heading", { name: "Choose your own password" }).waitFor();
      deepStrictEqual(await seriousFaults(page), []);
      strictEqual(await sidewaysPx(page), 0);
      await page.getByLabel("Current password").fill(first);
      await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
      await page.getByLabel("New password again").fill(NEW_PASSWORD);
      await page.getByRole("button", { name: "Change password" }).click();

      await page.getByRole("heading", { name: "Containers" }).waitFor();
      strictEqual(typeof await server.signIn("admin", NEW_PASSWORD), "string");
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

Deno.test("a person makes a token that works, sees it used, and revokes it", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await page.goto("/account");

  await page.getByText("No tokens yet.").waitFor();
  await page.getByLabel("What the token is for").fill("nightly import");
  await page.getByRole("button", { name: "Create token" }).click();
  const token = await page.locator(".made-token").textContent() ?? "";
  match(token, /^orrery_/);
  const answer = await server.graphql("{ viewer { username } }", {}, token);
  strictEqual(answer.data.viewer.username, "admin");
  await page.reload();
  const row = page.getByRole("row").filter({ hasText: "nightly import" });
  await row.getByText(/ago|now/).waitFor();
  strictEqual(await page.locator(".made-token").count(), 0);
  deepStrictEqual(await seriousFaults(page), []);
  await row.getByRole("button", { name: 'Revoke "nightly import"' }).click();
  await row.getByRole("button", { name: "Revoke", exact: true }).click();
  await page.getByText("No tokens yet.").waitFor();

  const refused = await server.graphql("{ viewer { username } }", {}, token);
  strictEqual(refused.errors?.[0].extensions.code, "UNAUTHENTICATED");
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("a person changes password, theme and language on a phone, and all hold", inBrowser, async () => {
  // It changes the password of the administrator.
  await using server = await startServer();
  await using visitor = await visitAsAdmin(server, { width: 360 });
  const { page } = visitor;
  await page.goto("/account");

  await page.getByLabel("Current password").fill(ADMIN_PASSWORD);
  await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel("New password again").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText(/^Password changed/).waitFor();
  await page.getByRole("button", { name: "Neon", exact: true }).click();
  await page.locator('html[data-theme="neon"]').waitFor();
  await page.getByRole("button", { name: "简体中文" }).click();
  await page.getByRole("heading", { name: "账户" }).waitFor();
  strictEqual(await sidewaysPx(page), 0);
  deepStrictEqual(await seriousFaults(page), []);
  await page.reload();

  await page.getByRole("heading", { name: "账户" }).waitFor();
  strictEqual(await page.locator("html").getAttribute("data-theme"), "neon");
  strictEqual(typeof await server.signIn("admin", NEW_PASSWORD), "string");
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("the console speaks the browser's language until somebody chooses another", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visit({ address: server.address, locale: "zh-CN" });
  const { page } = visitor;

  await page.goto("/sign-in");

  await page.getByRole("button", { name: "登录" }).waitFor();
  strictEqual(await page.locator("html").getAttribute("lang"), "zh");
  deepStrictEqual(visitor.complaints, []);
});

for (const width of [1280, 360]) {
  Deno.test(`no work is lost when a sign-in ends under a form at ${width} px`, inBrowser, async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server, { width });
    const { page, context } = visitor;
    await openContainers(page);
    await page.getByRole("button", { name: "New container" }).click();
    const dialog = page.getByRole("dialog", { name: "New container" });
    const name = newName("Typed for an hour");
    await dialog.getByLabel("Name").fill(name);
    await context.clearCookies();

    await dialog.getByRole("button", { name: "Create" }).click();
    const again = page.getByRole("dialog", { name: "Your session has ended" });
    await again.getByLabel("Password").fill("not this one");
    await again.getByRole("button", { name: "Sign in", exact: true }).click();
    await again.getByText("User name or password is wrong").waitFor();
    await again.getByLabel("Password").fill(ADMIN_PASSWORD);
    await again.getByRole("button", { name: "Sign in", exact: true }).click();
    await again.waitFor({ state: "detached" });
    await hasValue(dialog.getByLabel("Name"), name);
    await dialog.getByRole("button", { name: "Create" }).click();

    await page.getByRole("heading", { name }).waitFor();
    await page.locator('.link-dot[data-state="live"]').waitFor({ state: "attached" });
  });
}
