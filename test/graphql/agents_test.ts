import assert from "node:assert/strict";
import { agents } from "../../schema/tables/agent.ts";
import { openApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

Deno.test("agents tell the server's own from that of another server on the same database", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  await test.db.insert(agents).values({ key: "other", name: "other server", capacity: 4 });

  const { data } = await api.ask("{ agents { name address local } }", {}, api.domain.viewer);

  const shown = data.agents.map(({ address, local }: Record<string, unknown>) => [address, local]);
  assert.deepEqual(shown.toSorted(), [[null, false], [null, true]]);
});
