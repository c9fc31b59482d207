/** The system has no descriptor left to give: everything waits for room, and nothing fails for want of it. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { endOf, textsOf } from "../support/agent.ts";
import { withAgentHost } from "../support/agent_host.ts";
import { until } from "../support/until.ts";

const TASKS = 60;
/** Room for an agent, and for some of the tasks. */
const OPEN_FILES = 64;

Deno.test("agent that may open few files starts as many tasks as it can, and the others when there is room", () =>
  withAgentHost(
    async ({ server, start, kill, workDir }) => {
      const command =
        "echo begun; until test -e go; do sleep 0.05; done; echo done; echo a=1 >$ORRERY_OUTPUT";
      const attempts = Array.from({ length: TASKS }, () => server.add(command));
      start();
      await until("some have started", () => attempts.filter(({ lines }) => lines.length === 1).length > 5);
      await until("all are in hand", () => attempts.every(({ claimed }) => claimed));
      await kill();
      start();

      await Deno.writeTextFile(join(workDir, "go"), "");
      const ends = await Promise.all(attempts.map(endOf));

      for (const { cause, exitCode, outputs, reason } of ends) {
        equal([cause, exitCode, outputs, reason], ["EXIT", 0, { a: "1" }, null]);
      }
      ok(attempts.every((attempt) => textsOf(attempt).join() === "begun,done"));
    },
    TASKS,
    OPEN_FILES,
  ));
