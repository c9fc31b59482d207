import assert from "node:assert/strict";
import { type Config, loadConfig } from "../server/config.ts";
import { StartError } from "../server/start_error.ts";

interface Given {
  readonly file?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const PATH = "/etc/orrery.toml";

function load({ file, environment = {} }: Given): Promise<Config> {
  return loadConfig({
    configPath: file === undefined ? null : PATH,
    environment,
    readFile: (path) => {
      assert.equal(path, PATH);
      return Promise.resolve(file ?? "");
    },
    cores: 3,
    workDir: "/srv/orrery",
  });
}

async function refusal(given: Given): Promise<string> {
  const error = await load(given).then(() => null, (reason) => reason);
  assert.ok(error instanceof StartError, `refused as ${error}`);
  return error.message;
}

Deno.test("loadConfig() answers the defaults when nothing is set", async () => {
  const config = await load({});

  assert.deepEqual(config, {
    host: "127.0.0.1",
    port: 9528,
    publicUrl: null,
    trustedProxies: [],
    databaseUrl: null,
    dataDir: "/srv/orrery/data",
    secret: null,
    adminPassword: null,
    tokenHours: 24,
    capacity: 12,
    agentLabels: null,
    spoolGigabytes: 16,
    misfireGraceSeconds: 5,
    minimumGapSeconds: 1,
    logLevel: "info",
    logFile: null,
    logFileMegabytes: 10,
    logFileCount: 5,
    logRetentionDays: 30,
    runRetentionDays: 180,
    messageRetentionHours: 24,
    baseEnvironment: { PATH: config.baseEnvironment.PATH },
  });
  assert.match(config.baseEnvironment.PATH ?? "", /\/usr\/bin/);
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.baseEnvironment));
});

