/** What the console's lists ask, over a history that `fillHistory` made. */
import { print } from "graphql";
import { ContainersDocument } from "../../client/containers/containers_documents.ts";
import { OverviewDocument, WeekDocument } from "../../client/overview/overview_documents.ts";
import { RunsDocument } from "../../client/runs/runs_documents.ts";
import { BUSY_CONTAINER, RUN_EVERY_SECONDS } from "./history.ts";

export interface Question {
  readonly page: "containers" | "runs" | "overview";
  readonly name: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}
/** Answers the data of a document. */
type Ask = (
  document: string,
  variables?: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>>>;

/** Filters as the pages have them: those that many rows match, those that few do, and places deep in a list. */
export async function listQuestions(
  ask: Ask,
  { runs, end }: { readonly runs: number; readonly end: Date },
): Promise<readonly Question[]> {
  const old = new Date(end.getTime() - (runs * RUN_EVERY_SECONDS * 1000) / 2).toISOString();
  const busy = await idOf(ask, BUSY_CONTAINER);
  const quiet = await idOf(ask, "container 20");
  const deepRun = await cursorOf(ask, `runs(first: 1, filter: { to: "${old}" })`);
  const deepContainer = await cursorOf(ask, `containers(first: 1, filter: { nameContains: "container 25" })`);
  const runsPages: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    first: {},
    deep: { after: deepRun },
    failed: { filter: { states: ["FAILED"] } },
    "running or queued": { filter: { states: ["RUNNING", "QUEUED"] } },
    "failed or cancelled": { filter: { states: ["FAILED", "CANCELLED"] } },
    "of a container": { filter: { containerId: quiet } },
    "failed of a busy container": { filter: { containerId: busy, states: ["FAILED"] } },
    "running of a busy container": { filter: { containerId: busy, states: ["RUNNING"] } },
    "by a rare cause": { filter: { causes: ["RETRY"] } },
    "by an absent cause": { filter: { causes: ["CATCH_UP"] } },
    "failed by a rare cause": { filter: { causes: ["RETRY"], states: ["FAILED"] } },
    "of a container by a rare cause": { filter: { containerId: busy, causes: ["RETRY"] } },
    "of an hour": { filter: { from: new Date(end.getTime() - 3_600_000).toISOString() } },
    "of a month": { filter: { from: new Date(end.getTime() - 30 * 86_400_000).toISOString() } },
  };
  const containerPages: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    first: {},
    deep: { after: deepContainer },
    "by next fire": { orderBy: "NEXT_FIRE" },
    "by last run": { orderBy: "LAST_RUN" },
    "whose last run failed": { filter: { states: ["FAILED"] } },
    "found by name": { filter: { nameContains: "99" } },
  };
  return [
    ...Object.entries(containerPages).map(([name, variables]): Question => ({
      page: "containers",
      name,
      document: print(ContainersDocument),
      variables: { first: 50, language: "en", ...variables },
    })),
    ...Object.entries(runsPages).map(([name, variables]): Question => ({
      page: "runs",
      name,
      document: print(RunsDocument),
      variables: { first: 50, ...variables },
    })),
    {
      page: "overview",
      name: "now",
      document: print(OverviewDocument),
      variables: { waitingBefore: end.toISOString(), timezone: "UTC" },
    },
    {
      page: "overview",
      name: "week",
      document: print(WeekDocument),
      variables: { timezone: "Europe/Berlin" },
    },
  ];
}

async function idOf(ask: Ask, name: string): Promise<string> {
  const answer = await ask(`query ($name: String) { container(name: $name) { id } }`, {
    name,
  }) as unknown as { readonly container: { readonly id: string } };
  return answer.container.id;
}

async function cursorOf(ask: Ask, list: string): Promise<string> {
  const answer = await ask(`{ list: ${list} { pageInfo { endCursor } } }`) as unknown as {
    readonly list: { readonly pageInfo: { readonly endCursor: string } };
  };
  return answer.list.pageInfo.endCursor;
}
