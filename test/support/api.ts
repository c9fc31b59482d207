/** The schema executed in process, over the real domain on a test's database; what the domain does not hold is faked. */
import { type ExecutionResult, graphql, type GraphQLSchema, parse, subscribe } from "graphql";
import type { Context } from "../../schema/graphql/context.ts";
import type { Database } from "../../server/db/database.ts";
import type { Accounts, Viewer } from "../../server/domain/accounts/interface.ts";
import { sightOf } from "../../server/domain/accounts/visible_database.ts";
import type { App } from "../../server/domain/interface.ts";
import type { LogRow } from "../../server/domain/logs/interface.ts";
import { createLineBudget } from "../../schema/graphql/line_budget.ts";
import { buildSchema } from "../../schema/graphql/mod.ts";
import { createFigures } from "../../server/domain/statistics/figures.ts";
import { createDomain } from "../../server/domain/mod.ts";
import { createSchedules } from "../../server/domain/schedules/schedules.ts";
import { openDomain, type TestDomain } from "./domain.ts";

/** 2026-01-01T00:00:00Z: what the domain's clock shows. */
export const NOW = 1_767_225_600_000;
export const SESSION_TOKEN = "a.session.token";

export interface TestApi {
  readonly domain: TestDomain;
  readonly app: App;
  /** What was set as the session cookie, and "" for each time that it was cleared. */
  readonly cookies: readonly string[];
  ask(source: string, variables?: Readonly<Record<string, unknown>>, viewer?: Viewer | null): Promise<Answer>;
  watch(
    source: string,
    variables?: Readonly<Record<string, unknown>>,
    viewer?: Viewer | null,
  ): Promise<AsyncIterable<Answer> | Answer>;
}

/** An answer, loosely typed: a test knows what it asked for. */
export interface Answer {
  // deno-lint-ignore no-explicit-any -- the shape follows from the document that the test wrote
  readonly data?: any;
  readonly errors?: ExecutionResult["errors"] | undefined;
}

export interface Replaced {
  readonly accounts?: Partial<Accounts>;
  readonly logs?: Partial<App["logs"]>;
  readonly watch?: Partial<App["watch"]>;
  readonly runs?: Partial<App["runs"]>;
}

const schema: GraphQLSchema = buildSchema();

export async function openApi(
  db: Database,
  replaced: Replaced = {},
  opened: TestDomain | null = null,
): Promise<TestApi> {
  const domain = opened ?? await openDomain(db);
  const app = createApp(domain, replaced);
  const cookies: string[] = [];
  const contextFor = (viewer: Viewer | null): Context => ({
    app,
    ...sightOf(db, viewer),
    sightOf: (now) => sightOf(db, now),
    address: "192.0.2.1",
    signal: new AbortController().signal,
    readLines: createLineBudget(),
    sessionCookie: { set: (token) => void cookies.push(token), clear: () => void cookies.push("") },
  });
  return {
    domain,
    app,
    cookies,
    async ask(source, variableValues = {}, viewer = domain.viewer): Promise<Answer> {
      const { data, errors } = await graphql({
        schema,
        source,
        variableValues,
        contextValue: contextFor(viewer),
      });
      // As it would come over the wire.
      return { data: JSON.parse(JSON.stringify(data ?? null)), errors };
    },
    async watch(
      source,
      variableValues = {},
      viewer = domain.viewer,
    ): Promise<AsyncIterable<Answer> | Answer> {
      const document = parse(source);
      return await subscribe({ schema, document, variableValues, contextValue: contextFor(viewer) });
    },
  };
}

/** The codes of an answer's errors, with the argument that each is about. */
export function codes(answer: Answer): string[] {
  return (answer.errors ?? []).map(({ extensions }) =>
    [extensions?.code ?? "(none)", ...argumentOf(extensions?.argument)].join(" ")
  );
}

/** A line for the fakes of logs. */
export function logRow(taskRunId: number, seq: number): LogRow {
  return {
    cursor: `line-${seq}`,
    attemptId: 1,
    attempt: 1,
    seq,
    at: new Date(NOW),
    stream: "STDOUT",
    text: `line ${seq}`,
    taskRunId,
  };
}

/** What a test does not replace of these three ports it does not call: that would be a TypeError. */
function createApp(domain: TestDomain, replaced: Replaced): App {
  const { db, bus, definitions, vault, random, limits } = domain.ports;
  const clock = { now: () => NOW };
  const { app } = createDomain({
    db,
    engineDb: db,
    bus,
    hears: () => true,
    definitions,
    vault,
    random,
    retention: { logDays: 30, runDays: 180, messageHours: 24, auditDays: 400 },
    accounts: { signInMethods: [], ...replaced.accounts } as Accounts,
    logs: { ...replaced.logs } as App["logs"],
    watch: { ...replaced.watch } as App["watch"],
    appendOutput: () => Promise.reject(new Error("The test has no output")),
    schedules: createSchedules({ db, clock, limits }),
    limits,
    figures: createFigures({
      db,
      clock,
      running: () => 7,
      spool: () => ({ usedBytes: 8, limitBytes: 9 }),
      agentId: () => domain.agentId,
    }),
  });
  return { ...app, runs: { ...app.runs, ...replaced.runs } };
}

function argumentOf(argument: unknown): string[] {
  return Array.isArray(argument) ? [argument.join(".")] : [];
}
