/** The engine: the server's own agent and the background duties, opened and closed as one. It only calls the domain. */
import { join } from "node:path";
import type { Labels } from "../../schema/definition/field.ts";
import { textOf } from "../../schema/sentences.ts";
import { readBootId } from "../agent/end/processes.ts";
import { findUsers } from "../agent/start/users.ts";
import { type Agent, openAgent, type SpoolUse } from "../agent/agent.ts";
import type { Operations } from "../domain/mod.ts";
import type { Bus } from "../events/bus.ts";
import type { Log } from "../log.ts";
import {
  createDispatcher,
  createMeasurer,
  createPruner,
  createReaper,
  createScheduler,
  createTimekeeper,
} from "./duties.ts";
import type { Service } from "./service.ts";

interface EngineOptions {
  readonly operations: Operations;
  readonly bus: Bus;
  readonly log: Log;
  readonly clock: { now(): number };
  readonly dataDir: string;
  /** Processes at once; 0 = this server starts none. */
  readonly capacity: number;
  /** Of the server's own agent; null: those that it has. */
  readonly labels: Labels | null;
  /** What output may take in the spool of the server's own agent. */
  readonly spoolLimitBytes: number;
  readonly baseEnvironment: Readonly<Record<string, string>>;
  /** Whom tasks may run as, beside this server's own user. */
  readonly runAs: readonly string[];
  /** Kept in the data directory: the same server and agent after a restart. */
  readonly key: string;
  /** Of this machine. */
  readonly name: string;
  /** Where the server is reached; null when that is not set. */
  readonly url: string | null;
  readonly version: string;
}

export interface Engine {
  /** Of this server's own agent. */
  readonly agentId: number;
  /** Processes of this server's own agent that run now. */
  running(): number;
  /** What output takes in its spool, and may take. */
  spool(): SpoolUse;
  /** Without these nothing runs. */
  readonly vital: readonly Service[];
  /** Stops taking work and leaves processes alive. */
  stop(): Promise<void>;
}

/**
 * Resolves once the agent has found again what it left behind and the duties go on by themselves. The agent comes
 * first: what it still has must not be given up.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { operations, bus, log, key, name, url, version, capacity, labels } = options;
  const serverId = await operations.registerServer({ key, name, url, version });
  const { os, arch } = Deno.build;
  const bootId = await readBootId();
  const agent = { key, name, version, capacity, labels, os, arch, bootId, serverId };
  const agentId = await operations.registerAgent(agent);
  const ownAgent = await openOwnAgent(options, agentId);
  ownAgent.start();
  const scheduler = createScheduler(operations, log);
  const dispatcher = createDispatcher(operations, log);
  const services: readonly Service[] = [
    createPruner(operations, log),
    createMeasurer(operations, log),
    createReaper(operations, serverId, log),
    dispatcher,
    scheduler,
    createTimekeeper(operations, log),
  ];
  const unsubscribe = bus.subscribe((event) => {
    if (event.kind === "schedule") scheduler.wake();
    if (event.kind === "queue") dispatcher.wake();
    if (event.kind === "schedule-fault") {
      const { containerId, containerName, fault } = event;
      log.error(
        `The schedule of container "${containerName}" cannot be planned and stops: ${textOf(fault)}`,
        {
          containerId,
        },
      );
    }
  });
  for (const service of services) service.start();
  return {
    agentId,
    vital: [scheduler, dispatcher],
    running: () => ownAgent.running(),
    spool: () => ownAgent.spool(),
    async stop(): Promise<void> {
      unsubscribe();
      await Promise.all([ownAgent.stop(), ...services.map((service) => service.stop())]);
    },
  };
}

async function openOwnAgent(options: EngineOptions, agentId: number): Promise<Agent> {
  return await openAgent({
    agentId,
    server: options.operations.agentServer,
    spoolDir: join(options.dataDir, "spool"),
    workDir: join(options.dataDir, "work"),
    capacity: options.capacity,
    spoolLimitBytes: options.spoolLimitBytes,
    clock: options.clock,
    log: options.log,
    baseEnvironment: options.baseEnvironment,
    users: await findUsers(options.runAs),
  });
}
