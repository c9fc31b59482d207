/** Says the server's sentences in Chinese, by their keys. */
import type { Dictionary } from "../en.ts";
import { type RefusalWords, sayBy, type ToldRefusal } from "./words.ts";
import { zhCron } from "./zh_cron.ts";
import { zhCrontab } from "./zh_crontab.ts";
import { zhEdits } from "./zh_edits.ts";
import { zhFields } from "./zh_fields.ts";
import { zhFiles } from "./zh_files.ts";
import { zhParameters } from "./zh_parameters.ts";
import { zhPauses } from "./zh_pauses.ts";
import { zhRequests } from "./zh_requests.ts";
import { zhRuns } from "./zh_runs.ts";
import { zhStored } from "./zh_stored.ts";

/** The compiler says which sentence is missing. */
export const zhRefusals: RefusalWords = {
  ...zhCron,
  ...zhCrontab,
  ...zhEdits,
  ...zhFields,
  ...zhFiles,
  ...zhParameters,
  ...zhPauses,
  ...zhRequests,
  ...zhRuns,
  ...zhStored,
};

export function sayInChinese(told: ToldRefusal, words: Dictionary): string {
  return sayBy(zhRefusals, told, words);
}
