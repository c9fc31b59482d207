/** Runs: the one in the README, along the time, and one that waits. */
import type { Visit } from "../../test/e2e/browser.ts";
import type { TestServer } from "../../test/support/server.ts";
import { startThumbnails, startWarehouse } from "./world.ts";

export async function showRun(server: TestServer, { page }: Visit): Promise<void> {
  await page.goto(`/runs/${encodeURIComponent(await startWarehouse(server))}`);
  await page.locator(".task-run").filter({ hasText: "load warehouse" }).first().click();
  await page.getByRole("log").getByText("load failed").waitFor();
  await page.locator("canvas").first().waitFor();
}

export async function showTimeline(server: TestServer, { page }: Visit): Promise<void> {
  await page.goto(`/runs/${encodeURIComponent(await startWarehouse(server))}?view=timeline`);
  await page.locator(".task-run").filter({ hasText: "transform" }).first().click();
  await page.getByRole("log").getByText("transform part 9").waitFor();
}

export async function showWaiting(server: TestServer, { page }: Visit): Promise<void> {
  await page.goto(`/runs/${encodeURIComponent(await startThumbnails(server))}`);
  await page.locator(".task-run").filter({ hasText: "upload" }).first().click();
  await page.getByRole("log").getByText("connection refused").waitFor();
  await page.locator("canvas").first().waitFor();
}

/** The output alone, from the first error on. */
export async function showOutput(server: TestServer, visitor: Visit): Promise<void> {
  await showRun(server, visitor);
}
