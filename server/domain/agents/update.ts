/** What people change of an agent: its name, its labels, and how much of the work it gets. */
import { type SQL, sql } from "drizzle-orm";
import { MAX_AGENT_LABELS, SYSTEM_LABEL } from "../../../schema/definition/label.ts";
import { ConflictError, InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import type { Given } from "../../../schema/given.ts";
import { say } from "../../../schema/sentences.ts";
import { idArray, textArray } from "../../db/parameters.ts";
import type { Database } from "../../db/database.ts";
import { transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { audit, changesOf, subjectOf } from "../audit/audit.ts";
import type { Viewer } from "../accounts/interface.ts";
import { authorise, findForbidden } from "../accounts/rights.ts";
import { includesProject, visibleTo } from "../accounts/visible.ts";
import { flag, labels, name, readFields, texts, whole } from "../inputs.ts";
import { findProject } from "../projects/projects.ts";
import { nameLabel } from "./agents.ts";

const MAX_WEIGHT = 1000;

const shape = {
  name,
  labels: labels(MAX_AGENT_LABELS),
  weight: whole(0, MAX_WEIGHT),
  cordoned: flag,
  projects: texts,
};

export interface AgentChanges {
  readonly id: number;
  readonly name?: Given<string>;
  readonly labels?: Given<readonly string[]>;
  readonly weight?: Given<number>;
  readonly cordoned?: Given<boolean>;
  readonly projects?: Given<readonly string[]>;
}

interface AgentRow extends Record<string, unknown> {
  readonly name: string;
  readonly labels: readonly string[];
  readonly weight: number;
  readonly cordoned: boolean;
  readonly projectIds: readonly number[] | null;
}

/** Answers the agent's id. What it claimed and has not started yet it gives back once it may not have it any more. */
export async function updateAgent(
  { db, bus }: { readonly db: Database; readonly bus: Bus },
  viewer: Viewer,
  { id, ...input }: AgentChanges,
): Promise<number> {
  return await transaction(db, async (tx, after) => {
    const [agent] = await tx.execute<AgentRow>(sql`
      select name, labels, weight, cordoned, project_ids as "projectIds" from agents where id = ${id} for update`);
    const visible = visibleTo(viewer);
    const seen = agent !== undefined &&
      (agent.projectIds === null || agent.projectIds.some((project) => includesProject(visible, project)));
    if (!seen) throw new NotFoundError(say("NO_AGENT", { action: "update agent" }), ["id"]);
    authoriseOnAny(viewer, agent.projectIds);
    const { projects, ...values } = readFields(shape, input, "update agent");
    const reserved = values.labels?.find((label) => SYSTEM_LABEL.test(label));
    if (reserved !== undefined) {
      throw new InvalidInputError(say("LABEL_RESERVED", { label: reserved }), ["labels"]);
    }
    const projectIds = projects === undefined
      ? undefined
      : await findProjects(db, viewer, agent.projectIds, projects);
    if (values.name !== undefined) await refuseTakenName(tx, id, values.name);
    const newName = values.name ?? agent.name;
    const changes: SQL[] = [
      sql`name = ${newName}`,
      sql`labels = ${relabel(values.labels, newName)}`,
      ...(values.weight === undefined ? [] : [sql`weight = ${values.weight}`]),
      ...(values.cordoned === undefined ? [] : [sql`cordoned = ${values.cordoned}`]),
      ...(projectIds === undefined ? [] : [sql`project_ids = ${idArray(projectIds)}`]),
    ];
    await tx.execute(sql`update agents set ${sql.join(changes, sql`, `)} where id = ${id}`);
    const subject = subjectOf("Agent", { id, name: agent.name, projectId: agent.projectIds?.[0] ?? null });
    await audit(tx, viewer, "agent.update", subject, changesOf(agent, { ...agent, ...values, projects }));
    // It may have work now that it could not have before, or has to give some back.
    after(() => bus.publish({ kind: "work" }));
    return id;
  });
}

/** One that works for all projects is the installation's; of the others, one project is enough. */
function authoriseOnAny(viewer: Viewer, projectIds: readonly number[] | null): void {
  if (projectIds === null) return authorise(viewer, "agent:change", "installation");
  const refusals = projectIds.map((projectId) => findForbidden(viewer, "agent:change", { projectId }));
  const [refusal] = refusals;
  if (!refusals.includes(null) && refusal !== undefined && refusal !== null) throw refusal;
}

async function findProjects(
  db: Database,
  viewer: Viewer,
  before: readonly number[] | null,
  slugs: readonly string[],
): Promise<readonly number[]> {
  if (slugs.length === 0) throw new InvalidInputError(say("AGENT_PROJECTS"), ["projects"]);
  const ids = await Promise.all([...new Set(slugs)].map((slug) =>
    findProject(db, visibleTo(viewer), slug, {
      message: say("NO_PROJECT", { action: "update agent", slug }),
      path: ["projects"],
    })
  ));
  for (const projectId of ids) {
    if (before !== null && !before.includes(projectId)) authorise(viewer, "agent:change", { projectId });
  }
  return ids;
}

async function refuseTakenName(tx: Pick<Database, "execute">, id: number, wanted: string): Promise<void> {
  const [other] = await tx.execute(
    sql`select id from agents where lower(name) = lower(${wanted}) and id <> ${id}`,
  );
  if (other !== undefined) throw new ConflictError(say("AGENT_NAME_TAKEN", { name: wanted }), ["name"]);
}

/** Those that say what it is stay, but for its name. */
function relabel(given: readonly string[] | undefined, newName: string): SQL {
  const own = given === undefined
    ? sql`array(select label from unnest(labels) as label where label not like 'agent:%')`
    : sql`${
      textArray(given)
    } || array(select label from unnest(labels) as label where label ~ '^(os|arch):')`;
  return sql`${own} || array[${nameLabel(sql`${newName}::text`)}]`;
}
