import { match } from "node:assert/strict";
import { logUnhandled } from "../../server/cli/serve.ts";
import { createTestLog } from "../support/database.ts";
import { until } from "../support/until.ts";

Deno.test("logUnhandled() writes what nobody waited for to the log, and the program goes on", async () => {
  const log = createTestLog();
  const undo = logUnhandled(log);

  void Promise.reject(new Error("nobody waits"));

  await until("it is written", () => log.lines.length > 0);
  undo();
  match(log.lines.join("\n"), /^error An operation that nobody waited for has failed[^]*nobody waits/);
});
