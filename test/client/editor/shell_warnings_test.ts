import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { findShellWarnings, type ShellRule } from "../../../client/editor/shell_warnings.ts";

/** A command and the rules that it breaks. */
const cases: readonly (readonly [command: string, rules: readonly ShellRule[]])[] = [
  ["echo hello", []],
  ["echo one\r\necho two", ["crlf"]],
  ["echo 'it", ["unclosed"]],
  ["echo \"it's\" # don't", []],
  ["0 4 * * * /usr/local/bin/backup", ["crontabLine"]],
  ["*/5 * * * 1-5 backup", ["crontabLine"]],
  ["@daily backup", ["crontabLine"]],
  ["echo 0 4 * * * | cat", []],
  ["#!/usr/bin/env python3\nprint(1)", ["shebang"]],
  ["#!/bin/bash\necho ok", []],
  ["cd /srv\nls", ["cdUnchecked"]],
  ["cd /srv; ls", ["cdUnchecked"]],
  ["cd /srv || exit 1\nls", []],
  ["cd /srv && ls", []],
  ["set -e\ncd /srv\nls", []],
  ["cd /srv\nset -e\nls", ["cdUnchecked"]],
  ["cd /srv", []],
  ["cat <<END\ncd /srv\nls\nEND\necho", []],
  ["cat <<-'END'\n\tcd /srv\n\tEND\necho", []],
  ["cat <<< word\ncd /srv\nls", ["cdUnchecked"]],
  ["# cd /srv\nls", []],
  ["rm -rf $TEMP", ["rmUnquoted"]],
  ['rm -rf "$TEMP"', []],
  ['rm -rf "$TEMP/cache"', ["rmEmpty"]],
  ['rm -rf "${TEMP:?}/cache"', []],
  ['set -u\nrm -rf "$TEMP/cache"', []],
  ["rm -rf '$TEMP/x'", []],
  ["rm $FILE", []],
  ["set -e\ncat file | sort", ["pipefail"]],
  ["set -euo pipefail\ncat file | sort", []],
  ["set -e\ntrue || false", []],
  ["set -e\necho 'a | b'", []],
  ["cat file | sort", []],
  ["date +\\%Y", ["percent"]],
  ["date '+\\%Y'", ["percent"]],
  ["date +%Y", []],
  ["sudo systemctl restart web", ["sudo"]],
  ["sudo -n systemctl restart web", []],
  ["sudo -u web -n true", []],
  ["echo ok; sudo true", ["sudo"]],
  ["echo sudo", []],
  ["backup &", ["background"]],
  ["backup &\nwait", []],
  ["one && two", []],
  ["echo x >&2", []],
  ['ls "~/files"', ["quotedTilde"]],
  ["ls ~/files", []],
];

for (const [command, expected] of cases) {
  Deno.test(`findShellWarnings() ${expected.join(", ") || "says nothing"}: ${JSON.stringify(command)}`, () => {
    deepStrictEqual(findShellWarnings(command, "/bin/bash").map(({ rule }) => rule), expected);
  });
}

Deno.test("findShellWarnings() tells places and lines", () => {
  const [warning] = findShellWarnings("echo\ncd /srv\nls", "/bin/bash");

  deepStrictEqual(warning, { rule: "cdUnchecked", from: 5, to: 12, line: 2 });
});

Deno.test("findShellWarnings() says nothing of other languages, and pipefail only to shells that have it", () => {
  deepStrictEqual(findShellWarnings("cd /srv\nls", "/usr/bin/python3"), []);
  deepStrictEqual(findShellWarnings("set -e\na | b", "/bin/sh"), []);
});

Deno.test("findShellWarnings() says the same thing only a few times", () => {
  strictEqual(findShellWarnings("sudo true\n".repeat(50), "/bin/bash").length, 5);
});
