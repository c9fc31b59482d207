import { deepStrictEqual } from "node:assert/strict";
import { nameRows } from "../../../client/graphql/row_names.ts";

Deno.test("nameRows() names edges by their node and slots by their time, and leaves all others alone", () => {
  const answer = {
    runs: { edges: [{ node: { id: "a" } }, { node: { text: "no id" } }], totalCount: 2 },
    container: { id: "c", slots: [{ at: "2026-01-01T00:00:00Z", run: { id: "r" } }], tags: ["x"] },
    upcoming: [{ at: "2026-01-01T00:00:00Z", container: { id: "c" } }],
    nothing: null,
  };

  deepStrictEqual(nameRows(answer), {
    runs: { edges: [{ id: "a", node: { id: "a" } }, { node: { text: "no id" } }], totalCount: 2 },
    container: {
      id: "c",
      slots: [{ id: "2026-01-01T00:00:00Z", at: "2026-01-01T00:00:00Z", run: { id: "r" } }],
      tags: ["x"],
    },
    upcoming: [{ id: "2026-01-01T00:00:00Z c", at: "2026-01-01T00:00:00Z", container: { id: "c" } }],
    nothing: null,
  });
});
