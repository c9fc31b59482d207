/** A short attack of the kind that `deno task chaos` makes long. The seed makes graphs and calls the same each time. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { findPostgres } from "../support/postgres.ts";
import { runChaos } from "./chaos.ts";

for (const database of ["embedded", "postgres"] as const) {
  const missing = database === "postgres" && findPostgres() === null;
  Deno.test({
    name: `server that is struck at random moments loses and doubles nothing [${database}${
      missing ? ", not installed" : ""
    }]`,
    ignore: missing,
  }, async () => {
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);

    const report = await runChaos({ database, strikes: 5, seed: 7, containers: 6, say });

    equal(report.faults, [], said.join("\n"));
    ok(report.acknowledged > 0 && report.runs >= report.acknowledged);
  });
}
