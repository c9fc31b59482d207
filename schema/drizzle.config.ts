/** Read by drizzle-kit when it writes a migration. */
export default {
  dialect: "postgresql" as const,
  schema: "./schema/tables/mod.ts",
  out: "./migrations",
};
