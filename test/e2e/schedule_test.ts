/** The schedule of a container: built, read, simulated before it is saved, and what became of its slots. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { TestServer } from "../support/server.ts";
import { until, untilEqual } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import { hasCount, hasValue, inBrowser, sharedServer, sidewaysPx, visitAsAdmin } from "./browser.ts";

let made = 0;

for (const width of [1280, 360]) {
  Deno.test(`a rhythm is chosen, read in words, simulated and saved at ${width} px`, inBrowser, async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server, { width });
    const { page } = visitor;
    const id = await openSchedule(page, server, { expression: "30 2 * * *" });

    await page.getByRole("button", { name: "Weekdays", exact: true }).click();
    await page.getByRole("button", { name: "Monday", exact: true }).click();
    await page.getByLabel("Time of day").fill("06:40");
    await hasValue(page.getByLabel("Cron expression"), "40 6 * * TUE-FRI");
    await page.locator(".preview-words", { hasText: "Tuesday through Friday" }).waitFor();
    await hasCount(page.locator(".fires li"), 10);
    await page.locator(".simulation-kinds", { hasText: /\d+ fire times? (added|moved)/ }).waitFor();
    strictEqual(await sidewaysPx(page), 0);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("version 3").waitFor();

    const saved = await server.graphql(`query ($id: ID!) { container(id: $id) { expression } }`, { id });
    strictEqual(saved.data.container.expression, "40 6 * * TUE-FRI");
    await page.getByText("see here what it would add, move or remove").waitFor();
    deepStrictEqual(visitor.complaints, []);
  });

  Deno.test(
    `a fault is marked at its place, and pressed it is selected in the text at ${width} px`,
    inBrowser,
    async () => {
      const server = await sharedServer();
      await using visitor = await visitAsAdmin(server, { width });
      const { page } = visitor;
      await openSchedule(page, server, { expression: "30 2 * * *" });
      const field = page.getByLabel("Cron expression");

      await field.fill("15 61 * * *");
      await page.locator(".cron-fault mark").getByText("61", { exact: true }).waitFor();
      await untilEqual("it is at fault", () => field.getAttribute("aria-invalid"), "true");
      await page.getByRole("alert").getByText(/0-23/).waitFor();
      await page.getByRole("button", { name: "Go to the error" }).click();

      await untilEqual("the fault is selected", () => selectedIn(page), "61");
      await page.keyboard.type("6");
      await page.locator(".preview-words", { hasText: "06:15" }).waitFor();
      await untilEqual("it is right", () => field.getAttribute("aria-invalid"), "false");
      await page.getByText("Hour: 0 to 23").waitFor();
      deepStrictEqual(visitor.complaints, []);
    },
  );
}

Deno.test(
  "a zone is found by a part of its name or by its offset, and chosen by keyboard",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await openSchedule(page, server, { expression: "30 2 * * *" });
    const zone = page.getByRole("combobox", { name: "Time zone" });
    // With the styles of the list too, which stay once they are loaded.
    await page.getByRole("navigation").getByRole("link", { name: "Containers", exact: true }).first().click();
    await page.locator("table.containers").waitFor();
    await page.goBack();
    await zone.waitFor();
    const [left, above] = [await zone.boundingBox(), await page.getByLabel("Cron expression").boundingBox()];
    strictEqual(left?.x, above?.x);

    await zone.fill("kolk");
    await page.locator(".zone-list").getByRole("option", { name: "Asia/Kolkata" }).waitFor();
    await zone.press("ArrowDown");
    await zone.press("Enter");
    await page.locator(".fires li", { hasText: "+05:30" }).first().waitFor();
    await hasValue(zone, "Asia/Kolkata");
    await zone.fill("+05:45");
    await page.locator(".zone-list").getByRole("option", { name: "Asia/Kathmandu" }).click();
    await page.locator(".fires li", { hasText: "+05:45" }).first().waitFor();
    await zone.fill("atlantis");
    await page.getByText('No time zone matches "atlantis"').waitFor();
    await zone.press("Escape");
    await page.getByRole("button", { name: "Save" }).focus();

    await hasValue(zone, "Asia/Kathmandu");
    const times = page.locator(".fires time");
    await hasCount(times, 20);
    await page.getByRole("switch", { name: "Enabled" }).press("Space");
    await page.locator(".preview").getByText("The container is paused").waitFor();
    // How soon each of them comes is no longer shown.
    await hasCount(times, 10);
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test(
  "a fire in the missing hour is marked, and left out when the container says so",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    const day = nextSpringChange(new Date());
    await openSchedule(page, server, { expression: `30 2 ${day} 3 *`, timezone: "Europe/Berlin" });

    const first = page.locator(".fires li").first();
    await first.getByText("shifted").waitFor();
    await first.getByText(/03:00/).first().waitFor();
    await page.getByLabel("Hour skipped when clocks go forward").selectOption({
      label: "Skip that day",
    });
    await hasCount(page.getByText("shifted"), 0);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("version 3").waitFor();

    await hasValue(page.getByLabel("Hour skipped when clocks go forward"), "SKIP");
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test(
  "an expression without a future is said to have none, and one by hand needs none",
  inBrowser,
  async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server);
    const { page } = visitor;
    await openSchedule(page, server, { expression: "30 2 * * *" });

    await page.getByLabel("Cron expression").fill("0 0 30 2 *");
    await page.getByText("This never fires").waitFor();
    await page.getByRole("button", { name: "Manual", exact: true }).click();
    await page.getByText("only when a person or a script starts it").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("version 3").waitFor();

    await hasValue(page.getByLabel("Cron expression"), "");
    deepStrictEqual(visitor.complaints, []);
  },
);

Deno.test("the slots are a strip that keys walk on, each a link to its run", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  await openSchedule(page, server, { expression: "@every 1s" });

  const slots = page.locator(".slot-strip .slot");
  await until("two slots are shown", async () => await slots.count() >= 2);
  await slots.last().focus();
  await page.keyboard.press("Home");
  await until("the first slot has the focus", async () => await slots.first().evaluate(isFocused));
  await page.keyboard.press("ArrowRight");
  await until("the second slot has the focus", async () => await slots.nth(1).evaluate(isFocused));
  match(await slots.first().getAttribute("aria-label") ?? "", /Fired/);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");

  await page.locator(".run-head").waitFor();
  ok(page.url().includes("/runs/"));
  deepStrictEqual(visitor.complaints, []);
});

Deno.test("the words of a schedule are in the language of the console", inBrowser, async () => {
  const server = await sharedServer();
  await using visitor = await visitAsAdmin(server);
  const { page } = visitor;
  const id = await openSchedule(page, server, { expression: "30 2 * * *" });
  await page.evaluate(`localStorage.setItem("orrery.language", "zh")`);
  await page.goto(scheduleOf(id));

  await page.locator(".preview-words", { hasText: "在上午" }).or(
    page.locator(".preview-words", { hasText: "02:30" }),
  )
    .waitFor();
  await page.getByRole("heading", { name: "接下来的触发时间" }).waitFor();
  deepStrictEqual(visitor.complaints, []);
});

for (const theme of ["light", "dark", "neon"] as const) {
  for (const width of [1280, 360]) {
    Deno.test(`every face of the schedule is accessible in ${theme} at ${width} px`, inBrowser, async () => {
      const server = await sharedServer();
      await using visitor = await visitAsAdmin(server, { theme, width });
      const { page } = visitor;
      await openSchedule(page, server, { expression: "*/7 * * * *" });

      await page.getByText("does not divide the hour").waitFor();
      deepStrictEqual(await seriousFaults(page), [], "minutes");
      await page.getByRole("button", { name: "Days of month" }).click();
      await page.locator(".simulation-line").waitFor();
      deepStrictEqual(await seriousFaults(page), [], "days of a month, simulated");
      await page.getByRole("combobox", { name: "Time zone" }).fill("new");
      await page.locator(".zone-list").getByRole("option").first().waitFor();
      deepStrictEqual(await seriousFaults(page), [], "zones");
      await page.keyboard.press("Escape");
      await page.getByLabel("Cron expression").fill("0 0 32 * *");
      await page.locator(".cron-fault").waitFor();
      deepStrictEqual(await seriousFaults(page), [], "a fault");
      strictEqual(await sidewaysPx(page), 0);
      deepStrictEqual(visitor.complaints, []);
    });
  }
}

