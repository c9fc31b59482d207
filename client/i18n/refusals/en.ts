/** Says what the server stored in English, with the console's own times and names of fields. Refusals stay as they are. */
import { storedSentences as stored } from "../../../schema/sentences/stored.ts";
import { formatFire } from "../../lib/time.ts";
import { fieldName } from "../field_names.ts";
import type { Dictionary } from "../en.ts";
import { type RefusalWords, sayBy, type ToldRefusal } from "./words.ts";

const enStored: Partial<RefusalWords> = {
  ...stored,
  SETTINGS_CHANGED: ({ fields }, _format, words) =>
    stored.SETTINGS_CHANGED({ fields: nameAll(fields, words) }),
  TASK_CHANGED: ({ name, fields }, _format, words) =>
    stored.TASK_CHANGED({ name, fields: nameAll(fields, words) }),
  RELATION_CHANGED: ({ condition }, _format, words) =>
    `relation changed: when it ${words.conditions[condition]}`,
  RUN_LATE: ({ at, seconds }) => stored.RUN_LATE({ at: formatSlot(at, "en"), seconds }),
  SLOT_MISSED: ({ at, why }, format) => stored.SLOT_MISSED({ at: formatSlot(at, "en"), why }, format),
  SLOTS_MISSED: ({ from, to, ...rest }, format) =>
    stored.SLOTS_MISSED({ ...rest, from: formatSlot(from, "en"), to: formatSlot(to, "en") }, format),
};

export function sayInEnglish(told: ToldRefusal, words: Dictionary): string {
  return sayBy(enStored, told, words);
}

/** In UTC, as all slots are told; without its year, which what is shown so is never older than. */
export function formatSlot(at: string, language: string): string {
  return `${formatFire(at, "UTC", Date.parse(at), language)} UTC`;
}

function nameAll(fields: readonly string[], words: Dictionary): readonly string[] {
  return fields.map((field) => fieldName(words, field).toLowerCase());
}
