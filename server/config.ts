/**
 * Settings: a TOML file, each overridden by its environment variable. The only reader of either; what comes out is whole
 * and frozen. A fault is one sentence that says which setting, where it was read, and what would be right.
 */
import { isIP } from "node:net";
import { resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { isOwnLabel, MAX_AGENT_LABELS, sortLabels } from "../schema/definition/label.ts";
import { StartError } from "./start_error.ts";
import { type LogLevel, logLevels } from "./log.ts";

/** Tasks inherit these from the server and nothing else. */
const BASE_VARIABLES = ["HOME", "LANG", "TZ", "USER"] as const;
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const SECRET_CHARACTERS = 16;
const TASKS_A_CORE = 4;
/** No user, query or fragment. */
const PUBLIC_URL = /^https?:\/\/[^?#@\\]+$/;
/** It is written into pages and cookies. Two slashes at its beginning would name another host. */
const PATH_PREFIX = /^(?:\/[\w~-][\w.~-]*)*\/?$/;

export interface Config {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** The address that people use, without a slash at its end; null: where it listens. */
  readonly publicUrl: string | null;
  /** Addresses and CIDR ranges whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Null: the bundled database, in the data directory. */
  readonly databaseUrl: string | null;
  /** Absolute. */
  readonly dataDir: string;
  /** Null: made at random and kept in the data directory. */
  readonly secret: string | null;
  /** What it was before: for `vault rotate` only. */
  readonly previousSecret: string | null;
  /** Null: made at random at the very first start. */
  readonly adminPassword: string | null;
  readonly tokenHours: number;
  /** Off: only accounts for emergencies sign in with one. */
  readonly passwords: "on" | "off";
  /** Null: nobody signs in through a provider. */
  readonly oidcIssuer: string | null;
  readonly oidcClientId: string;
  readonly oidcClientSecret: string | null;
  readonly oidcName: string;
  readonly oidcScopes: string;
  readonly oidcUsernameClaim: string;
  readonly oidcGroupsClaim: string;
  /** Whoever is in one of them is an administrator. */
  readonly oidcAdminGroups: readonly string[];
  /** By group: "project:ROLE". */
  readonly oidcRoles: Readonly<Record<string, string>>;
  /** Processes at once on the server's own agent; 0 = none. */
  readonly capacity: number;
  /** Labels of the server's own agent; null: those that it has. */
  readonly agentLabels: readonly string[] | null;
  /** Room that output may take on the disk of the server's own agent, in GiB. */
  /** Users that tasks may run as, beside the server's own. */
  readonly runAs: readonly string[];
  readonly spoolGigabytes: number;
  /** A slot found later than this was missed, since no server was up. */
  readonly misfireGraceSeconds: number;
  /** Expressions that fire closer together are refused. */
  readonly minimumGapSeconds: number;
  readonly logLevel: LogLevel;
  /** Null: the server's own log goes to standard error only. */
  readonly logFile: string | null;
  readonly logFileMegabytes: number;
  readonly logFileHours: number;
  readonly logFileCount: number;
  readonly logRetentionDays: number;
  readonly runRetentionDays: number;
  readonly messageRetentionHours: number;
  readonly auditRetentionDays: number;
  /** What tasks inherit. */
  readonly baseEnvironment: Readonly<Record<string, string>>;
}

export interface ConfigSources {
  /** From `--config`; otherwise ORRERY_CONFIG is asked. */
  readonly configPath: string | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly readFile: (path: string) => Promise<string>;
  readonly cores: number;
  readonly workDir: string;
}

interface Setting {
  readonly key: keyof Omit<Config, "baseEnvironment">;
  /** Where it stands in the file: [section] name. Null: it is set by the environment only. */
  readonly place: readonly [string, string] | null;
  readonly variable: string;
  readonly schema: z.ZodType;
  readonly right: string;
}

const port = whole(0, 65_535);
const positive = (most: number): z.ZodType => whole(1, most);
const text = z.string().min(1);
const commaSeparated = z.union([z.array(z.string()), z.string().transform((list) => list.split(","))])
  .transform((list) => list.map((entry) => entry.trim()).filter((entry) => entry !== ""));

const GROUP_ROLE = /^[a-z0-9][a-z0-9-]{0,62}:(?:VIEWER|OPERATOR|EDITOR|ADMIN)$/;
const OIDC_KEYS = {
  client_id: "oidcClientId",
  client_secret: "oidcClientSecret",
  name: "oidcName",
  scopes: "oidcScopes",
  username_claim: "oidcUsernameClaim",
  groups_claim: "oidcGroupsClaim",
} as const;
const USER_NAME = /^[A-Za-z_][A-Za-z0-9_.$-]*$/;

const SETTINGS: readonly Setting[] = [
  {
    key: "host",
    place: ["server", "host"],
    variable: "ORRERY_HOST",
    schema: text,
    right: "a host name or address",
  },
  {
    key: "port",
    place: ["server", "port"],
    variable: "ORRERY_PORT",
    schema: port,
    right: "a port from 0 to 65535",
  },
  {
    key: "publicUrl",
    place: ["server", "url"],
    variable: "ORRERY_PUBLIC_URL",
    schema: z.string().refine((url) =>
      URL.canParse(url) && PUBLIC_URL.test(url) && readPathPrefix(new URL(url).pathname) !== null
    )
      .transform((url) => new URL(url).href.replace(/\/$/, "")),
    right:
      "an address of the form https://name or https://name:port/path, with a path of letters, digits, ., _, ~ and -",
  },
  {
    key: "trustedProxies",
    place: ["server", "trusted_proxies"],
    variable: "ORRERY_TRUSTED_PROXIES",
    schema: commaSeparated.refine((list) => list.every(isAddressRange)),
    right:
      "addresses or CIDR ranges, such as 10.0.0.1 or 10.0.0.0/8, separated by commas (a list in the file)",
  },
  {
    key: "databaseUrl",
    place: ["storage", "url"],
    variable: "ORRERY_DATABASE_URL",
    schema: z.string().refine((url) => URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol)),
    right: "an address of the form postgres://user:password@host:port/name",
  },
  {
    key: "dataDir",
    place: ["storage", "data_dir"],
    variable: "ORRERY_DATA_DIR",
    schema: text,
    right: "the path of a directory",
  },
  {
    key: "secret",
    place: ["auth", "secret"],
    variable: "ORRERY_SECRET",
    schema: z.string().min(SECRET_CHARACTERS),
    right: `a text of at least ${SECRET_CHARACTERS} characters`,
  },
  {
    key: "previousSecret",
    place: null,
    variable: "ORRERY_PREVIOUS_SECRET",
    schema: z.string().min(1),
    right: "a text",
  },
  {
    key: "adminPassword",
    place: null,
    variable: "ORRERY_ADMIN_PASSWORD",
    schema: z.string().min(1).max(1_000),
    right: "a password of 1 to 1,000 characters",
  },
  {
    key: "tokenHours",
    place: ["auth", "token_hours"],
    variable: "ORRERY_TOKEN_HOURS",
    schema: positive(87_600),
    right: "hours, from 1 to 87600",
  },
  {
    key: "passwords",
    place: ["auth", "passwords"],
    variable: "ORRERY_PASSWORDS",
    schema: z.enum(["on", "off"]),
    right: "on or off",
  },
  {
    key: "oidcIssuer",
    place: ["oidc", "issuer"],
    variable: "ORRERY_OIDC_ISSUER",
    schema: z.string().refine((url) => URL.canParse(url) && isSafeIssuer(new URL(url))),
    right: "the address of the provider, https:// (http:// on this machine alone)",
  },
  ...(["client_id", "client_secret", "name", "scopes", "username_claim", "groups_claim"] as const).map(
    (name): Setting => ({
      key: OIDC_KEYS[name],
      place: ["oidc", name],
      variable: `ORRERY_OIDC_${name.toUpperCase()}`,
      schema: text,
      right: "a text",
    }),
  ),
  {
    key: "oidcAdminGroups",
    place: ["oidc", "admin_groups"],
    variable: "ORRERY_OIDC_ADMIN_GROUPS",
    schema: z.union([
      z.array(text),
      z.string().transform((list) => list.split(",").map((one) => one.trim())),
    ]),
    right: "names of groups, separated by commas (a list in the file)",
  },
  {
    key: "oidcRoles",
    place: ["oidc", "roles"],
    variable: "ORRERY_OIDC_ROLES",
    schema: z.union([
      z.record(z.string(), z.string()),
      z.string().transform((list): Record<string, string> =>
        Object.fromEntries(list.split(",").map((pair) => pair.split("=").map((part) => part.trim())))
      ),
    ]).refine((roles: Readonly<Record<string, string>>) =>
      Object.values(roles).every((role) => GROUP_ROLE.test(role))
    ),
    right:
      "group=project:ROLE, separated by commas (a table in the file), with the roles VIEWER, OPERATOR, EDITOR and ADMIN",
  },
  {
    key: "capacity",
    place: ["agent", "capacity"],
    variable: "ORRERY_CAPACITY",
    schema: whole(0, 10_000),
    right: "a number from 0 to 10000",
  },
  {
    key: "agentLabels",
    place: ["agent", "labels"],
    variable: "ORRERY_AGENT_LABELS",
    schema: commaSeparated.transform(sortLabels)
      .refine((list) => list.length <= MAX_AGENT_LABELS && list.every(isOwnLabel)),
    right:
      `at most ${MAX_AGENT_LABELS} labels, separated by commas, of letters, digits and . : _ - /, not beginning with agent:, os: or arch:`,
  },
  {
    key: "runAs",
    place: ["agent", "run_as"],
    variable: "ORRERY_RUN_AS",
    schema: commaSeparated.refine((names) => names.every((name) => USER_NAME.test(name))),
    right: "names of users, separated by commas (a list in the file)",
  },
  {
    key: "spoolGigabytes",
    place: ["agent", "spool_gigabytes"],
    variable: "ORRERY_SPOOL_GIGABYTES",
    schema: positive(1_000_000),
    right: "gigabytes, from 1 to 1000000",
  },
  {
    key: "misfireGraceSeconds",
    place: ["schedule", "misfire_grace_seconds"],
    variable: "ORRERY_MISFIRE_GRACE_SECONDS",
    schema: positive(86_400),
    right: "seconds, from 1 to 86400",
  },
  {
    key: "minimumGapSeconds",
    place: ["schedule", "minimum_gap_seconds"],
    variable: "ORRERY_MINIMUM_GAP_SECONDS",
    schema: positive(86_400),
    right: "seconds, from 1 to 86400",
  },
  {
    key: "logLevel",
    place: ["log", "level"],
    variable: "ORRERY_LOG_LEVEL",
    schema: z.enum(logLevels),
    right: `one of ${logLevels.join(", ")}`,
  },
  {
    key: "logFile",
    place: ["log", "file"],
    variable: "ORRERY_LOG_FILE",
    schema: text,
    right: "the path of a file",
  },
  {
    key: "logFileMegabytes",
    place: ["log", "file_megabytes"],
    variable: "ORRERY_LOG_FILE_MEGABYTES",
    schema: positive(10_000),
    right: "megabytes, from 1 to 10000",
  },
  {
    key: "logFileHours",
    place: ["log", "file_hours"],
    variable: "ORRERY_LOG_FILE_HOURS",
    schema: positive(8_784),
    right: "hours, from 1 to 8784",
  },
  {
    key: "logFileCount",
    place: ["log", "file_count"],
    variable: "ORRERY_LOG_FILE_COUNT",
    schema: whole(2, 1_000),
    right: "a number of files from 2 to 1000",
  },
  {
    key: "logRetentionDays",
    place: ["log", "retention_days"],
    variable: "ORRERY_LOG_RETENTION_DAYS",
    schema: positive(36_500),
    right: "days, from 1 to 36500",
  },
  {
    key: "runRetentionDays",
    place: ["run", "retention_days"],
    variable: "ORRERY_RUN_RETENTION_DAYS",
    schema: positive(36_500),
    right: "days, from 1 to 36500",
  },
  {
    key: "messageRetentionHours",
    place: ["message", "retention_hours"],
    variable: "ORRERY_MESSAGE_RETENTION_HOURS",
    schema: positive(876_000),
    right: "hours, from 1 to 876000",
  },
  {
    key: "auditRetentionDays",
    place: ["audit", "retention_days"],
    variable: "ORRERY_AUDIT_RETENTION_DAYS",
    schema: positive(36_500),
    right: "days, from 1 to 36500",
  },
];

type Tables = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export async function loadConfig(sources: ConfigSources): Promise<Config> {
  const path = sources.configPath ?? nonEmpty(sources.environment.ORRERY_CONFIG);
  const file = path === null ? {} : await readConfigFile(path, sources.readFile);
  if (path !== null) refuseUnknown(file, path);
  const given = Object.fromEntries(SETTINGS.flatMap((setting) => {
    const value = readSetting(setting, sources.environment, file, path);
    return value === undefined ? [] : [[setting.key, value]];
  }));
  // Each value was read by the schema of its own key.
  const config: Config = { ...defaults(sources), ...given as Partial<Config> };
  if (config.passwords === "off" && config.oidcIssuer === null) {
    throw new StartError("Cannot switch passwords off: nobody could sign in; set ORRERY_OIDC_ISSUER as well");
  }
  return Object.freeze({ ...config, dataDir: resolve(sources.workDir, config.dataDir) });
}

function defaults({ cores, environment }: ConfigSources): Config {
  return {
    host: "127.0.0.1",
    port: 9528,
    publicUrl: null,
    trustedProxies: [],
    databaseUrl: null,
    dataDir: "data",
    secret: null,
    previousSecret: null,
    adminPassword: null,
    tokenHours: 24,
    passwords: "on",
    oidcIssuer: null,
    oidcClientId: "orrery",
    oidcClientSecret: null,
    oidcName: "Single sign-on",
    oidcScopes: "openid profile",
    oidcUsernameClaim: "preferred_username",
    oidcGroupsClaim: "groups",
    oidcAdminGroups: [],
    oidcRoles: {},
    capacity: TASKS_A_CORE * cores,
    agentLabels: null,
    runAs: [],
    spoolGigabytes: 16,
    misfireGraceSeconds: 5,
    minimumGapSeconds: 1,
    logLevel: "info",
    logFile: null,
    logFileMegabytes: 10,
    logFileHours: 24,
    logFileCount: 5,
    logRetentionDays: 30,
    runRetentionDays: 180,
    messageRetentionHours: 24,
    auditRetentionDays: 400,
    baseEnvironment: Object.freeze({
      // Not the one of our own start, which may begin with the folders of its runtime.
      PATH: DEFAULT_PATH,
      ...Object.fromEntries(BASE_VARIABLES.flatMap((name) => {
        const value = environment[name];
        return value === undefined ? [] : [[name, value]];
      })),
    }),
  };
}

async function readConfigFile(path: string, readFile: ConfigSources["readFile"]): Promise<Tables> {
  let content: string;
  try {
    content = await readFile(path);
  } catch (error) {
    throw new StartError(`Cannot read the settings in "${path}": ${reasonOf(error)}`, error);
  }
  try {
    // Shapes below the top are checked setting by setting.
    return parse(content) as Tables;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The parser's own text quotes the line, which may hold a secret.
    throw new StartError(
      `Cannot read the settings in "${path}": line ${error.line}, column ${error.column} is not TOML`,
    );
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) {
    return "there is no such file; correct --config or ORRERY_CONFIG, or leave it out";
  }
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return error instanceof Error ? error.message : String(error);
}

function refuseUnknown(file: Tables, path: string): void {
  for (const [section, table] of Object.entries(file)) {
    const known = SETTINGS.flatMap(({ place }) => place !== null && place[0] === section ? [place[1]] : []);
    if (known.length === 0 || typeof table !== "object" || table === null) {
      const sections = [...new Set(SETTINGS.flatMap(({ place }) => place === null ? [] : [`[${place[0]}]`]))];
      throw new StartError(
        `Unknown setting "${section}" in "${path}": a settings file has ${sections.join(", ")}`,
      );
    }
    const unknown = Object.keys(table).find((key) => !known.includes(key));
    if (unknown !== undefined) {
      throw new StartError(
        `Unknown setting "${section}.${unknown}" in "${path}": [${section}] has ${known.join(", ")}`,
      );
    }
  }
}

function readSetting(
  { place, variable, schema, right }: Setting,
  environment: Readonly<Record<string, string>>,
  file: Tables,
  path: string | null,
): unknown {
  const fromEnvironment = nonEmpty(environment[variable]);
  const fromFile = place === null ? undefined : file[place[0]]?.[place[1]];
  const value = fromEnvironment ?? fromFile;
  if (value === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const name = fromEnvironment === null && place !== null
    ? `${place[0]}.${place[1]} in "${path}"`
    : `environment variable ${variable}`;
  // The value itself may be a secret.
  throw new StartError(`Cannot use the setting ${name}: it has to be ${right}`);
}

/** From a file it is a number, from the environment the text of one. */
function whole(least: number, most: number): z.ZodType {
  const number = z.number().int().min(least).max(most);
  return z.union([number, z.string().regex(/^\d{1,9}$/).transform(Number).pipe(number)]);
}

/** A path below which a server may be reached, without a slash at its end; "" is the root, null is no such path. */
export function readPathPrefix(path: string): string | null {
  return PATH_PREFIX.test(path) ? path.replace(/\/$/, "") : null;
}

/** A token that travels unencrypted is anybody's. */
function isSafeIssuer({ protocol, hostname }: URL): boolean {
  return protocol === "https:" ||
    (protocol === "http:" && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname));
}

function isAddressRange(entry: string): boolean {
  const [address = "", bits = "0", ...rest] = entry.split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

/** An empty variable is one that is not set. */
function nonEmpty(value: string | undefined): string | null {
  return value === undefined || value === "" ? null : value;
}
