/**
 * An agent in a process of its own, to be killed at any instant. Arguments: its directory, the address of its server
 * (../support/agent_host.ts), its capacity. SIGTERM stops it as a server would.
 */
import { openAgent } from "../../server/agent/agent.ts";
import type { AgentServer } from "../../server/agent/port.ts";

const WAKE_FAULT_MS = 50;

const [dir = "", address = "", capacity = "8"] = Deno.args;

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(`${address}/${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  return await response.json();
}

/** Each answer to a long request is a wake-up. */
async function listen(wake: () => void): Promise<void> {
  while (true) {
    try {
      await fetch(`${address}/wake`).then((response) => response.text());
      wake();
    } catch {
      // The server is away; the agent asks by itself meanwhile.
      await new Promise((resolve) => setTimeout(resolve, WAKE_FAULT_MS));
    }
  }
}

const server: AgentServer = {
  exchange: (exchange) => post("exchange", exchange),
  appendOutput: (agentId, batches) => post("output", { agentId, batches }),
  showPartialLines: (agentId, lines) => post("partial", { agentId, lines }),
  hears: () => false,
  onWork(wake): () => void {
    void listen(wake);
    return () => {};
  },
};

const agent = await openAgent({
  agentId: 1,
  server,
  spoolDir: `${dir}/spool`,
  workDir: `${dir}/work`,
  capacity: Number(capacity),
  // A machine under load must not decide what a test sees.
  inHandMs: 60_000,
  clock: { now: () => Date.now() },
  log: { info: () => {}, warn: () => {} },
  baseEnvironment: { PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin", HOME: dir, LANG: "C.UTF-8" },
});
Deno.addSignalListener("SIGTERM", () => void agent.stop().then(() => Deno.exit(0)));
agent.start();
