/** A line that is not complete is reported while it stands, whatever becomes of it. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { endOf, textsOf, withAgent } from "../support/agent.ts";
import type { ServerAttempt } from "../support/agent_server.ts";
import { until } from "../support/until.ts";

const WAIT = "until test -e go; do sleep 0.02; done";

function lastText({ partial }: ServerAttempt, stream = "STDOUT"): string | undefined {
  return partial.findLast((line) => line.stream === stream)?.text;
}

Deno.test("agent reports what stands without a line feed on each stream, and stores it once it is complete", () =>
  withAgent(async ({ server, dir }) => {
    const attempt = server.add(
      `echo first; printf Password:; printf 'ärgerlich ☃' >&2; ${WAIT}; echo ' given'`,
    );

    await until(
      "both stand",
      () => lastText(attempt) === "Password:" && lastText(attempt, "STDERR") !== undefined,
    );
    equal(attempt.partial.map(({ stream, from, text }) => [stream, from, text]).toSorted(), [
      ["STDERR", 0, "ärgerlich ☃"],
      ["STDOUT", 6, "Password:"],
    ]);
    equal(textsOf(attempt), ["first"]);
    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await endOf(attempt);

    equal(textsOf(attempt, "STDOUT"), ["first", "Password: given"]);
    equal(textsOf(attempt, "STDERR"), ["ärgerlich ☃"]);
    await until("nothing stands", () => lastText(attempt) === "" && lastText(attempt, "STDERR") === "");
  }));

Deno.test("agent reports the end of a long line as it grows, and no part of a character", () =>
  withAgent(async ({ server, dir }) => {
    const attempt = server.add(
      `for i in {1..3000}; do printf ☃; done; printf '\\342\\230'; ${WAIT}; printf '\\203'; rm go; ${WAIT}`,
    );

    // The last 4 KiB but for what is only a part of a character at either end.
    await until("it stands", () => lastText(attempt) === "…" + "☃".repeat(1364));
    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await until("it has grown", () => lastText(attempt) === "…" + "☃".repeat(1365));

    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await endOf(attempt);
    equal(textsOf(attempt), ["☃".repeat(3001)]);
  }));

Deno.test("agent reports the lines of many tasks together, and those of silent tasks never", () =>
  withAgent(async ({ server, dir }) => {
    const bar = `n=0; until test -e go; do n=$((n+1)); printf "%d %%\\r" $n; sleep 0.1; done`;
    const reports: number[] = [];
    const { showPartialLines } = server.port;
    Object.assign(server.port, {
      showPartialLines: (agentId: number, lines: Parameters<typeof showPartialLines>[1]) => {
        reports.push(lines.length);
        return showPartialLines(agentId, lines);
      },
    });
    const silent = server.add(`echo whole; ${WAIT}`);
    const bars = Array.from({ length: 4 }, () => server.add(bar));

    await until("each was reported again", () => bars.every(({ partial }) => partial.length >= 3));

    equal(silent.partial, []);
    // Each report has what changed of all that stand, not a call for each.
    ok(reports.includes(4), `${reports}`);
    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await Promise.all(bars.map(endOf));
    ok(bars.every((attempt) => textsOf(attempt).length === 1));
  }));

Deno.test("agent reports again what the server was away for", () =>
  withAgent(async ({ server, dir }) => {
    let calls = 0;
    const { showPartialLines } = server.port;
    Object.assign(server.port, {
      showPartialLines: (agentId: number, lines: Parameters<typeof showPartialLines>[1]) =>
        ++calls === 1 ? Promise.reject(new Error("Server is away")) : showPartialLines(agentId, lines),
    });
    const attempt = server.add(`printf half; ${WAIT}`);

    await until("it stands", () => lastText(attempt) === "half");

    ok(calls > 1);
    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await endOf(attempt);
  }));
