/**
 * What the product can do, for its two callers: App for people and scripts (through GraphQL and the command line),
 * Operations for the engine. Nothing else writes to the tables.
 */
import type { Database } from "../db/database.ts";
import { createAudit } from "./audit/log.ts";
import type { App } from "./interface.ts";
import type { Logs } from "./logs/interface.ts";
import type { Schedules } from "./schedules/interface.ts";
import type { Watch } from "./watch/interface.ts";
import type { AgentServer } from "../agent/port.ts";
import type { Bus } from "../events/bus.ts";
import { type AgentRegistration, giveUpAttempts, registerAgent, touchServer } from "./agents/agents.ts";
import { updateAgent } from "./agents/update.ts";
import { registerServer, type ServerRegistration } from "./agents/servers.ts";
import { recordBacklog } from "./schedules/backlog.ts";
import { replanSchedules } from "./schedules/clock_jumps.ts";
import {
  type ContainerPorts,
  copyContainer,
  createContainer,
  deleteContainer,
  updateContainer,
} from "./containers/containers.ts";
import { createCrontabs } from "./crontab/crontabs.ts";
import { createFiles } from "./files/files.ts";
import type { DefinitionCache } from "./containers/definitions.ts";
import { moveContainer, setFavorite } from "./containers/move.ts";
import { createVersions } from "./containers/history.ts";
import { prune, type Retention } from "./pruning.ts";
import type { MeasuredFigures } from "./statistics/figures.ts";
import { markLateSlots } from "./schedules/lateness.ts";
import { storePartialLines } from "./logs/partial_lines.ts";
import { createMessages } from "./messages/messages.ts";
import { createPauses } from "./pauses/pauses.ts";
import { countMembers, listMembers, setMember } from "./projects/members.ts";
import { createProject, deleteProject, updateProject } from "./projects/edits.ts";
import { createRelation, deleteRelation, updateRelation } from "./containers/relations.ts";
import { followClock } from "./runs/clock_steps.ts";
import { createExchange, type ExchangePorts } from "./runs/exchange.ts";
import { createPlacements } from "./runs/placements.ts";
import { expireRuns, nextDueInMs, promoteRuns, releaseRetries } from "./runs/queue.ts";
import { listByLastRun } from "./containers/last_runs.ts";
import { restoreVersion } from "./containers/restore.ts";
import { cancelAllRuns, cancelRun, cancelTaskRun } from "./runs/stop.ts";
import { createWaits } from "./runs/waits.ts";
import { createTrigger, retryRun, runTask } from "./runs/trigger.ts";
import { parametersOf } from "./rules/parameters.ts";
import { saveContainer } from "./containers/save.ts";
import type { ScheduleLimits } from "./schedules/schedule_rows.ts";
import { createTask, deleteTask, moveTasks, updateTask } from "./containers/tasks.ts";
import { createVariables } from "./variables/variables.ts";
import type { Vault } from "../vault/vault.ts";
import { fireDueSchedules, nextSlotInMs } from "./schedules/fire_schedules.ts";

/** What the domain is made with. */
interface DomainParts {
  readonly db: Database;
  /** What the operations use. */
  readonly engineDb: Database;
  readonly bus: Bus;
  /** Whether the bus tells at once of all that happens, at whatever server. */
  readonly hears: () => boolean;
  /** Between 0 and 1: spreads the delays of retries. */
  readonly random: () => number;
  readonly retention: Retention;
  readonly accounts: App["accounts"];
  readonly definitions: DefinitionCache;
  readonly vault: Vault;
  readonly logs: Logs;
  readonly appendOutput: AgentServer["appendOutput"];
  readonly schedules: Schedules;
  readonly limits: ScheduleLimits;
  readonly watch: Watch;
  readonly figures: MeasuredFigures;
}

/** What the engine's duties call. Those that answer a boolean say whether there may be more to do at once. */
export interface Operations {
  /** Whether all that happens wakes the duties: then they need not look so often by themselves. */
  hears(): boolean;
  registerServer(registration: ServerRegistration): Promise<number>;
  registerAgent(registration: AgentRegistration): Promise<number>;
  /** The server is up, and so is its own agent. */
  touchServer(serverId: number): Promise<void>;
  /** Of agents that are offline. */
  giveUpAttempts(): Promise<void>;
  /** Plans anew what a clock that jumped back since had planned. */
  replanSchedules(): Promise<boolean>;
  fireDueSchedules(): Promise<boolean>;
  /** Writes a batch of the ledger of a long outage. */
  recordBacklog(): Promise<boolean>;
  /** Milliseconds until there is something to fire or to write; null when no schedule has a slot to come. */
  nextSlotInMs(): Promise<number | null>;
  markLateSlots(): Promise<boolean>;
  promoteRuns(): Promise<boolean>;
  /** Lets waits start anew that a clock which was set back would prolong. */
  followClock(): Promise<boolean>;
  releaseRetries(): Promise<boolean>;
  expireRuns(): Promise<boolean>;
  /** Milliseconds until a run can start, a retry or time limit is due, or waits start anew; null when there is none. */
  nextDueInMs(): Promise<number | null>;
  prune(): Promise<void>;
  /** Measures how busy this machine is, for its history. */
  measureHost(): void;
  /** What the server's own agent talks to. */
  readonly agentServer: AgentServer;
}