const SECRET = "0123456789abcdef";
const settings: readonly {
  readonly key: keyof Config;
  readonly place: readonly [string, string] | null;
  readonly variable: string;
  /** As TOML has it, and as the environment has it. */
  readonly inFile: string;
  readonly inEnvironment: string;
  readonly read: readonly [unknown, unknown];
  readonly bad: readonly string[];
}[] = [
  {
    key: "host",
    place: ["server", "host"],
    variable: "ORRERY_HOST",
    inFile: '"0.0.0.0"',
    inEnvironment: "::1",
    read: ["0.0.0.0", "::1"],
    bad: [],
  },
  {
    key: "port",
    place: ["server", "port"],
    variable: "ORRERY_PORT",
    inFile: "0",
    inEnvironment: "65535",
    read: [0, 65535],
    bad: ["65536", "-1", "80.5", "http", " 80"],
  },
  {
    key: "publicUrl",
    place: ["server", "url"],
    variable: "ORRERY_PUBLIC_URL",
    inFile: '"https://Orrery.example/"',
    inEnvironment: "http://tools.example:8080/orrery/",
    read: ["https://orrery.example", "http://tools.example:8080/orrery"],
    bad: [
      "orrery.example",
      "ftp://orrery.example",
      "https://me@orrery.example",
      "https://orrery.example?x",
      "https://orrery.example/a;b",
      "https://orrery.example/%20",
    ],
  },
  {
    key: "trustedProxies",
    place: ["server", "trusted_proxies"],
    variable: "ORRERY_TRUSTED_PROXIES",
    inFile: '["10.0.0.0/8", "::1"]',
    inEnvironment: "127.0.0.1, fd00::/8",
    read: [["10.0.0.0/8", "::1"], ["127.0.0.1", "fd00::/8"]],
    bad: ["proxy", "10.0.0.0/33", "fd00::/129", "10.0.0.0/8/8", "10.0.0.0/", "10.0.0.1;10.0.0.2"],
  },
  {
    key: "databaseUrl",
    place: ["storage", "url"],
    variable: "ORRERY_DATABASE_URL",
    inFile: '"postgres://me:pw@db/orrery"',
    inEnvironment: "postgresql://db:5433/other",
    read: ["postgres://me:pw@db/orrery", "postgresql://db:5433/other"],
    bad: ["mysql://me:hunter2@db/x", "hunter2"],
  },
  {
    key: "dataDir",
    place: ["storage", "data_dir"],
    variable: "ORRERY_DATA_DIR",
    inFile: '"kept"',
    inEnvironment: "/var/lib/orrery",
    read: ["/srv/orrery/kept", "/var/lib/orrery"],
    bad: [],
  },
  {
    key: "secret",
    place: ["auth", "secret"],
    variable: "ORRERY_SECRET",
    inFile: `"${SECRET}"`,
    inEnvironment: `${SECRET}${SECRET}`,
    read: [SECRET, `${SECRET}${SECRET}`],
    bad: ["hunter2"],
  },
  {
    key: "adminPassword",
    place: null,
    variable: "ORRERY_ADMIN_PASSWORD",
    inFile: "",
    inEnvironment: "correct horse",
    read: [null, "correct horse"],
    bad: ["hunter2".repeat(200)],
  },
  {
    key: "misfireGraceSeconds",
    place: ["schedule", "misfire_grace_seconds"],
    variable: "ORRERY_MISFIRE_GRACE_SECONDS",
    inFile: "60",
    inEnvironment: "1",
    read: [60, 1],
    bad: ["0", "86401", "soon"],
  },
  {
    key: "minimumGapSeconds",
    place: ["schedule", "minimum_gap_seconds"],
    variable: "ORRERY_MINIMUM_GAP_SECONDS",
    inFile: "60",
    inEnvironment: "86400",
    read: [60, 86_400],
    bad: ["0", "1.5", "86401"],
  },
  {
    key: "tokenHours",
    place: ["auth", "token_hours"],
    variable: "ORRERY_TOKEN_HOURS",
    inFile: "1",
    inEnvironment: "720",
    read: [1, 720],
    bad: ["0", "1e3", "forever"],
  },
  {
    key: "capacity",
    place: ["agent", "capacity"],
    variable: "ORRERY_CAPACITY",
    inFile: "0",
    inEnvironment: "64",
    read: [0, 64],
    bad: ["-1", "many"],
  },
  {
    key: "spoolGigabytes",
    place: ["agent", "spool_gigabytes"],
    variable: "ORRERY_SPOOL_GIGABYTES",
    inFile: "1",
    inEnvironment: "100",
    read: [1, 100],
    bad: ["0", "all"],
  },
  {
    key: "logLevel",
    place: ["log", "level"],
    variable: "ORRERY_LOG_LEVEL",
    inFile: '"debug"',
    inEnvironment: "error",
    read: ["debug", "error"],
    bad: ["INFO", "loud"],
  },
  {
    key: "logFile",
    place: ["log", "file"],
    variable: "ORRERY_LOG_FILE",
    inFile: '"/var/log/orrery.log"',
    inEnvironment: "orrery.log",
    read: ["/var/log/orrery.log", "orrery.log"],
    bad: [],
  },
  {
    key: "logFileMegabytes",
    place: ["log", "file_megabytes"],
    variable: "ORRERY_LOG_FILE_MEGABYTES",
    inFile: "1",
    inEnvironment: "500",
    read: [1, 500],
    bad: ["0", "much"],
  },
  {
    key: "logFileCount",
    place: ["log", "file_count"],
    variable: "ORRERY_LOG_FILE_COUNT",
    inFile: "2",
    inEnvironment: "30",
    read: [2, 30],
    bad: ["1"],
  },
  {
    key: "logRetentionDays",
    place: ["log", "retention_days"],
    variable: "ORRERY_LOG_RETENTION_DAYS",
    inFile: "7",
    inEnvironment: "1",
    read: [7, 1],
    bad: ["0", "99999"],
  },
  {
    key: "runRetentionDays",
    place: ["run", "retention_days"],
    variable: "ORRERY_RUN_RETENTION_DAYS",
    inFile: "365",
    inEnvironment: "90",
    read: [365, 90],
    bad: ["0"],
  },
  {
    key: "messageRetentionHours",
    place: ["message", "retention_hours"],
    variable: "ORRERY_MESSAGE_RETENTION_HOURS",
    inFile: "48",
    inEnvironment: "12",
    read: [48, 12],
    bad: ["0", "2.5"],
  },
];

