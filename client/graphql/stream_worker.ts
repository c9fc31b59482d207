/** The worker that all tabs of the console share. It holds their line to the server. */
import { ALIVE_MS, type TabMessage } from "./hub_messages.ts";
import { openLine } from "./line.ts";
import { createStreamHub } from "./stream_hub.ts";

const hub = createStreamHub({ openLine, clock: () => Date.now() });

addEventListener("connect", (event) => {
  const port = event instanceof MessageEvent ? event.ports[0] : undefined;
  if (port === undefined) return;
  const hear = hub.admit((message) => port.postMessage(message));
  port.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    hear(data);
    if (data.kind === "leave") port.close();
  };
});

setInterval(hub.sweep, ALIVE_MS);
