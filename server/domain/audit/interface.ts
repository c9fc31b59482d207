/** What can be asked of the audit log, and what is recorded beside the actions themselves. */
import type { auditEntries } from "../../../schema/tables/audit_entry.ts";
import type { Viewer, Visible } from "../accounts/interface.ts";

export interface AuditFilter {
  /** The action begins with it. */
  readonly action?: string | null | undefined;
  readonly actorId?: number | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
  /** Slug. */
  readonly project?: string | null | undefined;
  /** A global id. */
  readonly subjectId?: string | null | undefined;
}

export type AuditRow = typeof auditEntries.$inferSelect;

export interface Audit {
  /** The projects whose entries the viewer may read; throws ForbiddenError when there are none. */
  readable(viewer: Viewer): Visible;
  /** Records that a call was forbidden, at most once a minute for an address and a call. */
  recordForbidden(viewer: Viewer, call: string): Promise<void>;
  /** All entries, the newest first, a part at a time. */
  read(viewer: Viewer, filter: AuditFilter): AsyncIterable<readonly AuditRow[]>;
}
