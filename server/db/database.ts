/** The database as queries see it. */
import type { links } from "../../schema/tables/links.ts";
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";

export type Database = PostgresJsDatabase<typeof links>;
