import assert from "node:assert/strict";
import {
  type AttemptReport,
  decideAttemptEnd,
  decideTaskRunFate,
  retryDelay,
} from "../../../server/domain/rules/attempt_end.ts";
import { quote, readText } from "../../support/sentences.ts";

const report = (fields: Partial<AttemptReport>): AttemptReport => ({
  cause: "EXIT",
  exitCode: null,
  signal: null,
  reason: null,
  followed: false,
  ...fields,
});

const ends: readonly [string, AttemptReport, string, string][] = [
  ["exit code 0 succeeds", report({ exitCode: 0 }), "SUCCEEDED", ""],
  ["another exit code fails", report({ exitCode: 3 }), "FAILED", "Exit code 3"],
  ["a signal is named", report({ exitCode: 137, signal: "SIGKILL" }), "FAILED", "Killed by SIGKILL"],
  ["its time limit", report({ cause: "TIMED_OUT" }), "TIMED_OUT", "Its time limit was over"],
  [
    "no process",
    report({ cause: "NOT_STARTED", reason: quote("no such directory") }),
    "FAILED",
    "no such directory",
  ],
  [
    "a vanished process",
    report({ cause: "VANISHED" }),
    "FAILED",
    "Killed from outside: its process left no status",
  ],
  ["a restarted machine", report({ cause: "LOST" }), "LOST", "The machine was restarted under it"],
];

for (const [name, given, state, reason] of ends) {
  Deno.test(`decideAttemptEnd() tells ${name}`, () => {
    const end = decideAttemptEnd(given, null);

    assert.deepEqual([end?.state, readText(end?.reason)], [state, reason]);
  });
}

Deno.test("decideAttemptEnd() lets a recorded stop win over a success and a timeout", () => {
  const stop = { cause: "CANCELLED", reason: quote("Cancelled by ada") } as const;

  assert.equal(decideAttemptEnd(report({ exitCode: 0 }), stop)?.state, "CANCELLED");
  assert.equal(decideAttemptEnd(report({ cause: "TIMED_OUT" }), stop)?.state, "CANCELLED");
  assert.equal(
    decideAttemptEnd(report({ exitCode: 0 }), { cause: "TIMED_OUT", reason: quote("Run limit") })?.state,
    "TIMED_OUT",
  );
});

Deno.test("decideAttemptEnd() knows no end of what was given back, unless it was stopped", () => {
  const given = report({ cause: "GIVEN_BACK" });

  assert.equal(decideAttemptEnd(given, null), null);
  assert.equal(
    decideAttemptEnd(given, { cause: "CANCELLED", reason: quote("by admin") })?.state,
    "CANCELLED",
  );
});

Deno.test("decideAttemptEnd() keeps what the agent adds, such as survivors", () => {
  const end = decideAttemptEnd(report({ cause: "STOPPED", reason: quote("still alive: 42 sleep") }), {
    cause: "CANCELLED",
    reason: quote("Cancelled by ada"),
  });

  assert.equal(readText(end?.reason), "Cancelled by ada; still alive: 42 sleep");
});

const policy = { maxRetries: 2, retryDelaySeconds: 4, offline: "FAIL" } as const;
const tried = (attempt: number, reassigned = 0) => ({ attempt, reassigned });

Deno.test("decideTaskRunFate() tries FAILED, TIMED_OUT and LOST again until maxRetries", () => {
  for (const state of ["FAILED", "TIMED_OUT", "LOST"] as const) {
    assert.equal(
      decideTaskRunFate({ state, reason: null }, "EXIT", tried(2), policy, false, 0).kind,
      "retry",
    );
    assert.deepEqual(decideTaskRunFate({ state, reason: null }, "EXIT", tried(3), policy, false, 0), {
      kind: "final",
      state: state === "LOST" ? "FAILED" : state,
    });
  }
});

Deno.test("decideTaskRunFate() never tries a cancelled attempt or a stopped run again", () => {
  assert.deepEqual(
    decideTaskRunFate({ state: "CANCELLED", reason: null }, "EXIT", tried(1), policy, false, 0),
    {
      kind: "final",
      state: "CANCELLED",
    },
  );
  assert.deepEqual(decideTaskRunFate({ state: "FAILED", reason: null }, "EXIT", tried(1), policy, true, 0), {
    kind: "final",
    state: "FAILED",
  });
});

Deno.test("retryDelay() doubles up to an hour and is shortened by a tenth at most", () => {
  assert.deepEqual([1, 2, 3, 4].map((attempt) => retryDelay(attempt, 5, 0)), [5, 10, 20, 40]);
  assert.equal(retryDelay(100, 5, 0), 3600);
  assert.equal(retryDelay(1, 100, 1), 90);
  assert.equal(retryDelay(1, 0, 0.5), 0);
});

Deno.test("decideAttemptEnd() lets a stop come too late for what was followed already", () => {
  const stop = { cause: "CANCELLED", reason: quote("Cancelled by ada") } as const;

  assert.equal(decideAttemptEnd(report({ exitCode: 0, followed: true }), stop)?.state, "SUCCEEDED");
  assert.equal(decideAttemptEnd(report({ exitCode: 0 }), stop)?.state, "CANCELLED");
});

Deno.test("decideTaskRunFate() gives an attempt that was given up with its agent to another one, ten times", () => {
  const lost = { state: "LOST", reason: null } as const;
  const reassign = { ...policy, offline: "REASSIGN" } as const;

  assert.equal(decideTaskRunFate(lost, "OFFLINE", tried(10, 9), reassign, false, 0).kind, "reassign");
  assert.equal(decideTaskRunFate(lost, "OFFLINE", tried(11, 10), reassign, false, 0).kind, "final");
  assert.equal(decideTaskRunFate(lost, "OFFLINE", tried(1), reassign, true, 0).kind, "final");
  // It is no try: two are left of the three after four that were.
  assert.equal(decideTaskRunFate(lost, "LOST", tried(6, 4), reassign, false, 0).kind, "retry");
  assert.equal(decideTaskRunFate(lost, "OFFLINE", tried(3), policy, false, 0).kind, "final");
});
