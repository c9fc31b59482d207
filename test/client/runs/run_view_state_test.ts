import { strictEqual } from "node:assert/strict";
import { readRunView, runViews, writeRunView } from "../../../client/runs/run_view_state.ts";

Deno.test("readRunView() shows the graph in a wide window and the output in a narrow one unless told otherwise", () => {
  strictEqual(readRunView(undefined, false), "graph");
  strictEqual(readRunView(undefined, true), "output");
  strictEqual(readRunView("timeline", false), "timeline");
  strictEqual(readRunView("timeline", true), "timeline");
});

Deno.test("readRunView() passes over what is no view of such a window", () => {
  strictEqual(readRunView("output", false), "graph");
  strictEqual(readRunView("nothing", true), "output");
});

Deno.test("writeRunView() leads back to every view", () => {
  for (const narrow of [true, false]) {
    for (const view of runViews(narrow)) {
      strictEqual(readRunView(writeRunView(view, narrow) ?? undefined, narrow), view);
    }
  }
});
