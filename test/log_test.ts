import assert from "node:assert/strict";
import { DrizzleQueryError } from "drizzle-orm";
import { createLog, type Log, type LogLevel, logLevels } from "../server/log.ts";

function openLog(level: LogLevel): { readonly log: Log; readonly text: () => string } {
  const lines: string[] = [];
  return {
    log: createLog(level, [{ write: (line) => void lines.push(line) }]),
    text: () => lines.join(""),
  };
}

Deno.test("createLog() writes one line of JSON with level, time, message and fields", () => {
  const { log, text } = openLog("info");

  log.warn("Something is odd", { runId: 7 });

  const { time, ...rest } = JSON.parse(text());
  assert.deepEqual(rest, { level: "warn", msg: "Something is odd", runId: 7 });
  assert.ok(!Number.isNaN(Date.parse(time)));
  assert.ok(text().endsWith("}\n"));
});

for (const [index, level] of logLevels.entries()) {
  Deno.test(`createLog() at level ${level} leaves out what is below`, () => {
    const { log, text } = openLog(level);

    for (const each of logLevels) log[each](`said at ${each}`);

    const written = text().trim().split("\n").map((line) => JSON.parse(line).level);
    assert.deepEqual(written, logLevels.slice(index));
  });
}

Deno.test("createLog() leaves out whatever is called a secret", () => {
  const { log, text } = openLog("info");
  const secrets = {
    password: "hunter2",
    token: "hunter2",
    secret: "hunter2",
    authorization: "Bearer hunter2",
    cookie: "session=hunter2",
    passwordHash: "hunter2",
  };

  log.info("Signed in", { ...secrets, input: secrets, request: { headers: secrets } });

  assert.doesNotMatch(text(), /hunter2/);
  assert.match(text(), /\[secret\]/);
});

Deno.test("createLog() tells an error with its causes, and not the values of the statement that failed", () => {
  const { log, text } = openLog("info");
  const refused = Object.assign(new Error("duplicate key"), {
    code: "23505",
    detail: "Key (hash)=(hunter2)",
  });
  const error = new DrizzleQueryError("insert into users values ($1)", ["hunter2"], refused);

  log.error("Cannot add", { error });

  const { error: told } = JSON.parse(text());
  assert.equal(told.message, "Failed query: insert into users values ($1)");
  assert.equal(told.cause.message, "duplicate key");
  assert.equal(told.cause.code, "23505");
  assert.match(told.stack, /log_test\.ts/);
  assert.doesNotMatch(text(), /hunter2/);
});

Deno.test("createLog() stays short when an error is endless", () => {
  const { log, text } = openLog("info");
  const error = new Error("x".repeat(1_000_000));
  error.cause = error;

  log.error("Cannot go on", { error });

  assert.ok(text().length < 50_000, `${text().length} characters`);
});

Deno.test("createLog() takes what is thrown without being an error", () => {
  const { log, text } = openLog("info");

  log.error("Odd", { error: "only words" });

  assert.deepEqual(JSON.parse(text()).error, { type: "string", message: "only words" });
});
