/** How rows find each other in a query ("relations" is a table of ours, so drizzle's relations are called links). */
import { defineRelations } from "drizzle-orm";
import * as tables from "./mod.ts";

export const links = defineRelations(tables, (r) => ({
  users: {
    apiTokens: r.many.apiTokens({ from: r.users.id, to: r.apiTokens.userId }),
    memberships: r.many.members({ from: r.users.id, to: r.members.userId }),
    identities: r.many.identities({ from: r.users.id, to: r.identities.userId }),
  },
  sessions: {
    user: r.one.users({ from: r.sessions.userId, to: r.users.id, optional: false }),
  },
  apiTokens: {
    project: r.one.projects({ from: r.apiTokens.projectId, to: r.projects.id }),
  },
  members: {
    user: r.one.users({ from: r.members.userId, to: r.users.id, optional: false }),
    project: r.one.projects({ from: r.members.projectId, to: r.projects.id, optional: false }),
  },
  projects: {
    parent: r.one.projects({ from: r.projects.parentId, to: r.projects.id }),
    children: r.many.projects({ from: r.projects.id, to: r.projects.parentId }),
    tokens: r.many.apiTokens({ from: r.projects.id, to: r.apiTokens.projectId }),
    containers: r.many.containers({ from: r.projects.id, to: r.containers.projectId }),
    variables: r.many.variables({ from: r.projects.id, to: r.variables.projectId }),
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
    favorites: r.many.favorites({ from: r.containers.id, to: r.favorites.containerId }),
    changes: r.many.containerChanges({ from: r.containers.id, to: r.containerChanges.containerId }),
    variables: r.many.variables({ from: r.containers.id, to: r.variables.containerId }),
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
  agents: {
    server: r.one.servers({ from: r.agents.serverId, to: r.servers.id }),
  },
  messages: {
    container: r.one.containers({ from: r.messages.containerId, to: r.containers.id }),
    run: r.one.runs({ from: r.messages.runId, to: r.runs.id }),
    actor: r.one.users({ from: r.messages.actorId, to: r.users.id }),
  },
  auditEntries: {
    actor: r.one.users({ from: r.auditEntries.actorId, to: r.users.id }),
    project: r.one.projects({ from: r.auditEntries.projectId, to: r.projects.id }),
  },
  variables: {
    project: r.one.projects({ from: r.variables.projectId, to: r.projects.id, optional: false }),
    container: r.one.containers({ from: r.variables.containerId, to: r.containers.id }),
    updatedByUser: r.one.users({ from: r.variables.updatedBy, to: r.users.id }),
  },
  attempts: {
    taskRun: r.one.taskRuns({ from: r.attempts.taskRunId, to: r.taskRuns.id, optional: false }),
    agent: r.one.agents({ from: r.attempts.agentId, to: r.agents.id, optional: false }),
  },
}));
