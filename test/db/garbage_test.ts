import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createCollector } from "../../server/db/garbage.ts";
import { START_FLAGS } from "../support/server.ts";

const module = new URL("../../server/db/garbage.ts", import.meta.url).href;
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Lets an object go that only a collection of everything can find: it has survived others. */
const PROGRAM = `
  import { createCollector } from "${module}";
  const passedOn = createCollector(10);
  let piece = { text: "x" };
  const held = new WeakRef(piece);
  passedOn(10);
  passedOn(10);
  await new Promise((resolve) => setTimeout(resolve, 0));
  const before = held.deref() !== undefined;
  piece = null;
  await new Promise((resolve) => setTimeout(resolve, 0));
  passedOn(10);
  await new Promise((resolve) => setTimeout(resolve, 0));
  console.log(before, held.deref() !== undefined);
`;

Deno.test("createCollector() collects once for so many bytes, however they are divided", () => {
  let collected = 0;
  const passedOn = createCollector(10, () => void collected++);
  passedOn(9);
  assert.equal(collected, 0);
  passedOn(1);
  assert.equal(collected, 1);
  passedOn(25);
  assert.equal(collected, 2);
  passedOn(9);
  assert.equal(collected, 2);
});

Deno.test("createCollector() lets go what has survived, as the program is started", async () => {
  assert.equal(await runProgram([START_FLAGS]), "true false\n");
});

Deno.test("createCollector() does no harm where the runtime does not expose its collector", async () => {
  assert.match(await runProgram([]), /^true /);
});

async function runProgram(flags: readonly string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", ...flags, PROGRAM],
    cwd: root,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
