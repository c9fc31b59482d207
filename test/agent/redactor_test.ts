/** Secrets in text, as real programs encode and quote them. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { cutLines, LINE_BYTES } from "../../server/agent/output/lines.ts";
import { formatPartial } from "../../server/agent/output/lines.ts";
import { createRedactor, type Redactor } from "../../server/agent/output/redactor.ts";
import { createRandom } from "../support/random.ts";

const SECRETS = [
  "correct horse",
  "Grüße, \"漢字\" & 'Œuvre' 🪐 $HOME \\n `x`",
  "#hash~tilde=~/path;%2F+a b!",
  "tab\there and control \x1b[0m",
  "<{[(*?|^,)]}>ß",
];

/** Each prints the secret in S in some form, a line for each. */
const SCRIPT = `
printf '%s\\n' "$S" "x$S" "$S$S"
for before in "" a ab; do printf '%s' "$before$S" | base64 -w0; echo; printf '%s' "$before$S" | base64 -w0 | tr +/ -_; echo; done
printf '%q\\n' "$S" "x$S"
LC_ALL=C bash -c 'printf "%q\\n" "$S" "x$S"'
echo "\${S@Q}"
declare -p S
"$DENO" eval --quiet --no-lock 'const { S } = process.env;
  console.log([encodeURIComponent(S), new URLSearchParams({ S }), encodeURIComponent(S).toLowerCase() === "" ? "" : JSON.stringify(S)].join("\\n"))'`;

Deno.test("redact() leaves no line in which a program has printed the secret in any of the usual forms", () => {
  for (const secret of SECRETS) {
    const { stdout } = new Deno.Command("bash", {
      args: ["-c", SCRIPT],
      env: { S: secret, DENO: Deno.execPath(), LC_ALL: "C.UTF-8" },
    }).outputSync();
    const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");

    const { text, count } = redactorOf(secret).redact(lines.join("\n"));

    equal(lines.length, 18);
    ok(count >= lines.length);
    equal(text.split("\n").filter((line) => !line.includes("***")), [], secret);
  }
});

Deno.test("redact() knows each line of a secret of many lines, and what is not a secret stays", () => {
  const redactor = redactorOf("-----BEGIN-----\nAbCdEf1\nxyz\n-----END-----\n");

  const { text, count } = redactor.redact("-----BEGIN-----\nAbCdEf1\nxyz\n-----END-----\nAbCdEf2");

  equal({ text, count }, { text: "***\n***\nxyz\n***\nAbCdEf2", count: 3 });
});

Deno.test("redact() takes what overlaps as one, and the longer of two secrets", () => {
  equal(redactorOf("abcabc").redact("-abcabcabc-"), { text: "-***-", count: 1 });
  equal(redactorOf("secret", "secret-two").redact("secret-two secret"), { text: "*** ***", count: 2 });
});

Deno.test("createRedactor() makes none without secrets", () => {
  equal(createRedactor([]), null);
});

Deno.test("cutLines() cuts no secret in a line of many parts, wherever it stands, and counts the file's bytes", () => {
  const secret = "Ein Geheimnis: 漢字";
  const { next: random } = createRandom(7);
  for (let round = 0; round < 40; round++) {
    const before = LINE_BYTES - 40 + Math.floor(random() * 60);
    const bytes = Buffer.from(
      `${"x".repeat(before)}${secret}${"y".repeat(LINE_BYTES - 30)}${secret}z\nnext ${secret}\n`,
    );

    const { texts, length, redactedCount } = cutInPieces(bytes, redactorOf(secret), random);

    equal(length, bytes.length);
    equal(redactedCount, 3);
    const joined = texts.join("\n").replaceAll("…\n…", "");
    equal(joined, `${"x".repeat(before)}***${"y".repeat(LINE_BYTES - 30)}***z\nnext ***`);
  }
});

Deno.test("cutLines() goes on where a secret is repeated for longer than a part", () => {
  const { texts, length } = cutInPieces(
    Buffer.from(`${"ab".repeat(LINE_BYTES)}\n`),
    redactorOf("abababab"),
    () => 1,
  );

  equal(length, 2 * LINE_BYTES + 1);
  ok(texts.every((text) => !text.includes("abababab")));
});

Deno.test("formatPartial() shows neither a secret nor the beginning or the end of one", () => {
  const redactor = redactorOf("hunter2-hunter2");

  equal(formatPartial(Buffer.from("password: hunter2-hunter2 ok"), false, redactor), "password: *** ok");
  equal(formatPartial(Buffer.from("password: hunter2-hun"), false, redactor), "password: ");
  equal(formatPartial(Buffer.from(`ter2-hunter2${".".repeat(5000)}`), true, redactor), `…${".".repeat(916)}`);
});

function redactorOf(...secrets: string[]): Redactor {
  const redactor = createRedactor(secrets);
  if (redactor === null) throw new Error("There are secrets");
  return redactor;
}

/** As the agent reads them: a part of the file at a time. */
function cutInPieces(
  bytes: Uint8Array,
  redactor: Redactor,
  random: () => number,
): { readonly texts: readonly string[]; readonly length: number; readonly redactedCount: number } {
  const texts: string[] = [];
  let length = 0;
  let redactedCount = 0;
  for (let seen = 0; length < bytes.length;) {
    seen = Math.min(bytes.length, seen + 1 + Math.floor(random() * LINE_BYTES));
    const cut = cutLines(bytes.subarray(length, seen), {
      final: seen === bytes.length,
      continued: length > 0 && bytes[length - 1] !== 10,
      maxLines: Infinity,
      redactor,
    });
    texts.push(...cut.pieces.flatMap(({ text }) => text.split("\n")));
    length += cut.length;
    redactedCount += cut.redactedCount;
  }
  return { texts, length, redactedCount };
}
