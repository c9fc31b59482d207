/** A short attack of the kind that `deno task chaos` makes long. The seed makes graphs and calls the same each time. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { runChaos } from "./chaos.ts";

const attacks = [
  { clock: "true", strikes: 8, what: "server that is struck, with its database, at random moments" },
  { clock: "mad", strikes: 3, what: "server whose clock is set back and forth while it is struck" },
] as const;

for (const { what, clock, strikes } of attacks) {
  Deno.test(`${what} loses and doubles nothing`, async () => {
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);

    const report = await runChaos({ database: "bundled", clock, strikes, seed: 7, containers: 6, say });

    equal(report.faults, [], said.join("\n"));
    ok(report.acknowledged > 0 && report.runs >= report.acknowledged);
  });
}
