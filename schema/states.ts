/**
 * Every closed set of words that tables, GraphQL, code and screen share. The pgEnum, the GraphQL enum and the
 * TypeScript union are all made from the tuples here, so that a word is added in one place.
 */

export const overlapPolicies = ["SKIP", "ALLOW", "QUEUE", "REPLACE"] as const;
export const misfirePolicies = ["SKIP", "ONCE", "ALL"] as const;
/** What becomes of a time that a clock change leaves out, and of one that it brings twice. */
export const missingTimes = ["SKIP", "SHIFT"] as const;
export const repeatedTimes = ["FIRST", "SECOND", "BOTH"] as const;
export const offlinePolicies = ["FAIL", "REASSIGN", "WAIT"] as const;
export const joinRules = ["ALL", "ANY"] as const;
export const relationConditions = ["SUCCESS", "FAILURE", "ALWAYS"] as const;
export const runStates = ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"] as const;
export const runCauses = ["SCHEDULE", "MANUAL", "API", "RETRY", "CATCH_UP"] as const;
export const taskRunStates = [
  "PENDING",
  "READY",
  "RUNNING",
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "CANCELLED",
  "SKIPPED",
] as const;
export const attemptStates = [
  "STARTING",
  "RUNNING",
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "CANCELLED",
  "LOST",
] as const;
export const slotOutcomes = ["FIRED", "SKIPPED", "MISSED", "CAUGHT_UP"] as const;
/** Why a slot stands in the list of what did not run. */
export const missedKinds = ["LATE", "MISSED", "SKIPPED"] as const;
/** How a fire has to do with a change of the clocks. */
const clockChangeKinds = ["SHIFTED", "REPEATED", "AFTER_CHANGE"] as const;
/** Why a run or an attempt was told to stop; the first one recorded decides how it ends. */
export const stopCauses = ["CANCELLED", "REPLACED", "TIMED_OUT"] as const;
export const logStreams = ["STDOUT", "STDERR", "SYSTEM"] as const;
/** What people are told of when they come back. */
export const messageKinds = [
  "RUN_FAILED",
  "SLOT_MISSED",
  "RUN_LATE",
  "RUN_RECOVERED",
  "CONTAINER_CHANGED",
] as const;
/** Whether an agent is reachable. */
const agentHealths = ["NEVER_SEEN", "OFFLINE", "ONLINE"] as const;
/** In ascending order: each has the rights of those before it. The order is also that of the database's type. */
export const projectRoles = ["VIEWER", "OPERATOR", "EDITOR", "ADMIN"] as const;
/** The first four in ascending order, one for each role; the others include nothing else. */
export const tokenScopes = ["VIEW", "OPERATE", "EDIT", "ADMINISTER", "ENROL_AGENTS", "READ_METRICS"] as const;
export const signInKinds = ["OIDC", "PASSWORD"] as const;
const changeKinds = ["CREATED", "UPDATED", "DELETED"] as const;

/** What a definition file would do to a container. */
export const planActions = ["CREATE", "UPDATE", "DELETE", "UNCHANGED"] as const;
export type PlanAction = typeof planActions[number];
export type OverlapPolicy = typeof overlapPolicies[number];
export type MisfirePolicy = typeof misfirePolicies[number];
export type OfflinePolicy = typeof offlinePolicies[number];
export type AgentHealth = typeof agentHealths[number];
export type MissingTime = typeof missingTimes[number];
export type RepeatedTime = typeof repeatedTimes[number];
export type JoinRule = typeof joinRules[number];
export type RelationCondition = typeof relationConditions[number];
export type ProjectRole = typeof projectRoles[number];
export type TokenScope = typeof tokenScopes[number];
export type SignInKind = typeof signInKinds[number];
/** The kind of client that performed an action. */
export const auditSources = ["AGENT", "API", "CONSOLE", "SERVER"] as const;
export type AuditSource = typeof auditSources[number];

export type RunState = typeof runStates[number];
export type RunCause = typeof runCauses[number];
export type TaskRunState = typeof taskRunStates[number];
export type AttemptState = typeof attemptStates[number];
export type SlotOutcome = typeof slotOutcomes[number];
export type MissedKind = typeof missedKinds[number];
export type ClockChangeKind = typeof clockChangeKinds[number];
export type StopCause = typeof stopCauses[number];
export type LogStream = typeof logStreams[number];
export type MessageKind = typeof messageKinds[number];
export type ChangeKind = typeof changeKinds[number];

export type FinalRunState = "SUCCEEDED" | "FAILED" | "CANCELLED";
export type FinalTaskRunState = "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "CANCELLED" | "SKIPPED";
export type FinalAttemptState = "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "CANCELLED" | "LOST";

/** True when a run in this state never changes again. */
export function finalRun(state: RunState): state is FinalRunState {
  return state === "SUCCEEDED" || state === "FAILED" || state === "CANCELLED";
}

/** True when a task run in this state never changes again. */
export function finalTaskRun(state: TaskRunState): state is FinalTaskRunState {
  return state !== "PENDING" && state !== "READY" && state !== "RUNNING";
}

/** True when an attempt in this state never changes again: its process is gone, or was never there. */
export function finalAttempt(state: AttemptState): state is FinalAttemptState {
  return state !== "STARTING" && state !== "RUNNING";
}
