/** A run of which one task has failed and another, which waits for just that, is at work: the picture in the README. */
import type { Visit } from "../../test/e2e/browser.ts";
import type { TestServer } from "../../test/support/server.ts";

interface PictureTask {
  readonly name: string;
  readonly command: string;
}

const tasks: readonly PictureTask[] = [
  { name: "extract orders", command: parts("orders", 6) },
  { name: "extract users", command: parts("users", 4) },
  { name: "extract stock", command: parts("stock", 5) },
  { name: "check schema", command: "echo 'schema v42 matches'" },
  { name: "transform", command: parts("transform", 9) },
  {
    name: "load warehouse",
    command: `${parts("load", 11)}
printf '\\033[33mretrying in 5 s\\033[0m: the table is busy\\n'
echo 'ERROR: relation "fact_orders" is locked by pid 4711' >&2
printf '\\033[31;1mload failed\\033[0m after 11 of 14 parts\\n' >&2
exit 3`,
  },
  { name: "refresh reports", command: "echo refreshed" },
  { name: "page on-call", command: "echo 'calling the on-call engineer'; sleep 60" },
  { name: "drop staging", command: "echo dropped" },
];
const relations = [
  ["extract orders", "transform"],
  ["extract users", "transform"],
  ["extract stock", "transform"],
  ["check schema", "transform"],
  ["transform", "load warehouse"],
  ["load warehouse", "refresh reports"],
  ["load warehouse", "page on-call", "FAILURE"],
  ["page on-call", "drop staging", "ALWAYS"],
].map(([upstream, downstream, condition = "SUCCESS"]) => ({ upstream, downstream, condition }));

export async function showRun(server: TestServer, { page }: Visit): Promise<void> {
  const runId = await startRun(server);
  await page.goto(`/runs/${encodeURIComponent(runId)}`);
  await page.locator(".task-run").filter({ hasText: "page on-call" }).getByText("Running").waitFor();
  await page.locator(".task-run").filter({ hasText: "load warehouse" }).first().click();
  await page.getByRole("log").getByText("load failed").waitFor();
  await page.locator("canvas").first().waitFor();
}

async function startRun(server: TestServer): Promise<string> {
  const made = await server.graphql(
    `mutation {
      createContainer(input: { name: "Nightly warehouse", expression: "30 2 * * *", timezone: "Europe/Berlin" }) {
        ... on Container { id }
      }
    }`,
  );
  const { id } = made.data.createContainer;
  await server.graphql(
    `mutation ($input: SaveContainerInput!) { saveContainer(input: $input) { __typename } }`,
    { input: { container: { id }, tasks, relations } },
  );
  const started = await server.graphql(
    `mutation ($id: ID!) { triggerRun(containerId: $id) { ... on Run { id } } }`,
    { id },
  );
  return started.data.triggerRun.id;
}

/** A command that reports part after part, in colour. */
function parts(name: string, count: number): string {
  return `for part in $(seq 1 ${count}); do
  printf '\\033[36m%s\\033[0m ${name} part %d of ${count} \\033[2m(%d rows)\\033[0m\\n' "$(date +%T)" $part $((RANDOM * 7))
  sleep 0.1
done`;
}
