/** The key that signs sign-ins: one for all servers of a database, so that who signed in at one is known at all. */
import { eq } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { settings, SIGNING_KEY } from "../../../schema/tables/project.ts";

/** Of all that servers have given, the first. */
export async function shareSigningKey(db: Database, given: string): Promise<string> {
  await db.insert(settings).values({ key: SIGNING_KEY, value: given }).onConflictDoNothing();
  const [row] = await db.select().from(settings).where(eq(settings.key, SIGNING_KEY));
  if (row === undefined) throw new Error("The key that was just stored is not there");
  return row.value;
}
