import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { GONE_MS, type HubMessage, type TabMessage } from "../../../client/graphql/hub_messages.ts";
import type { LineEvents, LineSink } from "../../../client/graphql/line.ts";
import { createStreamHub, type Hub, MAX_OPERATIONS } from "../../../client/graphql/stream_hub.ts";

const request = { query: "subscription { heartbeat }", variables: {} };
const result = { data: { heartbeat: "now" } };

Deno.test("createStreamHub() carries what two tabs ask over one line, and tells each what is its own", () => {
  const { lines, admit } = makeHub();
  const [first, second] = [admit(), admit()];

  first.say({ kind: "subscribe", id: 1, request });
  second.say({ kind: "subscribe", id: 1, request });
  lines[0]?.events.connected();
  lines[0]?.sinks[1]?.next(result);
  lines[0]?.sinks[0]?.complete();

  strictEqual(lines.length, 1);
  deepStrictEqual(first.heard, [{ kind: "connected" }, { kind: "complete", id: 1 }]);
  deepStrictEqual(second.heard, [{ kind: "connected" }, { kind: "next", id: 1, result }]);
});

Deno.test("createStreamHub() welcomes a tab that comes to a line that is live", () => {
  const { lines, admit } = makeHub();
  admit().say({ kind: "subscribe", id: 1, request });
  lines[0]?.events.connected();
  const late = admit();

  late.say({ kind: "subscribe", id: 4, request });
  late.say({ kind: "subscribe", id: 5, request });

  deepStrictEqual(late.heard, [{ kind: "connected" }]);
});

Deno.test("createStreamHub() gives a line back with the last subscription, and opens another for the next", () => {
  const { lines, admit } = makeHub();
  const [first, second] = [admit(), admit()];
  first.say({ kind: "subscribe", id: 1, request });
  second.say({ kind: "subscribe", id: 1, request });

  first.say({ kind: "leave", reason: "left" });
  strictEqual(lines[0]?.closed, false);
  second.say({ kind: "end", id: 1 });
  strictEqual(lines[0]?.closed, true);
  second.say({ kind: "subscribe", id: 2, request });

  strictEqual(lines.length, 2);
  strictEqual(lines[0]?.ended, 2);
});

Deno.test("createStreamHub() tells all tabs on a line that is lost, once for each subscription", () => {
  const { lines, admit } = makeHub();
  const [first, second] = [admit(), admit()];
  first.say({ kind: "subscribe", id: 1, request });
  second.say({ kind: "subscribe", id: 7, request });

  lines[0]?.sinks[0]?.error();
  lines[0]?.sinks[1]?.error();
  lines[0]?.sinks[1]?.next(result);

  deepStrictEqual(first.heard, [{ kind: "error", id: 1 }]);
  deepStrictEqual(second.heard, [{ kind: "error", id: 7 }]);
  strictEqual(lines[0]?.closed, true);
});

Deno.test("createStreamHub() takes a line from everybody when one tab finds it dead", () => {
  const { lines, admit } = makeHub();
  const [first, second] = [admit(), admit()];
  first.say({ kind: "subscribe", id: 1, request });
  second.say({ kind: "subscribe", id: 1, request });

  first.say({ kind: "leave", reason: "dead" });

  deepStrictEqual(first.heard, []);
  deepStrictEqual(second.heard, [{ kind: "error", id: 1 }]);
  strictEqual(lines[0]?.closed, true);
});

Deno.test("createStreamHub() shares no line between two people, nor more than the server takes", () => {
  const { lines, admit } = makeHub();
  const [mine, yours] = [admit("mine"), admit("yours")];

  for (let id = 1; id <= MAX_OPERATIONS; id++) mine.say({ kind: "subscribe", id, request });
  yours.say({ kind: "subscribe", id: 1, request });
  strictEqual(lines.length, 2);
  mine.say({ kind: "subscribe", id: MAX_OPERATIONS + 1, request });

  strictEqual(lines.length, 3);
  deepStrictEqual(lines.map(({ sinks }) => sinks.length), [MAX_OPERATIONS, 1, 1]);
});

Deno.test("sweep() lets go of a tab that went without a word, and keeps one that is there", () => {
  const { lines, admit, hub, clock } = makeHub();
  const [gone, there] = [admit(), admit()];
  gone.say({ kind: "subscribe", id: 1, request });
  there.say({ kind: "subscribe", id: 1, request });

  clock.now += GONE_MS;
  there.say({ kind: "alive" });
  clock.now += 1;
  hub.sweep();
  lines[0]?.sinks[0]?.next(result);
  lines[0]?.sinks[1]?.next(result);

  strictEqual(lines[0]?.ended, 1);
  deepStrictEqual(gone.heard, []);
  deepStrictEqual(there.heard, [{ kind: "next", id: 1, result }]);
});

interface FakeLine {
  readonly events: LineEvents;
  readonly sinks: LineSink[];
  ended: number;
  closed: boolean;
}

interface Tab {
  readonly heard: HubMessage[];
  readonly say: (message: TabMessage) => void;
}

function makeHub(): {
  readonly hub: Hub;
  readonly lines: readonly FakeLine[];
  readonly clock: { now: number };
  readonly admit: (viewerId?: string) => Tab;
} {
  const lines: FakeLine[] = [];
  const clock = { now: 0 };
  const hub = createStreamHub({
    clock: () => clock.now,
    openLine: (events) => {
      const line: FakeLine = { events, sinks: [], ended: 0, closed: false };
      lines.push(line);
      return {
        subscribe: (_request, sink) => {
          line.sinks.push(sink);
          return () => line.ended++;
        },
        close: () => (line.closed = true),
      };
    },
  });
  const admit = (viewerId = "admin"): Tab => {
    const heard: HubMessage[] = [];
    const say = hub.admit((message) => heard.push(message));
    say({ kind: "join", viewerId });
    return { heard, say };
  };
  return { hub, lines, clock, admit };
}
