/** The pages over all containers, and the parts of a container's page, as a small company would see them. */
import type { Visit } from "../../test/e2e/browser.ts";
import type { TestServer } from "../../test/support/server.ts";
import { containerAddress, startThumbnails, startWarehouse } from "./world.ts";

export async function showOverview(server: TestServer, { page }: Visit): Promise<void> {
  await startWarehouse(server);
  await startThumbnails(server);
  await page.goto("/");
  await page.locator("canvas").first().waitFor();
  await page.locator(".upcoming-strip").waitFor();
}

export async function showContainers(server: TestServer, { page }: Visit): Promise<void> {
  await startWarehouse(server);
  await page.goto("/containers");
  await page.getByText("Nightly warehouse").first().waitFor();
}

export async function showGraph(server: TestServer, { page }: Visit): Promise<void> {
  await startWarehouse(server);
  await page.goto(await containerAddress(server, "Nightly warehouse"));
  await page.locator("canvas").first().waitFor();
}

export async function showCommand(server: TestServer, { page }: Visit): Promise<void> {
  await page.goto(await containerAddress(server, "Partner feed"));
  await page.getByText("clean up").first().click();
  await page.locator(".cm-content").waitFor();
}

export async function showVersions(server: TestServer, { page }: Visit): Promise<void> {
  await page.goto(`${await containerAddress(server, "Mirror packages")}?tab=versions`);
  await page.getByRole("heading", { name: "Version 3" }).waitFor();
}

export async function showGrid(server: TestServer, { page }: Visit): Promise<void> {
  await startWarehouse(server);
  await page.goto("/runs?view=grid");
  await page.locator(".grid-cell").first().waitFor();
}

export async function showLive(server: TestServer, { page }: Visit): Promise<void> {
  await startWarehouse(server);
  await startThumbnails(server);
  await page.goto("/live");
  await page.getByText("medium part").first().waitFor();
  await page.getByText("small part").first().waitFor();
}

export async function showLogs(server: TestServer, { page }: Visit): Promise<void> {
  await startWarehouse(server);
  await page.goto("/logs?q=failed");
  await page.getByText("load failed").first().waitFor();
}

export async function showHosts(server: TestServer, { page }: Visit): Promise<void> {
  await startWarehouse(server);
  await page.goto("/hosts");
  await page.getByText("online").first().waitFor();
}

export async function showMessages(server: TestServer, { page }: Visit): Promise<void> {
  await startWarehouse(server);
  await page.goto("/messages");
  await page.locator(".message").first().waitFor();
}

export async function showTokens(server: TestServer, { page }: Visit): Promise<void> {
  for (const [name, days] of [["Deployments", 90], ["Reports of the shop", 365]] as const) {
    const expiresAt = new Date(Date.now() + days * 86_400_000).toISOString();
    await server.graphql(
      `mutation ($name: String!, $expiresAt: DateTime) {
        createApiToken(name: $name, expiresAt: $expiresAt) { __typename }
      }`,
      { name, expiresAt },
    );
  }
  await page.goto("/account");
  await page.locator(".tokens tbody tr").first().waitFor();
}

export async function showPalette(server: TestServer, visitor: Visit): Promise<void> {
  await showContainers(server, visitor);
  await visitor.page.keyboard.press("Control+k");
  await visitor.page.locator(".palette").getByRole("combobox").fill("mirror");
  await visitor.page.getByRole("option", { name: "Mirror packages" }).first().waitFor();
}