/** Signs in and opens the schedule of a new container with one task; answers its id. */
async function openSchedule(
  page: Page,
  server: TestServer,
  schedule: { readonly expression: string; readonly timezone?: string },
): Promise<string> {
  const { data } = await server.graphql(
    `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } } }`,
    { input: { name: `Scheduled ${++made}`, ...schedule } },
  );
  const { id } = data.createContainer;
  await server.graphql(
    `mutation ($id: ID!) { createTask(input: { containerId: $id, name: "work", command: ":" }) { __typename } }`,
    { id },
  );
  await page.goto(scheduleOf(id));
  await page.locator(".fires li").first().waitFor();
  return id;
}

function scheduleOf(id: string): string {
  return `/containers/${encodeURIComponent(id)}?tab=schedule`;
}

/** The day in March on which Berlin's clocks go forward next: the last Sunday. */
function nextSpringChange(now: Date): number {
  const lastSunday = (year: number): Date => {
    const day = new Date(Date.UTC(year, 2, 31));
    day.setUTCDate(31 - day.getUTCDay());
    return day;
  };
  const thisYear = lastSunday(now.getUTCFullYear());
  return (thisYear > now ? thisYear : lastSunday(now.getUTCFullYear() + 1)).getUTCDate();
}

async function selectedIn(page: Page): Promise<string> {
  return await page.evaluate(
    "(({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd))(document.activeElement)",
  );
}

function isFocused(element: { readonly ownerDocument: { readonly activeElement: unknown } }): boolean {
  return element.ownerDocument.activeElement === element;
}
