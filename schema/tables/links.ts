/** How rows find each other in a query ("relations" is a table of ours, so drizzle's relations are called links). */
import { defineRelations } from "drizzle-orm";
import * as tables from "./mod.ts";

export const links = defineRelations(tables, (r) => ({
  users: {
    apiTokens: r.many.apiTokens({ from: r.users.id, to: r.apiTokens.userId }),
  },
  sessions: {
    user: r.one.users({ from: r.sessions.userId, to: r.users.id, optional: false }),
  },
  apiTokens: {
    user: r.one.users({ from: r.apiTokens.userId, to: r.users.id, optional: false }),
  },
  projects: {
    containers: r.many.containers({ from: r.projects.id, to: r.containers.projectId }),
  },
  pauses: {
    project: r.one.projects({ from: r.pauses.projectId, to: r.projects.id }),
    pausedByUser: r.one.users({ from: r.pauses.pausedBy, to: r.users.id }),
  },
  containers: {
    project: r.one.projects({ from: r.containers.projectId, to: r.projects.id, optional: false }),
    schedule: r.one.schedules({ from: r.containers.id, to: r.schedules.containerId, optional: false }),
    tasks: r.many.tasks({ from: r.containers.id, to: r.tasks.containerId }),
    relations: r.many.relations({ from: r.containers.id, to: r.relations.containerId }),
    runs: r.many.runs({ from: r.containers.id, to: r.runs.containerId }),
    // The same link once more, so that the last runs and a page of runs are one statement.
    recentRuns: r.many.runs({ from: r.containers.id, to: r.runs.containerId }),
    changes: r.many.containerChanges({ from: r.containers.id, to: r.containerChanges.containerId }),
  },
  containerChanges: {
    author: r.one.users({ from: r.containerChanges.changedBy, to: r.users.id }),
  },
  tasks: {
    container: r.one.containers({ from: r.tasks.containerId, to: r.containers.id, optional: false }),
  },
  relations: {
    upstream: r.one.tasks({ from: r.relations.upstreamId, to: r.tasks.id, optional: false }),
    downstream: r.one.tasks({ from: r.relations.downstreamId, to: r.tasks.id, optional: false }),
  },
  runs: {
    project: r.one.projects({ from: r.runs.projectId, to: r.projects.id, optional: false }),
    container: r.one.containers({ from: r.runs.containerId, to: r.containers.id }),
    version: r.one.containerVersions({ from: r.runs.versionId, to: r.containerVersions.id, optional: false }),
    startedByUser: r.one.users({ from: r.runs.startedBy, to: r.users.id }),
    retryOfRun: r.one.runs({ from: r.runs.retryOf, to: r.runs.id }),
    taskRuns: r.many.taskRuns({ from: r.runs.id, to: r.taskRuns.runId }),
  },
  taskRuns: {
    run: r.one.runs({ from: r.taskRuns.runId, to: r.runs.id, optional: false }),
    task: r.one.tasks({ from: r.taskRuns.taskId, to: r.tasks.id }),
    agent: r.one.agents({ from: r.taskRuns.agentId, to: r.agents.id }),
    attempts: r.many.attempts({ from: r.taskRuns.id, to: r.attempts.taskRunId }),
    reusedFromTaskRun: r.one.taskRuns({ from: r.taskRuns.reusedFrom, to: r.taskRuns.id }),
  },
  messages: {
    container: r.one.containers({ from: r.messages.containerId, to: r.containers.id }),
    run: r.one.runs({ from: r.messages.runId, to: r.runs.id }),
    actor: r.one.users({ from: r.messages.actorId, to: r.users.id }),
  },
  attempts: {
    taskRun: r.one.taskRuns({ from: r.attempts.taskRunId, to: r.taskRuns.id, optional: false }),
    agent: r.one.agents({ from: r.attempts.agentId, to: r.agents.id, optional: false }),
  },
}));
