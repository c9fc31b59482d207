/** Reading an output: found, linked, timed, copied, downloaded, attempt by attempt, beyond what the page holds. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { until, untilEqual } from "../support/until.ts";
import { seriousFaults } from "./axe.ts";
import {
  hasCount,
  inBrowser,
  pressInTurn,
  sharedServer,
  sidewaysPx,
  type Visit,
  visitAsAdmin,
  type VisitOptions,
} from "./browser.ts";
import { runOnce } from "./one_task.ts";

const LINES = 12_000;
const long = `seq -f "line %.0f" 1 ${LINES}`;
const colourful = String.raw`
printf '\033[31mred\033[0m \033[38;5;226myellow of 256\033[0m \033[38;2;0;40;0mdark green\033[0m \033[41mon red\033[0m\n'
printf '\033[7minverse\033[0m \033[2mdim\033[0m \033[1;34mbold blue\033[0m\n'
echo 'to standard error' >&2
echo '<b>not markup</b>'`;

/** Somebody who is signed in reads; after that the browser may have complained of nothing. */
function readingTest(
  name: string,
  how: Omit<VisitOptions, "address">,
  read: (visitor: Visit) => Promise<void>,
): void {
  Deno.test(name, inBrowser, async () => {
    const server = await sharedServer();
    await using visitor = await visitAsAdmin(server, how);
    await read(visitor);
    deepStrictEqual(visitor.complaints, []);
  });
}

for (const width of [1280, 360]) {
  readingTest(
    `text is found in what is held and on the server beyond it at ${width} px`,
    { width },
    async ({ page }) => {
      await page.goto(await finishedRun(long));
      await page.getByText("Last 1,000 lines").waitFor();

      await page.getByRole("log").focus();
      await page.keyboard.press("/");
      await page.getByRole("searchbox", { name: "Find in the output" }).fill("LINE 11555");
      await page.locator(".log-found", { hasText: /\d/ }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByText("1 of 1", { exact: true }).waitFor();
      await page.locator("mark.log-hit", { hasText: "line 11555" }).waitFor();
      // Held is only the end; the server knows the rest.
      await page.getByRole("searchbox", { name: "Find in the output" }).fill("line 3210");
      await page.getByText("no match here").waitFor();
      await page.getByRole("button", { name: "Search older on the server" }).click();

      await page.locator("mark.log-hit", { hasText: "line 3210" }).waitFor();
      await page.locator(`.log-row.current[data-seq="3210"]`).waitFor();
      await page.getByRole("button", { name: "Search older on the server" }).click();
      await page.getByText("No older matches on the server").waitFor();
      strictEqual(await sidewaysPx(page), 0);
    },
  );

  readingTest(
    `a link opens at its line, and pages are read in both directions at ${width} px`,
    { width },
    async ({ page }) => {
      const run = await finishedRun(long);

      await page.goto(`${run}&line=1.6000-6002`);
      await page.locator(`.log-row.chosen[data-seq="6001"]`).waitFor();
      await until("the line is in view", () => inView(page, 6000));
      // Lines that come in front move the rows for a moment.
      await hasCount(page.locator(".log-row.chosen"), 3);
      await page.getByRole("log").focus();
      await pressInTurn(page, "g", "g");
      await page.locator(`.log-row[data-seq="1"]`).waitFor();
      await until("the start is in view", () => inView(page, 1));
      await page.keyboard.press("G");
      await page.locator(`.log-row[data-seq="${LINES}"]`).waitFor();
      await until("the end is in view", () => inView(page, LINES));

      await page.locator(`.log-number[data-number="${LINES - 3}"]`).click();
      await page.waitForURL(/line=1\.11997$/);
      await page.locator(`.log-number[data-number="${LINES - 1}"]`).click({ modifiers: ["Shift"] });
      await page.waitForURL(/line=1\.11997-11999/);
    },
  );
}

readingTest("scrolling reads every line from the end to the start, in order", {}, async ({ page }) => {
  await page.goto(await finishedRun(long));
  await page.getByText("Last 1,000 lines").waitFor();
  await until("the end is in view", () => inView(page, LINES));
  await page.getByRole("log").hover();

  // Page after page: each turn of the wheel is given its time.
  for (let first = await firstInView(page); first > 1;) {
    await page.mouse.wheel(0, -20_000);
    first = await until(`a line before ${first} is in view`, async () => {
      const now = await firstInView(page);
      return now < first ? now : null;
    });
  }

  await until("the first line is in view", () => inView(page, 1));
  await page.getByText("12,000 lines", { exact: true }).waitFor();
  strictEqual(await page.locator(`.log-row[data-seq="1"]`).innerText().then((text) => text.trim()), "line 1");
});

readingTest(
  "what is read stays under the eye while older lines come in front of it",
  {},
  async ({ page }) => {
    await page.goto(await finishedRun(long));
    await page.getByText("Last 1,000 lines").waitFor();
    await until("the end is in view", () => inView(page, LINES));
    await page.getByRole("log").hover();

    await page.mouse.wheel(0, -15_000);
    await page.getByText("Last 6,000 lines").waitFor();

    // 15,000 px of 18 px rows above the end.
    await until("the lines that were in view are there again", async () => {
      const first = await firstInView(page);
      return first > LINES - 1000 && first < LINES - 800;
    });
  },
);

readingTest(
  "attempts are told apart, the first error of the failed one is one press away",
  {},
  async ({ page }) => {
    // Two pipes are read one after the other: where among the others the error comes is not known.
    const command = `for n in $(seq 1 400); do echo "step $n of $ORRERY_ATTEMPT"; done
echo "it broke in $ORRERY_ATTEMPT" >&2
for n in $(seq 1 400); do echo "more $n of $ORRERY_ATTEMPT"; done
exit 3`;
    await page.goto(await finishedRun(command, { maxRetries: 1, retryDelaySeconds: 0 }));

    await page.getByRole("button", { name: "Attempt 2", exact: true }).waitFor();
    await page.getByRole("button", { name: "Go to the first error" }).click();
    const error = page.locator(".log-row", { hasText: "it broke in 2" });
    await page.waitForURL(/line=2\.\d+/);
    await error.waitFor();
    const seq = Number(await error.getAttribute("data-seq"));
    match(page.url(), new RegExp(`line=2\\.${seq}(?!\\d)`));
    await until("the error is in view", () => inView(page, seq));
    await page.getByRole("button", { name: "Attempt 1", exact: true }).click();

    await page.locator(".log-row", { hasText: "more 400 of 1" }).waitFor();
    await page.locator(".log-row", { hasText: "of 2" }).first().waitFor({ state: "detached" });
    match(page.url(), /attempt=1/);
  },
);

readingTest("times are off, of the day or since the start, and remembered", {}, async ({ page }) => {
  const run = await finishedRun("echo one");
  await page.goto(run);
  await page.locator(".log-row").waitFor();

  await page.getByRole("button", { name: "Times" }).click();
  await page.getByRole("menuitem", { name: "Since its start" }).click();
  const sinceStart = page.locator(".log-time").getByText(/^\+\d+\.\d{3}$/).first();
  await sinceStart.waitFor();
  await page.reload();
  await sinceStart.waitFor();
  await page.getByRole("log").focus();
  await page.keyboard.press("m");

  await page.locator(".log-scroller:not(.timed)").waitFor();
});

readingTest(
  "an output is copied without its colours, and downloaded whole",
  {},
  async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(await finishedRun(String.raw`printf '\033[31mred\033[0m\nplain\nlast\n'`));
    await page.locator(".log-row").first().waitFor();

    await page.getByRole("button", { name: "More for this output" }).click();
    await page.getByRole("menuitem", { name: "Copy all" }).click();
    await page.getByText("Copied", { exact: true }).waitFor();
    await untilEqual(
      "all of it is copied",
      () => page.evaluate<string>("navigator.clipboard.readText()"),
      "red\nplain\nlast\n",
    );
    await page.locator(`.log-number[data-number="2"]`).click();
    await page.getByRole("button", { name: "More for this output" }).click();
    await page.getByRole("menuitem", { name: "Copy the selected lines" }).click();
    await until(
      "the line is copied",
      async () => await page.evaluate("navigator.clipboard.readText()") === "plain\n",
    );
    await page.getByRole("button", { name: "More for this output" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "Download as text" }).click(),
    ]);

    match(await Deno.readTextFile(await download.path()), /plain\nlast\n/);
  },
);

