/** An agent in a temporary directory, with a server of its own. */
import { join } from "node:path";
import { type Agent, openAgent } from "../../server/agent/agent.ts";
import type { AgentOptions } from "../../server/agent/options.ts";
import type { Ended } from "../../server/agent/port.ts";
import { createFakeServer, type FakeServer, type ServerAttempt } from "./agent_server.ts";
import { until } from "./until.ts";

export interface AgentScene {
  readonly server: FakeServer;
  readonly agent: Agent;
  /** Empty at first; tasks run in `dir`/work. */
  readonly dir: string;
  readonly spoolDir: string;
}

export async function withAgent(
  run: (scene: AgentScene) => Promise<void>,
  options: Partial<AgentOptions> = {},
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "orrery-agent-" });
  const server = createFakeServer();
  const agent = await openTestAgent(dir, server, options);
  try {
    agent.start();
    await run({ server, agent, dir, spoolDir: join(dir, "spool") });
  } finally {
    for (const attemptId of server.attempts.keys()) server.stop(attemptId);
    await until("all tasks are stopped", () => agent.running() === 0);
    await agent.stop();
    await Deno.remove(dir, { recursive: true });
  }
}

export function openTestAgent(
  dir: string,
  server: FakeServer,
  options: Partial<AgentOptions> = {},
): Promise<Agent> {
  return openAgent({
    agentId: 1,
    // A machine under load must not decide what a test sees.
    inHandMs: 60_000,
    server: server.port,
    spoolDir: join(dir, "spool"),
    workDir: join(dir, "work"),
    capacity: 8,
    clock: { now: () => Date.now() },
    log: { info: () => {}, warn: () => {} },
    baseEnvironment: { PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin", HOME: dir, LANG: "C.UTF-8" },
    ...options,
  });
}

export function endOf(attempt: ServerAttempt): Promise<Ended> {
  return until(`attempt ${attempt.work.attemptId} has ended`, () => attempt.ended);
}

export function textsOf({ lines }: ServerAttempt, stream?: string): string[] {
  return lines.filter((line) => stream === undefined || line.stream === stream).map(({ text }) => text);
}

/** Waits for a line of one number, such as a script writes with `echo $$ > file`. */
export function readPid(path: string): Promise<number> {
  return until(`"${path}" holds a number`, async () => {
    const text = await Deno.readTextFile(path).catch(() => "");
    return text.endsWith("\n") ? Number(text) : null;
  });
}
