import { strictEqual } from "node:assert/strict";
import { containerFields } from "../../../schema/definition/container.ts";
import { en } from "../../../client/i18n/en.ts";
import { fieldName } from "../../../client/i18n/field_names.ts";

Deno.test("fieldName() calls a field as its form does", () => {
  strictEqual(fieldName(en, "maxCatchUp"), en.schedule.maxCatchUp);
  strictEqual(fieldName(en, "timeoutSeconds"), en.task.timeout);
  strictEqual(fieldName(en, "timeoutSeconds", containerFields), en.settings.timeout);
});

Deno.test("fieldName() leaves what is no field as it is, whatever objects have by themselves", () => {
  strictEqual(fieldName(en, "expectedVersion"), "expectedVersion");
  strictEqual(fieldName(en, "constructor"), "constructor");
});
