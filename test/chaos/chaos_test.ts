/** A short attack of the kind that `deno task chaos` makes long. The seed makes graphs and calls the same each time. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { findPostgres } from "../support/postgres.ts";
import { runChaos } from "./chaos.ts";

const attacks = [
  { clock: "true", strikes: 5, what: "server that is struck at random moments" },
  { clock: "mad", strikes: 3, what: "server whose clock is set back and forth while it is struck" },
] as const;

for (const database of ["embedded", "postgres"] as const) {
  const missing = database === "postgres" && findPostgres() === null;
  for (const { what, clock, strikes } of attacks) {
    Deno.test({
      name: `${what} loses and doubles nothing [${database}${missing ? ", not installed" : ""}]`,
      ignore: missing,
    }, async () => {
      const said: string[] = [];
      const say = (text: string): void => void said.push(text);

      const report = await runChaos({ database, clock, strikes, seed: 7, containers: 6, say });

      equal(report.faults, [], said.join("\n"));
      ok(report.acknowledged > 0 && report.runs >= report.acknowledged);
    });
  }
}
