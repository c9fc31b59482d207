/**
 * What a first start finds: the default project, and in it a container that is of use as it stands. Each is made once
 * in the life of a database, so that what was deleted stays deleted.
 */
import { eq } from "drizzle-orm";
import { say } from "../../../schema/sentences.ts";
import type { Database } from "../../db/database.ts";
import { containers } from "../../../schema/tables/container.ts";
import { projects, settings } from "../../../schema/tables/project.ts";
import { schedules } from "../../../schema/tables/schedule.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import { exampleRelations, exampleTasks } from "./example_tasks.ts";
import { insertGraphs } from "./task_rows.ts";
import { noteChange } from "./versions.ts";

const MADE = "example-made";

export async function seedExample(db: Database): Promise<void> {
  await transaction(db, async (tx) => {
    await tx.insert(projects).values({
      slug: "default",
      name: "Default",
      description: "The project that every container is in unless it names another",
    }).onConflictDoNothing();
    // The row's key decides between two servers that start at once.
    const made = await tx.insert(settings).values({ key: MADE, value: "yes" }).onConflictDoNothing()
      .returning({ key: settings.key });
    if (made.length > 0) await insertExample(tx);
  });
}

async function insertExample(tx: Transaction): Promise<void> {
  const [project] = await tx.select({ id: projects.id }).from(projects).where(eq(projects.slug, "default"));
  if (project === undefined) throw new Error("The default project was not made");
  const [container] = await tx.insert(containers).values({
    projectId: project.id,
    name: "Machine report",
    description:
      "Gathers facts about this machine side by side, joins them into a report, checks it and keeps it with " +
      "its date. Press Run to see it work; change it, schedule it, or delete it",
  }).returning();
  if (container === undefined) throw new Error("An insert gave no row back");
  await tx.insert(schedules).values({ containerId: container.id, anchorAt: container.createdAt });
  await insertGraphs(tx, [{ containerId: container.id, tasks: exampleTasks, relations: exampleRelations }]);
  await noteChange(tx, container.id, 1, null, say("CREATED"));
}
