/** Makes docs/orrery.png anew: `deno run -A docs/picture.ts`. A real run on a real server, in a real browser. */
import { fileURLToPath } from "node:url";
import { ADMIN_PASSWORD, startServer } from "../test/support/server.ts";
import { visit } from "../test/e2e/browser.ts";

const PICTURE = fileURLToPath(new URL("orrery.png", import.meta.url));
const LINES = 6;

const rows = (what: string, count: number): string =>
  `for n in $(seq 1 ${count}); do printf '\\033[2m%s\\033[0m ${what} \\033[32m%d\\033[0m rows\\n' "$(date +%T)" $((n * 1250)); sleep 0.15; done`;

const GRAPH = {
  tasks: [
    { name: "extract orders", command: rows("orders", LINES) },
    { name: "extract users", command: rows("users", LINES) },
    { name: "extract stock", command: rows("stock", LINES) },
    { name: "check schema", command: "echo checking; sleep 0.4; echo the schema is as expected" },
    { name: "transform", command: `${rows("joined", 60)}; echo 'two rows have no user' >&2` },
    { name: "load warehouse", command: "sleep 1; echo loaded" },
    { name: "refresh reports", command: "echo refreshed" },
    { name: "page on-call", command: "echo calling" },
    { name: "drop staging", command: "echo dropped" },
  ],
  relations: [
    ...["extract orders", "extract users", "extract stock", "check schema"]
      .map((upstream) => ({ upstream, downstream: "transform", condition: "SUCCESS" })),
    { upstream: "transform", downstream: "load warehouse", condition: "SUCCESS" },
    { upstream: "load warehouse", downstream: "refresh reports", condition: "SUCCESS" },
    { upstream: "load warehouse", downstream: "page on-call", condition: "FAILURE" },
    { upstream: "refresh reports", downstream: "drop staging", condition: "ALWAYS" },
  ],
};

await using server = await startServer();
const made = await server.graphql(
  `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } } }`,
  { input: { name: "Nightly warehouse", expression: "30 2 * * *", timezone: "Europe/Berlin" } },
);
const id: string = made.data.createContainer.id;
await server.graphql(
  `mutation ($input: SaveContainerInput!) { saveContainer(input: $input) { __typename } }`,
  { input: { container: { id }, ...GRAPH } },
);
await using visitor = await visit({ address: server.address, theme: "dark" });
const { page } = visitor;
await page.goto("/");
await page.getByLabel("User name").fill("admin");
await page.getByLabel("Password", { exact: true }).fill(ADMIN_PASSWORD);
await page.getByRole("button", { name: "Sign in" }).click();
await page.getByRole("link", { name: "Nightly warehouse" }).click();
await page.getByRole("button", { name: "Run now" }).click();
await page.getByRole("log").getByText("joined").nth(20).waitFor();
await page.screenshot({ path: PICTURE });
