/**
 * The composition root: opens everything in order, closes it in reverse. What it opens is handed on as arguments; nothing
 * below knows how it was made.
 */
import { hostname } from "node:os";
import { buildSchema } from "../schema/graphql/mod.ts";
import type { ProjectRole } from "../schema/states.ts";
import type { Config } from "./config.ts";
import { lockDataDirectory } from "./db/data_lock.ts";
import { migrateDatabase } from "./db/migrate.ts";
import { type OpenDatabase, openDatabase } from "./db/open.ts";
import { createAccounts } from "./domain/accounts/accounts.ts";
import { ensureAdmin } from "./domain/accounts/first_admin.ts";
import { createPasswords } from "./domain/accounts/passwords.ts";
import { shareSigningKey } from "./domain/accounts/signing_key.ts";
import { createDefinitions } from "./domain/containers/definitions.ts";
import { seedExample } from "./domain/containers/example.ts";
import { createFigures } from "./domain/statistics/figures.ts";
import { createLogAppend } from "./domain/logs/append.ts";
import { createLogs } from "./domain/logs/logs.ts";
import { ensurePartitions } from "./domain/logs/partitions.ts";
import { createDomain, type Operations } from "./domain/mod.ts";
import { createSchedules } from "./domain/schedules/schedules.ts";
import { listRecentChanges } from "./domain/watch/recent_changes.ts";
import { createWatch } from "./domain/watch/watch.ts";
import { type Engine, openEngine } from "./engine/mod.ts";
import { type Bus, createBus } from "./events/bus.ts";
import { openRelay, type Relay } from "./events/relay.ts";
import { readOrMakeSecret, writeSecret } from "./kept_secrets.ts";
import { createHealthChecks } from "./health_checks.ts";
import type { OidcSettings } from "./http/oidc.ts";
import { type HttpServer, openHttp } from "./http/server.ts";
import type { Log } from "./log.ts";
import { openServerVault } from "./server_vault.ts";
import type { Vault } from "./vault/vault.ts";
import { VERSION } from "./version.ts";
import type { App } from "./domain/interface.ts";

interface RunningApp {
  /** Where it answers, e.g. http://127.0.0.1:9528 */
  readonly address: string;
  close(): Promise<void>;
}

interface AppOptions {
  readonly config: Config;
  readonly log: Log;
  /** A person sees what is printed: a new password may be shown there. */
  readonly terminal: boolean;
  /** For what a person has to be told at the first start. */
  readonly print: (text: string) => void;
}

const GIBIBYTE = 1024 ** 3;
const clock = { now: () => Date.now() };

