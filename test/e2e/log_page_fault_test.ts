/** A page of an output that cannot be read takes nothing away: it is said where it would have come. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { until } from "../support/until.ts";
import { inBrowser, sharedServer, visitAsAdmin } from "./browser.ts";
import { runOnce } from "./one_task.ts";

const long = `seq -f "line %.0f" 1 12000`;

for (const { side, turn } of [{ side: "Older", turn: -20_000 }, { side: "Newer", turn: 20_000 }]) {
  Deno.test(
    `${side} lines that could not be read are said beside those that stay, and read again`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      await using visitor = await visitAsAdmin(server);
      const { page } = visitor;
      let away = false;
      let refused = 0;
      await page.route("**/graphql", async (route) => {
        if (!away || !route.request().postData()?.includes("query LogPage")) return await route.continue();
        refused++;
        await route.fulfill({
          contentType: "application/graphql-response+json",
          body: JSON.stringify({ errors: [{ message: "The database is away" }] }),
        });
      });
      await page.goto(await runOnce(server, long));
      await page.getByText("Last 1,000 lines").waitFor();
      if (side === "Newer") {
        await page.getByRole("log").focus();
        await until("the start is held", async () => {
          await page.keyboard.press("g");
          return await page.locator(`.log-row[data-seq="1"]`).isVisible();
        });
        await page.getByText("Lines 1 to 5,000").waitFor();
      }
      await page.locator(".log-progress:not(.progress)").waitFor({ state: "attached" });
      const held = await page.locator(".log-shown").innerText();

      away = true;
      await page.getByRole("log").hover();
      const alert = page.getByRole("alert").filter({
        hasText: `${side} lines could not be read: The database is away`,
      });
      await until("the fault is said", async () => {
        await page.mouse.wheel(0, turn);
        return await alert.isVisible();
      });
      for (const _turn of [1, 2, 3]) await page.mouse.wheel(0, turn);
      strictEqual(await page.locator(".log-shown").innerText(), held);
      ok(await page.locator(".log-row").count() > 10, "the lines stay");
      strictEqual(refused, 1);
      away = false;
      await alert.getByRole("button", { name: "Try again" }).click();

      await alert.waitFor({ state: "detached" });
      await until("more is held", async () => await page.locator(".log-shown").innerText() !== held);
      strictEqual(refused, 1);
      deepStrictEqual(visitor.complaints, []);
    },
  );
}
