/** All tables: what drizzle-kit reads to write migrations, and what a backup has to carry. */
export * from "./agent.ts";
export * from "./attempt.ts";
export * from "./audit_entry.ts";
export {
  attemptState,
  auditSource,
  joinRule,
  messageKind,
  misfirePolicy,
  missingTime,
  offlinePolicy,
  overlapPolicy,
  projectRole,
  relationCondition,
  repeatedTime,
  runCause,
  runState,
  slotOutcome,
  stopCause,
  taskRunState,
  tokenScope,
} from "./columns.ts";
export * from "./container.ts";
export * from "./log.ts";
export * from "./member.ts";
export * from "./message.ts";
export * from "./project.ts";
export * from "./run.ts";
export * from "./schedule.ts";
export * from "./server.ts";
export * from "./task.ts";
export * from "./user.ts";
export * from "./variable.ts";
