/** 暂停与定时启动。 */
import type { RefusalWords } from "./words.ts";
import { zhActions as actions } from "./zh_actions.ts";

export const zhPauses = {
  SLOT_PAUSED: ({ reason }) => `已暂停：${reason}`,
  NOT_PAUSED: ({ action }) => `无法${actions[action]}：并未暂停`,
  PAUSE_REASON: ({ action, most }) =>
    `无法${actions[action]}：请说明原因，1 到 ${most} 个字符；每个页面都会显示`,
  START_FAR: ({ action, days }) => `无法${actions[action]}：时间在 ${days} 天之后`,
  RERUN_STRANGE: ({ action }) => `无法${actions[action]}：所给的任务运行不属于此运行`,
  WAITS_FOR_PAUSE: ({ reason }) => `已暂停：${reason}`,
} as const satisfies Partial<RefusalWords>;
