import { strictEqual } from "node:assert/strict";
import { en } from "../../../../client/i18n/en.ts";
import { sayInEnglish } from "../../../../client/i18n/refusals/en.ts";
import { valuesOf } from "../../../../schema/graphql/refusals.ts";
import { say, sayParts, type Sentence, textOf } from "../../../../schema/sentences.ts";

const told: readonly (readonly [Sentence, string])[] = [
  [
    say("VERSION_RESTORED", {
      version: 2,
      changes: sayParts([
        say("TASK_CHANGED", { name: "a", fields: ["maxRetries", "command"] }),
        say("SETTINGS_CHANGED", { fields: ["maxParallel"] }),
        say("RELATION_CHANGED", { condition: "FAILURE" }),
      ]),
    }),
    'version 2 restored: task "a" changed: retries, command; settings changed: maximum parallel tasks; ' +
    "relation changed: when it fails",
  ],
  [
    say("SLOT_MISSED", { at: "2026-11-20T02:30:00.000Z", why: say("SLOT_OUTAGE") }),
    "The slot of Fri, Nov 20, 02:30 UTC passed without a run: No server was up when it was due",
  ],
  [
    say("SLOTS_MISSED", {
      count: 3,
      from: "2026-11-20T02:30:00.000Z",
      to: "2026-11-20T04:30:00.000Z",
      why: null,
    }),
    "3 slots from Fri, Nov 20, 02:30 UTC to Fri, Nov 20, 04:30 UTC passed without a run",
  ],
  [
    say("RUN_LATE", { at: "2026-11-20T02:30:00.000Z", seconds: 60 }),
    "The run of Fri, Nov 20, 02:30 UTC had no task started after 60 s",
  ],
  [say("EXIT_CODE", { code: 3 }), "Exit code 3"],
];

for (const [sentence, english] of told) {
  Deno.test(`sayInEnglish() says ${english}`, () => {
    const said = sayInEnglish(
      { messageKey: sentence.key, messageValues: valuesOf(sentence), message: textOf(sentence) },
      en,
    );

    strictEqual(said, english);
  });
}

Deno.test("sayInEnglish() leaves refusals, and what it does not know, as the server says them", () => {
  for (const messageKey of ["NO_TASK", "WINGS", "toString", undefined]) {
    strictEqual(sayInEnglish({ messageKey, messageValues: {}, message: "Cannot fly" }, en), "Cannot fly");
  }
});
