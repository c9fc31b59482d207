/** What can be done with projects and their members. */
import type { SQL } from "drizzle-orm";
import type { Given } from "../../../schema/given.ts";
import type { ProjectRole } from "../../../schema/states.ts";
import type { Viewer } from "../accounts/interface.ts";

export interface NewProject {
  readonly slug: string;
  readonly name: string;
  readonly description?: Given<string>;
  /** Slug of the project above it. */
  readonly parent?: Given<string>;
}

/** A field left out keeps its value. */
export interface ProjectPatch {
  readonly slug: string;
  readonly name?: Given<string>;
  readonly description?: Given<string>;
  readonly logRetentionDays?: Given<number>;
  readonly runRetentionDays?: Given<number>;
}

/** A role as it was granted. */
export interface Membership {
  readonly userId: number;
  readonly projectId: number;
  readonly role: ProjectRole;
  readonly grantedAt: Date;
}

/** A row of a list of members. */
export interface MemberRow extends Membership {
  readonly username: string;
}

/** Which part of a list is read: conditions and an order on the columns `username` and `id` (the user's). */
export interface ListPart {
  readonly condition: SQL;
  readonly order: readonly SQL[];
  readonly limit: number;
}

export interface Projects {
  /** Answers its id, and the viewer as they are from now on. */
  create(viewer: Viewer, input: NewProject): Promise<{ readonly id: number; readonly viewer: Viewer }>;
  /** Answers its id. */
  update(viewer: Viewer, input: ProjectPatch): Promise<number>;
  /** Answers its id. */
  remove(viewer: Viewer, slug: string): Promise<number>;
  /** Null takes the role away; it is answered. */
  setMember(
    viewer: Viewer,
    input: { readonly project: string; readonly userId: number; readonly role: ProjectRole | null },
  ): Promise<Membership>;
  /** Those of the project and of those above it, administrators left out; each with the highest role. */
  listMembers(projectId: number, part: ListPart): Promise<readonly MemberRow[]>;
  countMembers(projectId: number): Promise<number>;
}
