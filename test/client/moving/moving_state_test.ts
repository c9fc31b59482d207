import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { firesApart, kindOf } from "../../../client/moving/moving_state.ts";

Deno.test("kindOf() guesses from the source, the header and the users that jobs mostly have", () => {
  strictEqual(kindOf("crontab", "MAILTO=x\n0 3 * * * root timeout 60 backup\n"), "SYSTEM");
  strictEqual(kindOf("crontab", "@daily\twww-data php x\n"), "SYSTEM");
  strictEqual(kindOf("/etc/cron.d/x", "0 3 * * * ada backup\n"), "SYSTEM");
  strictEqual(kindOf("crontab", "# m h dom mon dow user command\n0 3 * * * ada backup\n"), "SYSTEM");
  strictEqual(kindOf("crontab", "0 3 * * * /usr/bin/backup root\n"), "USER");
  strictEqual(kindOf("crontab", "# m h dom mon dow command\n0 3 * * * backup --all\n"), "USER");
});

Deno.test("firesApart() tells what only one of the two has", () => {
  deepStrictEqual(firesApart(["a", "b"], ["b", "c"]), { onlyHere: ["a"], onlyCron: ["c"] });
});
