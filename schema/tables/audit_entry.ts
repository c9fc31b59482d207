import { index, jsonb, snakeCase, text } from "drizzle-orm/pg-core";
import { auditSource, createdAt, id, reference } from "./columns.ts";

/** The changed fields, each as it was and as it is. */
export type AuditChanges = Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;

/** An action, or the attempt of one: written in the transaction of the action, and never changed. */
export const auditEntries = snakeCase.table("audit_entries", {
  id: id(),
  at: createdAt(),
  /** Without foreign keys, like the project: an entry outlives what it names. */
  actorId: reference(),
  actorName: text().notNull(),
  source: auditSource().notNull(),
  address: text(),
  action: text().notNull(),
  projectId: reference(),
  subject: text().notNull(),
  /** A global id. */
  subjectId: text(),
  changes: jsonb().$type<AuditChanges>(),
}, (table) => [
  index("audit_entries_at_index").on(table.at, table.id),
  index("audit_entries_project_id_index").on(table.projectId, table.at, table.id),
  index("audit_entries_subject_id_index").on(table.subjectId, table.at, table.id),
  index("audit_entries_actor_id_index").on(table.actorId, table.at, table.id),
]);
