/** Every page, in every theme and in both widths: reachable for everybody, quiet, and no wider than the screen. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { TestServer } from "../support/server.ts";
import { seriousFaults } from "./axe.ts";
import { inBrowser, sharedServer, sidewaysPx, signIn, visit } from "./browser.ts";
import { endOfRun, startRun } from "./made.ts";

interface Place {
  readonly name: string;
  readonly path: string;
  /** There once the page shows what it is for. */
  readonly shows: string;
}

let shared: Promise<{ readonly server: TestServer; readonly places: readonly Place[] }> | null = null;

for (const theme of ["light", "dark", "neon"] as const) {
  for (const width of [1280, 360]) {
    Deno.test(`every page is accessible, quiet and fits in ${theme} at ${width} px`, inBrowser, async () => {
      const { server, places } = await (shared ??= prepare());
      await using visitor = await visit({ address: server.address, theme, width });
      const { page } = visitor;
      await page.goto("/sign-in");
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      deepStrictEqual(await seriousFaults(page), [], "sign-in");
      await signIn(page);

      for (const { name, path, shows } of places) {
        await page.goto(path);
        await page.locator(shows).first().waitFor({ state: "visible" });

        deepStrictEqual(await seriousFaults(page), [], name);
        strictEqual(await sidewaysPx(page), 0, name);
      }
      deepStrictEqual(visitor.complaints, []);
    });
  }
}

async function prepare(): Promise<{ readonly server: TestServer; readonly places: readonly Place[] }> {
  const server = await sharedServer();
  const { data } = await server.graphql(`{ container(name: "Machine report") { id tasks { id name } } }`);
  const { id, tasks } = data.container;
  await server.graphql(
    `mutation ($id: ID!) { updateContainer(input: { id: $id, expression: "30 2 * * *" }) { __typename } }`,
    { id },
  );
  const runId = await startRun(server, id);
  await endOfRun(server, runId);
  const container = `/containers/${encodeURIComponent(id)}`;
  const run = `/runs/${encodeURIComponent(runId)}`;
  const places = [
    { name: "overview", path: "/", shows: ".overview .counter" },
    { name: "containers", path: "/containers", shows: "table.containers" },
    { name: "no container found", path: "/containers?q=nothing-like-this", shows: ".blank" },
    { name: "graph", path: container, shows: ".task-list" },
    { name: "a task", path: `${container}?task=${encodeURIComponent(tasks[4].id)}`, shows: ".task-form" },
    { name: "schedule", path: `${container}?tab=schedule`, shows: ".fires" },
    { name: "settings", path: `${container}?tab=settings`, shows: "input[type=number]" },
    { name: "runs of a container", path: `${container}?tab=runs`, shows: "table.runs" },
    { name: "versions", path: `${container}?tab=versions`, shows: ".version-line" },
    { name: "a version", path: `${container}?tab=versions&version=1`, shows: ".version-head" },
    { name: "runs", path: "/runs", shows: "table.runs" },
    { name: "runs by time", path: "/runs?view=grid", shows: "table.grid" },
    { name: "calendar", path: "/runs?view=calendar", shows: "table.calendar" },
    { name: "a run", path: run, shows: ".log-row" },
    { name: "a run along the time", path: `${run}?view=timeline`, shows: ".timeline-track" },
    { name: "a run compared", path: `${run}?view=compare`, shows: ".compare" },
    { name: "no such run", path: "/runs/bm9uZQ", shows: ".blank, .notice" },
    { name: "live", path: "/live", shows: ".blank" },
    { name: "logs", path: "/logs", shows: ".hit" },
    { name: "hosts", path: "/hosts", shows: "table.hosts" },
    { name: "messages", path: "/messages", shows: ".messages, .blank" },
    { name: "account", path: "/account", shows: ".account-part" },
    { name: "nothing", path: "/no/such/page", shows: ".blank" },
  ];
  return { server, places };
}
