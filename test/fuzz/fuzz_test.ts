/** A short one of what `deno task fuzz` makes long. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { startServer } from "../support/server.ts";
import { runFuzz } from "./fuzz.ts";

Deno.test("no operation or request of a seed is a fault", async () => {
  await using server = await startServer();

  const { faults, answers } = await runFuzz({ server, seed: 9, operations: 450, seconds: 300, parallel: 8 });

  equal(faults, []);
  // Not in vain: something was made, started, refused and forbidden.
  for (const answer of ["Container", "Run", "INVALID_INPUT", "ForbiddenError"]) {
    ok(answers[answer], Deno.inspect(answers));
  }
});
