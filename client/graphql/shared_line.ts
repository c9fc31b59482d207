/** A line that is shared with the other tabs where the browser can do that, and a line of one's own where it cannot. */
import { ALIVE_MS, type HubMessage, type TabMessage } from "./hub_messages.ts";
import { type Line, type LineEvents, type LineSink, openLine } from "./line.ts";

/** Opens lines for one person. A worker that does not start, or is never heard of, is not tried again. */
export function createLineOpener(viewerId: string): (events: LineEvents) => Line {
  let works = "SharedWorker" in globalThis;
  return (events) => works ? openSharedLine(viewerId, events, () => (works = false)) : openLine(events);
}

function openSharedLine(viewerId: string, events: LineEvents, useless: () => void): Line {
  const sinks = new Map<number, LineSink>();
  let lastId = 0;
  let heard = false;
  const worker = new SharedWorker(new URL("./stream_worker.ts", import.meta.url), {
    type: "module",
    name: "streams",
  });
  const { port } = worker;
  const tell = (message: TabMessage): void => port.postMessage(message);
  const fail = (): void => {
    for (const sink of [...sinks.values()]) sink.error();
  };
  worker.onerror = () => {
    useless();
    fail();
  };
  port.onmessage = ({ data }: MessageEvent<HubMessage>) => {
    heard = true;
    events.message();
    hear(data, sinks, events);
  };
  tell({ kind: "join", viewerId });
  const aliveTimer = setInterval(() => tell({ kind: "alive" }), ALIVE_MS);

  return {
    subscribe: (request, sink) => {
      const id = ++lastId;
      sinks.set(id, sink);
      tell({ kind: "subscribe", id, request });
      return () => {
        if (sinks.delete(id)) tell({ kind: "end", id });
      };
    },
    close: (reason) => {
      clearInterval(aliveTimer);
      sinks.clear();
      if (reason === "dead" && !heard) useless();
      tell({ kind: "leave", reason });
      port.close();
    },
  };
}

function hear(message: HubMessage, sinks: Map<number, LineSink>, events: LineEvents): void {
  switch (message.kind) {
    case "connected":
      return events.connected();
    case "next":
      return sinks.get(message.id)?.next(message.result);
    case "complete": {
      const sink = sinks.get(message.id);
      sinks.delete(message.id);
      return sink?.complete();
    }
    case "error":
      return sinks.get(message.id)?.error();
    default:
      return message satisfies never;
  }
}
