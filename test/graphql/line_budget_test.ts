import { ok, strictEqual } from "node:assert/strict";
import { LimitExceededError } from "../../schema/errors.ts";
import type { LogPage, LogRow } from "../../server/domain/logs/interface.ts";
import { createLineBudget } from "../../schema/graphql/line_budget.ts";

const LONG = "x".repeat(1024 * 1024);
/** Of a long page: the text is shared here, and would not be where it is read. */
const PAGE_LINES = 4;

Deno.test("createLineBudget() reads few of many long pages, and few at once", async () => {
  const readLines = createLineBudget();
  let reading = 0;
  let most = 0;
  let read = 0;

  const pages = await Promise.allSettled(Array.from({ length: 100 }, () =>
    readLines(async () => {
      most = Math.max(most, ++reading);
      await Promise.resolve();
      reading -= 1;
      read += 1;
      return pageOf(LONG, PAGE_LINES);
    })));

  const refused = pages.filter((page) =>
    page.status === "rejected" && page.reason instanceof LimitExceededError
  );
  ok(read >= 1 && read <= 4, `${read} read`);
  strictEqual(refused.length, pages.length - read);
  ok(most <= 2, `${most} at once`);
});

Deno.test("createLineBudget() reads any number of short pages, also after one that failed", async () => {
  const readLines = createLineBudget();
  const failed = readLines(() => Promise.reject(new Error("The database is away")));

  const pages = Array.from({ length: 1_000 }, () => readLines(() => Promise.resolve(pageOf("short", 10))));

  strictEqual((await Promise.allSettled([failed]))[0]?.status, "rejected");
  strictEqual((await Promise.all(pages)).length, 1_000);
});

function pageOf(text: string, lineCount: number): LogPage {
  const row: LogRow = {
    cursor: "",
    attemptId: 1,
    attempt: 1,
    taskRunId: 1,
    seq: 1,
    at: new Date(0),
    stream: "STDOUT",
    text,
  };
  return { rows: Array(lineCount).fill(row), hasNextPage: true, hasPreviousPage: false };
}
