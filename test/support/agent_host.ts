/** An agent in a process of its own, and the server that it talks to, which lives on when the agent is killed. */
import { join } from "node:path";
import { createFakeServer, type FakeServer } from "./agent_server.ts";
import { until } from "./until.ts";

const PROGRAM = new URL("../programs/agent_host.ts", import.meta.url).pathname;

export interface HostScene {
  readonly server: FakeServer;
  readonly dir: string;
  readonly workDir: string;
  readonly spoolDir: string;
  start(): void;
  /** SIGKILL, unless told otherwise; answers when the process is gone. */
  kill(signal?: "SIGKILL" | "SIGTERM"): Promise<void>;
}

export async function withAgentHost(
  run: (scene: HostScene) => Promise<void>,
  capacity = 8,
  openFiles = 1024,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "orrery-agent-host-" });
  const server = createFakeServer();
  const bridge = openBridge(server);
  let host: Deno.ChildProcess | null = null;
  const scene: HostScene = {
    server,
    dir,
    workDir: join(dir, "work"),
    spoolDir: join(dir, "spool"),
    start(): void {
      host = new Deno.Command("/bin/sh", {
        args: [
          "-c",
          `ulimit -n ${openFiles}; exec "$0" "$@"`,
          Deno.execPath(),
          "run",
          "-A",
          "--no-check",
          PROGRAM,
        ]
          .concat([dir, bridge.address, String(capacity)]),
        stdin: "null",
      }).spawn();
    },
    async kill(signal = "SIGKILL"): Promise<void> {
      host?.kill(signal);
      await host?.status;
      host = null;
    },
  };
  try {
    await Deno.mkdir(scene.workDir);
    await run(scene);
  } finally {
    if (host === null) scene.start();
    await stopAll(server);
    await scene.kill();
    await bridge.close();
    // A program that moves output may outlive the agent by a moment, and write.
    await until(
      "its folder is removed",
      () => Deno.remove(dir, { recursive: true }).then(() => true, () => false),
    );
  }
}

async function stopAll(server: FakeServer): Promise<void> {
  for (const attemptId of server.attempts.keys()) server.stop(attemptId);
  await until(
    "all tasks are stopped",
    () =>
      [...server.attempts.values()].every(({ claimed, ended, disowned }) =>
        !claimed || disowned || ended !== null
      ),
  );
}

function openBridge(server: FakeServer): { readonly address: string; close(): Promise<void> } {
  const sleepers = new Set<() => void>();
  const endWakes = server.port.onWork(() => {
    for (const end of sleepers) end();
  });
  const http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    try {
      return await answer(server, request, sleepers);
    } catch (error) {
      return new Response(String(error), { status: 503 });
    }
  });
  return {
    address: `http://127.0.0.1:${http.addr.port}`,
    async close(): Promise<void> {
      endWakes();
      for (const end of sleepers) end();
      await http.shutdown();
    },
  };
}

async function answer(server: FakeServer, request: Request, sleepers: Set<() => void>): Promise<Response> {
  switch (new URL(request.url).pathname) {
    case "/exchange":
      return Response.json(await server.port.exchange(await request.json()));
    case "/output": {
      const { agentId, batches } = await request.json();
      return Response.json(await server.port.appendOutput(agentId, batches));
    }
    case "/partial": {
      const { agentId, lines } = await request.json();
      await server.port.showPartialLines(agentId, lines);
      return Response.json(null);
    }
    default: {
      const { promise, resolve } = Promise.withResolvers<void>();
      sleepers.add(resolve);
      await promise;
      sleepers.delete(resolve);
      return new Response("");
    }
  }
}
