import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Event } from "../../schema/events.ts";
import { createOutbox } from "../../server/events/outbox.ts";

const run = (runId: number, taskRunIds: readonly number[] | null): Event => ({
  kind: "run",
  runId,
  containerId: 2,
  projectId: 3,
  taskRunIds,
});
const lines = (attemptId: number, first: number, last: number): Event => ({
  kind: "lines",
  attemptId,
  attempt: 1,
  taskRunId: 5,
  runId: 6,
  containerId: 7,
  projectId: 8,
  lines: [first, last].map((seq) => ({ seq, at: 0, stream: "STDOUT", text: "text that is not sent" })),
});
const container = (change: "CREATED" | "UPDATED" | "DELETED"): Event => ({
  kind: "container",
  change,
  containerId: 2,
  projectId: 3,
});

Deno.test("an outbox tells each thing once, and then nothing", () => {
  const outbox = createOutbox();
  const events: readonly Event[] = [
    run(1, [10]),
    run(1, [11, 10]),
    run(9, []),
    container("CREATED"),
    container("UPDATED"),
    lines(4, 1, 3),
    lines(4, 4, 9),
    { kind: "session", credentialId: "token:1" },
    { kind: "work" },
    { kind: "work" },
  ];

  equal(events.map((event) => outbox.add(event)), events.map(() => true));

  equal(outbox.take(), [[
    ["run", 1, 2, 3, [10, 11]],
    ["run", 9, 2, 3, []],
    ["container", "CREATED", 2, 3],
    ["stored", 4, 1, 5, 6, 7, 8, 1, 9],
    ["session", "token:1"],
    ["work"],
  ]]);
  equal(outbox.take(), []);
});

Deno.test("an outbox tells a run as a whole when many of its task runs changed", () => {
  const outbox = createOutbox();

  outbox.add(run(1, Array.from({ length: 30 }, (_, n) => n)));
  outbox.add(run(1, Array.from({ length: 30 }, (_, n) => 100 + n)));
  outbox.add(run(1, [7]));
  outbox.add(run(2, null));

  equal(outbox.take(), [[["run", 1, 2, 3, null], ["run", 2, 2, 3, null]]]);
});

Deno.test("an outbox tells that a partial line changed without a range of lines, and keeps one that is there", () => {
  const outbox = createOutbox();
  const partial = { ...lines(4, 1, 1), kind: "partial" } as Event;

  outbox.add(lines(4, 3, 5));
  outbox.add(partial);
  outbox.add({ ...partial, attemptId: 5 } as Event);

  const [known, other] = outbox.take()[0] ?? [];
  equal(known?.slice(-2), [3, 5]);
  ok(Number(other?.at(-1)) < Number(other?.at(-2)));
});

Deno.test("an outbox fills several messages, each short enough for the database, and tells too much as all", () => {
  const outbox = createOutbox();
  const few = 400;
  for (let id = 1; id <= few; id++) outbox.add(run(id, [10 * id]));

  const messages = outbox.take();
  equal(messages.flat().length, few);
  ok(messages.length > 1);
  for (const entries of messages) {
    ok(JSON.stringify({ sender: crypto.randomUUID(), number: 1e9, entries }).length < 8_000);
  }

  for (let id = 1; id <= 10 * few; id++) outbox.add(run(id, [10 * id]));
  outbox.add({ kind: "session", credentialId: "token:1" });
  equal(outbox.take(), [[["all"], ["session", "token:1"]]]);
});

Deno.test("an outbox leaves out what concerns its own server alone", () => {
  const outbox = createOutbox();

  equal(outbox.add({ kind: "slots", containerIds: [1] }), false);
  equal(outbox.add({ kind: "late", slots: [] }), false);
  equal(outbox.take(), []);
});
