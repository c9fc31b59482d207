/** What the console does when the server goes and comes back. */
import { startServer } from "../support/server.ts";
import { browserTest, signIn, visit } from "./browser.ts";

browserTest(
  "the console says that it is no longer live, and catches up once the server is back",
  async () => {
    const dataDir = await Deno.makeTempDir({ prefix: "orrery-connection-" });
    try {
      const first = await startServer({ dataDir });
      const { address } = first;
      await using visitor = await visit({ address });
      const { page } = visitor;
      await signIn(page);
      await page.locator('.link-dot[data-state="live"]').waitFor();

      await first.stop();
      await page.getByText(/^No live updates since/).waitFor();
      await using second = await startServer({
        dataDir,
        environment: { ORRERY_PORT: new URL(address).port },
      });
      await page.locator('.link-dot[data-state="live"]').waitFor();
      await second.graphql(`mutation { createContainer(input: { name: "Made later" }) { __typename } }`);

      await page.getByRole("link", { name: "Made later" }).waitFor();
      await second.stop();
    } finally {
      await Deno.remove(dataDir, { recursive: true });
    }
  },
);
