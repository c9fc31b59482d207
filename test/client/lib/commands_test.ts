import { strictEqual } from "node:assert/strict";
import { tellingLine } from "../../../client/lib/commands.ts";

const cases: readonly (readonly [string, string])[] = [
  ["df -h", "df -h"],
  ["#!/bin/bash\nset -eu\n\n  df -h\n", "df -h"],
  ["set -eu", "set -eu"],
  ["", ""],
];

for (const [command, line] of cases) {
  Deno.test(`tellingLine() takes "${line}" from ${JSON.stringify(command)}`, () => {
    strictEqual(tellingLine(command), line);
  });
}