/** Resolves when it answers; closes what it has opened when something later cannot be opened. */
export async function openApp(options: AppOptions): Promise<RunningApp> {
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    const address = await openParts(options, (closer) => void closers.push(closer));
    return { address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openParts(
  options: AppOptions,
  onClose: (closer: () => Promise<void> | void) => void,
): Promise<string> {
  const { config, log } = options;
  // The port first: a second server is told so before it does anything, and /health answers while we start.
  const http = openHttp({ ...config, log });
  onClose(() => http.close());
  const lock = await lockDataDirectory(config.dataDir);
  onClose(() => lock.release());
  const opened = await openDatabase({ url: config.databaseUrl, dataDir: config.dataDir, log });
  onClose(() => opened.close());
  await migrateDatabase(opened);
  await ensureAdmin({
    db: opened.db,
    adminPassword: config.adminPassword,
    passwords: createPasswords(),
    dataDir: config.dataDir,
    terminal: options.terminal,
    print: options.print,
    writeSecret,
  });
  const vault = await openServerVault(config, opened.db);
  await seedExample(opened.db);
  // Before the first line of output is stored: a day begins in a partition of its own.
  await ensurePartitions(opened.db, new Date(clock.now()));
  const bus = createBus();
  const relay = relayEvents(opened, bus, log);
  if (relay !== null) onClose(() => relay.stop());
  const own: { engine: Engine | null } = { engine: null };
  const hears = (): boolean => relay === null || relay.hears();
  const secret = options.config.secret ??
    await shareSigningKey(opened.db, await readOrMakeSecret(options.config.dataDir, "secret"));
  const { app, operations } = composeDomain(options, opened, bus, own, { secret, vault, hears });
  const engine = await openOwnEngine(options, bus, operations);
  own.engine = engine;
  onClose(() => engine.stop());
  await serve(http, options, opened, { bus, app, engine, secret });
  // Streams and requests end before what they read from.
  onClose(() => http.drain());
  return http.address;
}

/** Null where this server is the only one on its database. */
function relayEvents({ channel, db }: OpenDatabase, bus: Bus, log: Log): Relay | null {
  if (channel === null) return null;
  return openRelay({ channel, bus, log, changedWithin: (seconds) => listRecentChanges(db, seconds) });
}

function composeDomain(
  { config }: AppOptions,
  { db, engineDb, ordered }: OpenDatabase,
  bus: Bus,
  own: { readonly engine: Engine | null },
  { secret, vault, hears }: {
    readonly secret: string;
    readonly vault: Vault;
    readonly hears: () => boolean;
  },
): { readonly app: App; readonly operations: Operations } {
  const definitions = createDefinitions(db);
  const figures = createFigures({
    db,
    clock,
    running: () => own.engine?.running() ?? 0,
    spool: () => own.engine?.spool() ?? { usedBytes: 0, limitBytes: config.spoolGigabytes * GIBIBYTE },
    agentId: () => own.engine?.agentId ?? null,
  });
  const limits = {
    shortestGapSeconds: config.minimumGapSeconds,
    missedAfterSeconds: config.misfireGraceSeconds,
  };
  return createDomain({
    db,
    engineDb,
    bus,
    hears,
    definitions,
    vault,
    random: Math.random,
    retention: {
      logDays: config.logRetentionDays,
      runDays: config.runRetentionDays,
      messageHours: config.messageRetentionHours,
      auditDays: config.auditRetentionDays,
    },
    accounts: createAccounts({
      db,
      bus,
      clock,
      secret,
      tokenHours: config.tokenHours,
      passwords: createPasswords(),
      passwordsAllowed: config.passwords === "on",
      provider: config.oidcIssuer === null ? null : config.oidcName,
    }),
    logs: createLogs({ db }),
    appendOutput: createLogAppend({ db, ordered, bus, definitions }),
    schedules: createSchedules({ db, clock, limits }),
    limits,
    watch: createWatch({ db, bus, definitions, figures, clock }),
    figures,
  });
}

async function openOwnEngine(
  { config, log }: AppOptions,
  bus: Bus,
  operations: Operations,
): Promise<Engine> {
  return await openEngine({
    operations,
    bus,
    log,
    clock,
    dataDir: config.dataDir,
    capacity: config.capacity,
    labels: config.agentLabels,
    spoolLimitBytes: config.spoolGigabytes * GIBIBYTE,
    baseEnvironment: config.baseEnvironment,
    runAs: config.runAs,
    key: await readOrMakeSecret(config.dataDir, "agent-key"),
    name: hostname(),
    url: config.publicUrl,
    version: VERSION,
  });
}

async function serve(
  http: HttpServer,
  { config, log }: AppOptions,
  { db, sql }: OpenDatabase,
  { bus, app, engine, secret }: {
    readonly bus: Bus;
    readonly app: App;
    readonly engine: Engine;
    readonly secret: string;
  },
): Promise<void> {
  await http.serve({
    schema: buildSchema(),
    app,
    db,
    bus,
    clock,
    log,
    publicUrl: config.publicUrl,
    host: config.host,
    oidc: oidcSettings(config),
    secret,
    healthChecks: createHealthChecks({
      askDatabase: async () => void await sql`select 1`,
      dataDir: config.dataDir,
      services: engine.vital,
    }),
  });
}

function oidcSettings(config: Config): OidcSettings | null {
  if (config.oidcIssuer === null) return null;
  return {
    issuer: config.oidcIssuer,
    clientId: config.oidcClientId,
    clientSecret: config.oidcClientSecret,
    name: config.oidcName,
    scopes: config.oidcScopes,
    usernameClaim: config.oidcUsernameClaim,
    groupsClaim: config.oidcGroupsClaim,
    adminGroups: config.oidcAdminGroups,
    roles: Object.entries(config.oidcRoles).map(([group, granted]) => {
      const [project = "", role] = granted.split(":");
      // The settings were checked against the names of the roles.
      return { group, project, role: role as ProjectRole };
    }),
  };
}
