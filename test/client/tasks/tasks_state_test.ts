import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { firstLine, readTasksView, tasksFilter } from "../../../client/tasks/tasks_state.ts";

Deno.test("tasksFilter() asks for what the address says, and passes over what it does not know", () => {
  const cases = [
    [{}, {}],
    [{ q: "load" }, { nameContains: "load" }],
    [{ q: "curl", in: "command", enabled: "no" }, { commandContains: "curl", enabled: false }],
    [{ in: "elsewhere", enabled: "perhaps" }, {}],
  ] as const;

  for (const [address, filter] of cases) deepStrictEqual(tasksFilter(readTasksView(address)), filter);
});

Deno.test("firstLine() passes over comments and empty lines, unless there is nothing else", () => {
  strictEqual(firstLine("#!/bin/bash\n\n  # loads\n  load --all\nend"), "load --all");
  strictEqual(firstLine("# later"), "# later");
  strictEqual(firstLine(""), "");
});
