/** Says the server's refusals in Chinese, by their keys. */
import type { Dictionary } from "../en.ts";
import type { RefusalWords, Telling, ToldRefusal } from "./words.ts";
import { zhCron } from "./zh_cron.ts";
import { zhEdits } from "./zh_edits.ts";
import { zhFields } from "./zh_fields.ts";
import { zhRequests } from "./zh_requests.ts";
import { zhRuns } from "./zh_runs.ts";

/** The compiler says which sentence is missing. */
export const zhRefusals: RefusalWords = { ...zhCron, ...zhEdits, ...zhFields, ...zhRequests, ...zhRuns };

/** A sentence that only a newer server knows stays in English. */
export function sayInChinese({ messageKey, messageValues, message }: ToldRefusal, words: Dictionary): string {
  if (typeof messageKey !== "string" || !Object.hasOwn(zhRefusals, messageKey)) return message;
  // With each key the server sends the values that both sides are compiled against.
  const sentence = zhRefusals[messageKey as keyof RefusalWords] as (
    values: unknown,
    telling: Telling,
  ) => string;
  return sentence(messageValues, {
    words,
    clause: ({ key, values, text }) =>
      sayInChinese({ messageKey: key, messageValues: values, message: text }, words),
  });
}