for (const { key, place, variable, inFile, inEnvironment, read, bad } of settings) {
  if (place !== null) {
    const [section, name] = place;

    Deno.test(`loadConfig() reads ${section}.${name} from the file, and ${variable} wins`, async () => {
      const file = `[${section}]\n${name} = ${inFile}\n`;

      const fromFile = await load({ file });
      const overridden = await load({ file, environment: { [variable]: inEnvironment } });
      const unset = await load({ file, environment: { [variable]: "" } });

      assert.deepEqual(fromFile[key], read[0]);
      assert.deepEqual(overridden[key], read[1]);
      assert.deepEqual(unset[key], read[0]);
    });
  } else {
    Deno.test(`loadConfig() reads ${variable}, which no file may hold`, async () => {
      const config = await load({ environment: { [variable]: inEnvironment } });

      assert.equal(config[key], read[1]);
      assert.match(await refusal({ file: '[auth]\nadmin_password = "hunter2"\n' }), /"auth\.admin_password"/);
    });
  }

  // Any text is a host name or a path.
  if (bad.length === 0) continue;

  Deno.test(`loadConfig() refuses a bad ${variable} by name and without its value`, async () => {
    for (const value of bad) {
      const inVariable = await refusal({ environment: { [variable]: value } });

      assert.match(
        inVariable,
        new RegExp(`^Cannot use the setting environment variable ${variable}: it has to be `),
      );
      assert.doesNotMatch(inVariable, /hunter2|\n/);
      if (place === null) continue;
      const inPlace = await refusal({ file: `[${place[0]}]\n${place[1]} = ${JSON.stringify(value)}\n` });
      assert.ok(
        inPlace.startsWith(`Cannot use the setting ${place.join(".")} in "${PATH}": it has to be `),
        inPlace,
      );
      assert.doesNotMatch(inPlace, /hunter2|\n/);
    }
  });
}

Deno.test("loadConfig() refuses a setting of another type", async () => {
  assert.match(await refusal({ file: "[server]\nhost = 7\n" }), /server\.host in .*a host name or address$/);
  assert.match(
    await refusal({ file: "[server]\nport = true\n" }),
    /server\.port in .*a port from 0 to 65535$/,
  );
  assert.match(
    await refusal({ file: "[log]\nlevel = []\n" }),
    /log\.level in .*one of debug, info, warn, error$/,
  );
});

Deno.test("loadConfig() refuses unknown sections and keys by name, and says what there is", async () => {
  assert.match(
    await refusal({ file: "[serve]\nport = 1\n" }),
    /^Unknown setting "serve" in .*\[server\], \[storage\]/,
  );
  assert.match(
    await refusal({ file: "[server]\nprot = 1\n" }),
    /^Unknown setting "server\.prot" in .*host, port, url, trusted_proxies$/,
  );
  assert.match(await refusal({ file: "port = 1\n" }), /^Unknown setting "port" in /);
  assert.match(await refusal({ file: "server = 1\n" }), /^Unknown setting "server" in /);
  assert.match(await refusal({ file: "[[server]]\nport = 1\n" }), /^Unknown setting "server/);
  assert.match(await refusal({ file: "[server.port]\nnumber = 1\n" }), /server\.port/);
});

Deno.test("loadConfig() says where a file is not TOML, without quoting it", async () => {
  const message = await refusal({ file: '[auth]\nsecret = "hunter2' });

  assert.match(
    message,
    /^Cannot read the settings in "\/etc\/orrery\.toml": line 2, column \d+ is not TOML$/,
  );
});

Deno.test("loadConfig() says that a file is missing", async () => {
  const load = loadConfig({
    configPath: null,
    environment: { ORRERY_CONFIG: "/nowhere.toml" },
    readFile: () => Promise.reject(new Deno.errors.NotFound("No such file")),
    cores: 1,
    workDir: "/",
  });

  await assert.rejects(load, {
    name: "StartError",
    message: /^Cannot read the settings in "\/nowhere\.toml": there is no such file; /,
  });
});

Deno.test("loadConfig() prefers --config to ORRERY_CONFIG", async () => {
  const read: string[] = [];
  const readFile = (path: string): Promise<string> => {
    read.push(path);
    return Promise.resolve("");
  };

  await loadConfig({
    configPath: "/argument.toml",
    environment: { ORRERY_CONFIG: "/environment.toml" },
    readFile,
    cores: 1,
    workDir: "/",
  });

  assert.deepEqual(read, ["/argument.toml"]);
});

Deno.test("loadConfig() passes on the named base of the environment and nothing else", async () => {
  const { baseEnvironment } = await load({
    environment: {
      PATH: "/bin",
      HOME: "/root",
      LANG: "C.UTF-8",
      TZ: "UTC",
      USER: "me",
      AWS_SECRET: "hunter2",
    },
  });

  assert.deepEqual(baseEnvironment, { PATH: "/bin", HOME: "/root", LANG: "C.UTF-8", TZ: "UTC", USER: "me" });
});
