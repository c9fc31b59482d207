import { strictEqual } from "node:assert/strict";
import { beginUndo, changeWithUndo, stepBack, stepForth } from "../../../client/lib/undo.ts";

Deno.test("stepBack() and stepForth() walk through the changes and stop at their ends", () => {
  const changed = changeWithUndo(changeWithUndo(beginUndo("a"), "b", null), "c", null);

  const back = stepBack(stepBack(stepBack(changed)));
  const forth = stepForth(stepForth(stepForth(back)));

  strictEqual(back.present, "a");
  strictEqual(forth.present, "c");
});

Deno.test("changeWithUndo() joins changes of one subject into one step", () => {
  const typed = changeWithUndo(changeWithUndo(beginUndo(""), "n", "name"), "na", "name");

  strictEqual(stepBack(typed).present, "");
});

Deno.test("changeWithUndo() begins a new step after an undo, and forgets what was undone", () => {
  const undone = stepBack(changeWithUndo(beginUndo("a"), "b", "name"));
  const again = changeWithUndo(undone, "c", "name");

  strictEqual(stepForth(again).present, "c");
  strictEqual(stepBack(again).present, "a");
});
