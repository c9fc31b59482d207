/** 控制台的全部中文文本。The keys are those of English: the compiler checks them in each feature. */
import { words as account } from "../account/words_zh.ts";
import { words as audit } from "../audit/words_zh.ts";
import { words as containers } from "../containers/words_zh.ts";
import { words as dag } from "../dag/words_zh.ts";
import { words as editor } from "../editor/words_zh.ts";
import { words as hosts } from "../hosts/words_zh.ts";
import { words as live } from "../live/words_zh.ts";
import { words as logCentre } from "../log_centre/words_zh.ts";
import { words as logs } from "../logs/words_zh.ts";
import { words as messages } from "../messages/words_zh.ts";
import { words as moving } from "../moving/words_zh.ts";
import { words as overview } from "../overview/words_zh.ts";
import { words as palette } from "../palette/words_zh.ts";
import { words as runs } from "../runs/words_zh.ts";
import { words as schedule } from "../schedule/words_zh.ts";
import { words as shell } from "../shell/words_zh.ts";
import { words as signIn } from "../sign_in/words_zh.ts";
import { words as tasks } from "../tasks/words_zh.ts";
import { words as teams } from "../teams/words_zh.ts";
import { words as variables } from "../variables/words_zh.ts";
import { words as versions } from "../versions/words_zh.ts";
import { words as common } from "./common_zh.ts";
import type { Dictionary } from "./en.ts";
import { sayInChinese } from "./refusals/zh.ts";

export const zh: Dictionary = {
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
  refusals: { message: (told): string => sayInChinese(told, zh) },
};
