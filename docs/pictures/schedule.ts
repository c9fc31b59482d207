/** The schedule of a container with a past of its own: slots that fired, failed, met an active run. */
import type { Visit } from "../../test/e2e/browser.ts";
import { until } from "../../test/support/until.ts";
import type { TestServer } from "../../test/support/server.ts";

/** So many slots are waited for, a second each. */
const PAST_SLOTS = 50;
const PAST_MS = 120_000;

/** Fails now and then, and now and then takes so long that the next slot finds it active. */
const command = `case $(( $(date +%s) % 11 )) in 3) exit 1;; 7) sleep 2.5;; esac`;

export async function showSchedule(server: TestServer, { page }: Visit): Promise<void> {
  const id = await makePast(server);
  await page.goto(`/containers/${encodeURIComponent(id)}?tab=schedule`);
  await page.locator(".slot").first().waitFor();
  await page.locator(".fires li").first().waitFor();
}

export async function showSimulation(server: TestServer, visitor: Visit): Promise<void> {
  await showSchedule(server, visitor);
  const { page } = visitor;
  await page.getByRole("button", { name: "Weekdays", exact: true }).click();
  await page.getByLabel("Time of day").fill("03:15");
  await page.locator(".simulation-line").waitFor();
  await page.locator(".simulation").scrollIntoViewIfNeeded();
}

export async function showFault(server: TestServer, visitor: Visit): Promise<void> {
  await showSchedule(server, visitor);
  await visitor.page.getByLabel("Cron expression").fill("30 25 * * MON-FRI");
  await visitor.page.locator(".cron-fault").waitFor();
}

/** The same container for all pictures: its past takes a while. */
async function makePast(server: TestServer): Promise<string> {
  const found = await server.graphql(`{ container(name: "Nightly export") { id } }`);
  if (found.data.container !== null) return found.data.container.id;
  const made = await server.graphql(
    `mutation { createContainer(input: { name: "Nightly export", expression: "@every 1s" }) { ... on Container { id } } }`,
  );
  const { id } = made.data.createContainer;
  await server.graphql(
    `mutation ($id: ID!, $command: String!) {
      createTask(input: { containerId: $id, name: "export", command: $command }) { __typename }
    }`,
    { id, command },
  );
  await until("the container has a past", async () => {
    const { data } = await server.graphql(
      `query ($id: ID!) { container(id: $id) { slots(first: 100) { at } } }`,
      {
        id,
      },
    );
    return data.container.slots.length >= PAST_SLOTS;
  }, PAST_MS);
  await server.graphql(
    `mutation ($id: ID!) {
      updateContainer(input: { id: $id, expression: "30 2 * * *", timezone: "Europe/Berlin" }) { __typename }
    }`,
    { id },
  );
  return id;
}