type Ports = ExchangePorts & ContainerPorts;

export function createDomain(parts: DomainParts): { readonly app: App; readonly operations: Operations } {
  const { db, bus, definitions, vault, limits } = parts;
  const ports: Ports = {
    db,
    bus,
    definitions,
    vault,
    placements: createPlacements(),
    random: parts.random,
    limits,
  };
  const app: App = {
    accounts: parts.accounts,
    audit: createAudit(db),
    pauses: createPauses({ db, bus }),
    projects: {
      create: (viewer, input) => createProject(ports, viewer, input),
      update: (viewer, input) => updateProject(db, viewer, input),
      remove: (viewer, slug) => deleteProject(ports, viewer, slug),
      setMember: (viewer, input) => setMember(ports, viewer, input),
      listMembers: (projectId, part) => listMembers(db, projectId, part),
      countMembers: (projectId) => countMembers(db, projectId),
    },
    containers: {
      create: (viewer, input) => createContainer(ports, viewer, input),
      update: (viewer, input) => updateContainer(ports, viewer, input),
      save: (viewer, input) => saveContainer(ports, viewer, input),
      restore: (viewer, input) => restoreVersion(ports, viewer, input),
      copy: (viewer, input) => copyContainer(ports, viewer, input),
      remove: (viewer, input) => deleteContainer(ports, viewer, input),
      move: (viewer, input) => moveContainer(ports, viewer, input),
      setFavorite: (viewer, input) => setFavorite(db, viewer, input),
      withLastRun: (visible, states) => listByLastRun(db, visible, states),
    },
    crontabs: createCrontabs(ports),
    files: createFiles(ports),
    tasks: {
      create: (viewer, input) => createTask(ports, viewer, input),
      update: (viewer, input) => updateTask(ports, viewer, input),
      remove: (viewer, input) => deleteTask(ports, viewer, input),
      move: (viewer, input) => moveTasks(ports, viewer, input),
    },
    relations: {
      create: (viewer, input) => createRelation(ports, viewer, input),
      update: (viewer, input) => updateRelation(ports, viewer, input),
      remove: (viewer, input) => deleteRelation(ports, viewer, input),
    },
    runs: {
      trigger: createTrigger(ports),
      parametersOf,
      runTask: (viewer, input) => runTask(ports, viewer, input),
      cancel: (viewer, input) => cancelRun(ports, viewer, input),
      cancelTaskRun: (viewer, input) => cancelTaskRun(ports, viewer, input),
      cancelAll: (viewer, input) => cancelAllRuns(ports, viewer, input),
      retry: (viewer, input) => retryRun(ports, viewer, input),
    },
    agents: { update: (viewer, input) => updateAgent(ports, viewer, input) },
    logs: parts.logs,
    schedules: parts.schedules,
    definitions,
    waits: createWaits(db, definitions),
    variables: createVariables({ db, vault }),
    versions: createVersions(db),
    watch: parts.watch,
    figures: parts.figures,
    messages: createMessages(db),
  };
  return { app, operations: createOperations(parts, ports) };
}

function createOperations(
  { engineDb: db, bus, hears, retention, appendOutput, figures }: DomainParts,
  domainPorts: Ports,
): Operations {
  const ports = { ...domainPorts, db };
  return {
    hears,
    registerServer: (registration) => registerServer(db, registration),
    registerAgent: (registration) => registerAgent(db, registration),
    touchServer: (serverId) => touchServer(db, serverId),
    giveUpAttempts: () => giveUpAttempts(ports),
    replanSchedules: () => replanSchedules({ db, bus }),
    fireDueSchedules: () => fireDueSchedules(ports),
    recordBacklog: () => recordBacklog({ db, bus }, retention.runDays),
    nextSlotInMs: () => nextSlotInMs(db),
    markLateSlots: () => markLateSlots(ports),
    promoteRuns: () => promoteRuns(ports),
    followClock: () => followClock(ports),
    releaseRetries: () => releaseRetries(ports),
    expireRuns: () => expireRuns(ports),
    nextDueInMs: () => nextDueInMs(db),
    prune: () => prune(db, retention),
    measureHost: () => figures.measureHost(),
    agentServer: {
      exchange: createExchange(ports),
      appendOutput,
      showPartialLines: (agentId, lines) => storePartialLines(ports, agentId, lines),
      hears,
      onWork: (wake) =>
        bus.subscribe((event) => {
          if (event.kind === "work") wake();
        }),
    },
  };
}
