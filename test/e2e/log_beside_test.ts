/** Two attempts of a task beside each other: chosen, kept in the address, each read, followed and searched by itself. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Locator } from "playwright-core";
import { seriousFaults } from "./axe.ts";
import { inBrowser, sharedServer, sidewaysPx, visitAsAdmin } from "./browser.ts";
import { newGate } from "./made.ts";
import { runOnce, startOne } from "./one_task.ts";

const THREE = { maxRetries: 2, retryDelaySeconds: 0 };
const steps = `for n in $(seq 1 60); do echo "step $n of $ORRERY_ATTEMPT"; done; exit 3`;

for (const width of [1280, 360]) {
  Deno.test(
    `two attempts are shown beside each other, chosen, and kept in the address at ${width} px`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await page.goto(await runOnce(server, steps, THREE));
      await page.getByRole("button", { name: "Attempt 3", exact: true }).waitFor();
      const output = (attempt: number): Locator =>
        page.getByRole("log", { name: `Output of loud, attempt ${attempt}` });

      await page.getByRole("button", { name: "Two attempts side by side" }).click();
      await output(2).locator(".log-row", { hasText: "step 60 of 2" }).waitFor();
      await output(3).locator(".log-row", { hasText: "step 60 of 3" }).waitFor();
      strictEqual(await page.getByText(/^step \d+ of 1$/).count(), 0);
      const [left, right] = [await boxOf(output(2)), await boxOf(output(3))];
      if (width === 360) ok(left.y + left.height <= right.y, "one below the other");
      else ok(left.x + left.width <= right.x && left.width > 400, "one beside the other, both wide enough");
      await page.getByRole("combobox", { name: "Attempt on the first side" }).selectOption(
        "Attempt 1 · Failed",
      );
      await output(1).locator(".log-row", { hasText: "step 60 of 1" }).waitFor();
      await page.waitForURL(/attempt=1&beside=3|beside=3.*attempt=1/);
      await page.getByRole("combobox", { name: "Attempt on the second side" }).selectOption(
        "Attempt 1 · Failed",
      );
      await page.waitForURL(/attempt=3&beside=1|beside=1.*attempt=3/);
      await page.reload();
      await output(3).locator(".log-row", { hasText: "step 60 of 3" }).waitFor();
      await output(1).locator(".log-row", { hasText: "step 60 of 1" }).waitFor();
      strictEqual(await sidewaysPx(page), 0);
      await page.getByRole("button", { name: "Two attempts side by side" }).click();

      await page.getByRole("log", { name: "Output of loud", exact: true }).waitFor();
      await output(1).waitFor({ state: "detached" });
      strictEqual(new URL(page.url()).searchParams.has("beside"), false);
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

Deno.test("each of two attempts follows its own end", inBrowser, async () => {
  const on = await sharedServer();
  await using visitor = await visitAsAdmin(on);
  const { page } = visitor;
  const gate = newGate(on);
  const command = `seq -f "line %.0f of $ORRERY_ATTEMPT" 1 300
[ "$ORRERY_ATTEMPT" = 1 ] && exit 3
until [ -e ${gate} ]; do sleep 0.05; done
seq -f "late %.0f" 1 50`;
  await page.goto(
    `${await startOne(on, command, { maxRetries: 1, retryDelaySeconds: 0 })}&attempt=1&beside=2`,
  );
  const [first, second] = [page.getByRole("log").first(), page.getByRole("log").last()];
  await first.locator(`.log-row[data-seq="300"]`).waitFor();
  await second.locator(`.log-row[data-seq="300"]`).waitFor();

  await first.focus();
  await page.keyboard.press("/");
  await page.getByRole("searchbox").fill("line 20 of");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "To the end" }).waitFor();
  await first.locator(".log-row.current").waitFor();
  const top = await first.evaluate((element) => element.scrollTop);
  await Deno.writeTextFile(gate, "");
  await second.locator(".log-row", { hasText: "late 50" }).waitFor();

  strictEqual(await first.evaluate((element) => element.scrollTop), top);
  strictEqual(await page.getByRole("button", { name: /^To the end/ }).count(), 1);
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("the keys are for the one of two attempts that was entered last", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await page.goto(await runOnce(server, steps, THREE));
  await page.getByRole("button", { name: "Attempt 3", exact: true }).waitFor();

  await page.getByRole("log").focus();
  await page.keyboard.press("b");
  const [first, second] = [page.locator(".log").first(), page.locator(".log").last()];
  await second.locator(".log-row", { hasText: "step 60 of 3" }).waitFor();
  await second.getByRole("log").focus();
  await page.locator(".log.active").getByRole("log", { name: "attempt 3" }).waitFor();
  await page.keyboard.press("/");
  await second.getByRole("searchbox").fill("step 7 of");
  await page.keyboard.press("Enter");
  await second.locator(".log-row.current", { hasText: "step 7 of 3" }).waitFor();
  strictEqual(await first.getByRole("searchbox").count(), 0);
  await page.keyboard.press("Escape");
  await first.getByRole("log").focus();
  await page.locator(".log.active").getByRole("log", { name: "attempt 2" }).waitFor();
  await page.keyboard.press("/");
  await first.getByRole("searchbox").waitFor();
  await page.keyboard.press("Escape");
  await first.getByRole("searchbox").waitFor({ state: "detached" });
  await page.keyboard.press("b");

  await second.getByRole("log", { name: "Output of loud", exact: true }).waitFor();
  strictEqual(await page.getByRole("log").count(), 1);
  deepStrictEqual(visitor.complaints, []);
});

for (const theme of ["light", "dark", "neon"] as const) {
  for (const width of [1280, 360]) {
    Deno.test(
      `two attempts beside each other are accessible and fit in ${theme} at ${width} px`,
      inBrowser,
      async () => {
        const server = await sharedServer();
        await using visitor = await visitAsAdmin(server, { theme, width });
        const { page } = visitor;
        await page.goto(`${await runOnce(server, steps, THREE)}&attempt=1&beside=2`);
        await page.getByText("step 60 of 1").waitFor();
        await page.getByText("step 60 of 2").waitFor();

        deepStrictEqual(await seriousFaults(page), []);
        strictEqual(await sidewaysPx(page), 0);
        deepStrictEqual(visitor.complaints, []);
      },
    );
  }
}

async function boxOf(
  locator: Locator,
): Promise<{ readonly x: number; readonly y: number; readonly width: number; readonly height: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error("It is not drawn");
  return box;
}
