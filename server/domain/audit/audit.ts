/**
 * The audit log: who did what, from where, and what it changed. An entry is written in the transaction of the action.
 * Values of secrets, passwords and tokens are never among the changes, nor are values of environments.
 */
import { sql } from "drizzle-orm";
import { encodeId, type IdType } from "../../../schema/ids.ts";
import type { AuditSource } from "../../../schema/states.ts";
import type { AuditChanges } from "../../../schema/tables/audit_entry.ts";
import type { Database } from "../../db/database.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Viewer } from "../accounts/interface.ts";

/** Fields that say nothing of what somebody changed. */
const TECHNICAL = new Set([
  "id",
  "createdAt",
  "updatedAt",
  "containerId",
  "projectId",
  "nextFireAt",
  "anchorAt",
  "fault",
]);
/** Of a value; a command may be longer. */
const MAX_CHARACTERS = 2_000;

export interface AuditSubject {
  readonly kind: IdType | null;
  /** Null for what has no id, such as the lines that a filter selects. */
  readonly id: number | null;
  /** In English, with the name at the time of the action: `container "nightly"`. */
  readonly text: string;
  readonly projectId: number | null;
}

/** Who did it: a viewer, or somebody who could not be authenticated. */
export type AuditActor = Pick<Viewer, "username" | "credentialId" | "address"> & {
  readonly userId: number | null;
};

export interface AuditRecord {
  readonly viewer: AuditActor;
  readonly action: string;
  readonly subject: AuditSubject;
  readonly changes: AuditChanges | null;
}

export async function audit(
  db: Pick<Database, "execute">,
  viewer: AuditActor,
  action: string,
  subject: AuditSubject,
  changes: AuditChanges | null = null,
): Promise<void> {
  await auditMany(db, [{ viewer, action, subject, changes }]);
}

/** One statement, however many there are. */
export async function auditMany(
  db: Pick<Database, "execute">,
  records: readonly AuditRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map(({ viewer, action, subject: { kind, id, text, projectId }, changes }) => ({
    actor_id: viewer.userId,
    actor_name: viewer.username,
    source: sourceOf(viewer),
    address: viewer.address,
    action,
    project_id: projectId,
    subject: text,
    subject_id: kind === null || id === null ? null : encodeId(kind, id),
    changes,
  }));
  await db.execute(sql`
    insert into audit_entries (actor_id, actor_name, source, address, action, project_id, subject, subject_id, changes)
    select * from json_to_recordset(${
    jsonRows(rows)
  }) as x(actor_id bigint, actor_name text, source audit_source,
      address text, action text, project_id bigint, subject text, subject_id text, changes jsonb)`);
}

export function subjectOf(
  kind: IdType,
  { id, name, projectId }: { readonly id: number; readonly name: string; readonly projectId: number | null },
): AuditSubject {
  const noun = kind.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase().replace(
    "api",
    "API",
  );
  return { kind, id, text: `${noun} "${name}"`, projectId };
}

export function subjectOfRun(
  runId: number,
  container: { readonly name: string; readonly projectId: number },
): AuditSubject {
  return {
    kind: "Run",
    id: runId,
    text: `run of container "${container.name}"`,
    projectId: container.projectId,
  };
}

/** The fields that differ; null for a side that is not there. Null when none does. */
export function changesOf(before: object | null, after: object | null): AuditChanges | null {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter((name) =>
    !TECHNICAL.has(name) && JSON.stringify(old[name]) !== JSON.stringify(fresh[name])
  );
  if (names.length === 0) return null;
  return Object.fromEntries(names.map((name) => [name, {
    before: shown(name, old[name]),
    after: shown(name, fresh[name]),
  }]));
}

function fieldsOf(values: object | null): Readonly<Record<string, unknown>> {
  return { ...values };
}

/** Of an environment only the names: its values may be secret. */
function shown(name: string, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (name === "environment" && typeof value === "object") return Object.keys(value);
  if (typeof value === "string" && value.length > MAX_CHARACTERS) return `${value.slice(0, MAX_CHARACTERS)}…`;
  return value;
}

function sourceOf({ credentialId }: AuditActor): AuditSource {
  return credentialId.startsWith("token:") ? "API" : "CONSOLE";
}