for (const theme of ["light", "dark", "neon"] as const) {
  for (const width of [1280, 360]) {
    readingTest(
      `an output with colours, a search and chosen lines is legible in ${theme} at ${width} px`,
      { theme, width },
      async ({ page }) => {
        await page.goto(`${await finishedRun(colourful)}&line=1.2`);
        await page.locator(".log-row", { hasText: "<b>not markup</b>" }).waitFor();
        await page.getByRole("log").focus();
        await page.keyboard.press("/");
        await page.getByRole("searchbox", { name: "Find in the output" }).fill("error");
        await page.locator(".log-found", { hasText: /\d/ }).waitFor();
        await page.keyboard.press("Enter");
        await page.locator(".log-row.current").waitFor();

        deepStrictEqual(await seriousFaults(page), []);
        strictEqual(await sidewaysPx(page), 0);
      },
    );
  }
}

/** The address of a finished run with one task. */
async function finishedRun(command: string, fields?: Parameters<typeof runOnce>[2]): Promise<string> {
  return await runOnce(await sharedServer(), command, fields);
}

type Page = Visit["page"];

async function inView(page: Page, seq: number): Promise<boolean> {
  return await page.evaluate(`(() => {
    const row = document.querySelector('.log-row[data-seq="${seq}"]')?.getBoundingClientRect();
    const box = document.querySelector(".log-scroller").getBoundingClientRect();
    return row !== undefined && row.top >= box.top - 1 && row.bottom <= box.bottom + 1;
  })()`);
}

async function firstInView(page: Page): Promise<number> {
  return await page.evaluate(`(() => {
    const { top } = document.querySelector(".log-scroller").getBoundingClientRect();
    const rows = [...document.querySelectorAll(".log-row")].filter((row) => row.getBoundingClientRect().bottom > top);
    return Math.min(...rows.map((row) => Number(row.dataset.seq)));
  })()`);
}
