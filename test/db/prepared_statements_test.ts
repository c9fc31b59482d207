import assert from "node:assert/strict";
import { prepareMarked } from "../../server/db/prepared_statements.ts";
import { openTestDatabase } from "../support/database.ts";

Deno.test("prepareMarked() lets go of the parameters of a query that is answered", async () => {
  await using test = await openTestDatabase();
  const query = prepareMarked(test.sql).unsafe("select length($1::text) as length", ["text"]);

  const rows = await query;

  assert.equal(rows[0]?.length, 4);
  // What the driver keeps in a query is not in its types.
  const { args, parameters } = query as unknown as Record<string, unknown>;
  assert.deepEqual({ args, parameters }, { args: [], parameters: [] });
});
