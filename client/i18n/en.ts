/** Every English text of the console: each feature has its own, and every other language has the same keys. */
import { words as account } from "../account/words_en.ts";
import { words as audit } from "../audit/words_en.ts";
import { words as containers } from "../containers/words_en.ts";
import { words as dag } from "../dag/words_en.ts";
import { words as editor } from "../editor/words_en.ts";
import { words as hosts } from "../hosts/words_en.ts";
import { words as live } from "../live/words_en.ts";
import { words as logCentre } from "../log_centre/words_en.ts";
import { words as logs } from "../logs/words_en.ts";
import { words as messages } from "../messages/words_en.ts";
import { words as moving } from "../moving/words_en.ts";
import { words as overview } from "../overview/words_en.ts";
import { words as palette } from "../palette/words_en.ts";
import { words as runs } from "../runs/words_en.ts";
import { words as schedule } from "../schedule/words_en.ts";
import { words as shell } from "../shell/words_en.ts";
import { words as signIn } from "../sign_in/words_en.ts";
import { words as tasks } from "../tasks/words_en.ts";
import { words as teams } from "../teams/words_en.ts";
import { words as variables } from "../variables/words_en.ts";
import { words as versions } from "../versions/words_en.ts";
import { words as common } from "./common_en.ts";
import { sayInEnglish } from "./refusals/en.ts";
import type { ToldRefusal } from "./refusals/words.ts";

export const en = {
  ...common,
  ...account,
  ...audit,
  ...containers,
  ...dag,
  ...editor,
  ...hosts,
  ...live,
  ...logCentre,
  ...logs,
  ...messages,
  ...moving,
  ...overview,
  ...palette,
  ...runs,
  ...schedule,
  ...shell,
  ...signIn,
  ...tasks,
  ...teams,
  ...variables,
  ...versions,
  refusals: {
    /** Also of what is stored, and is no refusal. */
    message: (told: ToldRefusal): string => sayInEnglish(told, en),
  },
};

export type Dictionary = typeof en;
