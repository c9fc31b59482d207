/** Containers and their parts in the audit log. */
import type { Container } from "../../../schema/tables/container.ts";
import type { Task } from "../../../schema/tables/task.ts";
import type { TaskValues } from "../../../schema/definition/task.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Viewer } from "../accounts/interface.ts";
import { audit, changesOf, subjectOf } from "../audit/audit.ts";
import { contentOf, settingsOf } from "./history.ts";

type Named = Pick<Container, "id" | "name" | "projectId">;

/** What people set of a container, and its version, which says the rest: tasks and relations as they were and are. */
export async function readFacts(tx: Transaction, containerId: number): Promise<object> {
  const row = await tx.query.containers.findFirst({ where: { id: containerId }, with: { schedule: true } });
  if (row === undefined) return {};
  const { name, description, enabled, version } = row;
  return { name, description, enabled, version, ...settingsOf(row, row.schedule) };
}

/** `before` are the facts before the change. */
export async function auditChange(
  tx: Transaction,
  viewer: Viewer,
  action: string,
  container: Named,
  before: object,
): Promise<void> {
  const changes = changesOf(before, await readFacts(tx, container.id));
  await audit(tx, viewer, action, subjectOf("Container", container), changes);
}

export async function auditTask(
  tx: Transaction,
  viewer: Viewer,
  action: string,
  { projectId }: Pick<Container, "projectId">,
  { id, before, after }: {
    readonly id: number;
    readonly before: Task | null;
    readonly after: TaskValues | null;
  },
): Promise<void> {
  const name = before?.name ?? after?.name ?? "";
  const changes = changesOf(before === null ? null : contentOf(before), after);
  await audit(tx, viewer, action, subjectOf("Task", { id, name, projectId }), changes);
}

export async function auditRelation(
  tx: Transaction,
  viewer: Viewer,
  action: string,
  container: Named,
  { id, before, after }: {
    readonly id: number;
    readonly before: string | null;
    readonly after: string | null;
  },
): Promise<void> {
  const text = `relation in container "${container.name}"`;
  const subject = { kind: "Relation", id, text, projectId: container.projectId } as const;
  await audit(tx, viewer, action, subject, { condition: { before, after } });
}
