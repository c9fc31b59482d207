/** Strikes at a busy server at random moments, lets it come to rest, and looks whether anything is lost or doubled. */
import { createRandom, type Random } from "../support/random.ts";
import type { TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { createCalls } from "./calls.ts";
import { createContainers, disableContainers } from "./containers.ts";
import { findFaults } from "./verdict.ts";
import { type ClockName, type DatabaseName, openWorld } from "./world.ts";

export interface ChaosOptions {
  readonly database: DatabaseName;
  readonly strikes: number;
  readonly seed: number;
  readonly containers: number;
  readonly clock: ClockName;
  /** Told what was struck. */
  readonly say: (text: string) => void;
}

export interface ChaosReport {
  readonly runs: number;
  readonly acknowledged: number;
  readonly faults: readonly string[];
}

/** Between the calls and the strike, in milliseconds. */
const MAX_PEACE_MS = 1_500;
/** Retries and queues have come to their end after this. */
const REST_MS = 180_000;

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const random = createRandom(options.seed);
  await using world = await openWorld(options.database, options.clock);
  const containerIds = await createContainers(world.server(), world.marksPath, options.containers, random);
  const calls = createCalls(containerIds);
  for (let strike = 1; strike <= options.strikes; strike++) {
    const striking = new AbortController();
    const made = calls.makeUntil(striking.signal, world.server(), random);
    await peace(random);
    striking.abort();
    const struck = await world.strike(random);
    await made;
    await calls.repeatUnanswered(world.server());
    options.say(`${strike} of ${options.strikes}: ${struck}; ${calls.acknowledged.size} runs acknowledged`);
  }
  await until("the server answers after the last strike", async () => {
    await calls.repeatUnanswered(world.server());
    return await countActive(world.server()) !== null;
  });
  await disableContainers(world.server(), containerIds);
  await until("every run is final", async () => await countActive(world.server()) === 0, REST_MS);
  const opened = await world.close();
  try {
    const [row] = await opened.sql<{ runs: number }[]>`select count(*)::integer as runs from runs`;
    const evidence = { ...world, clock: options.clock, acknowledged: calls.acknowledged };
    const faults = await findFaults(opened, evidence);
    return { runs: row?.runs ?? 0, acknowledged: calls.acknowledged.size, faults };
  } finally {
    await opened.close();
  }
}

/** A moment that nobody can foresee: the point of it all. */
function peace(random: Random): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, random.below(MAX_PEACE_MS)));
}

/** Null when the database does not answer just now. */
async function countActive(server: TestServer): Promise<number | null> {
  const { data } = await server.graphql(
    "{ runs(first: 1, filter: { states: [QUEUED, RUNNING] }) { totalCount } }",
  );
  return data?.runs?.totalCount ?? null;
}
