/** 运行、输出、列表与统计数字的拒绝。 */
import type { RefusalWords } from "./words.ts";
import { zhActions as actions } from "./zh_actions.ts";

export const zhRuns = {
  NO_RUN: ({ action }) => `无法${actions[action]}：没有这次运行`,
  NO_TASK_RUN: ({ action }) => `无法${actions[action]}：没有这次任务运行`,
  ENDED_ALREADY: ({ action, state }, _format, words) =>
    `无法${actions[action]}：它已结束，${words.states[state]}`,
  RUN_ACTIVE: ({ action, state }, _format, words) =>
    `无法${actions[action]}：这次运行的状态是${words.states[state]}；请取消它或等待其结束`,
  NOTHING_FAILED: ({ action }) =>
    `无法${actions[action]}：这次运行没有失败的任务，因此没有需要重试的；请改为全部重新运行`,
  OVERLAP: ({ action, name, why }, format) => `无法${actions[action]}（容器“${name}”）：${format(why)}`,
  OVERLAP_RUNS: () => "此容器有活动的运行，而它的策略是已有运行时跳过",
  OVERLAP_WAITS: () => "此容器已有一次运行在活动的运行之后等待",
  KEY_USED: ({ action, key, hours }) =>
    `无法${actions[action]}：幂等键“${key}”在最近 ${hours} 小时内曾用于另一组环境变量`,
  NOTHING_ENABLED: ({ action, name }) =>
    `无法${actions[action]}：容器“${name}”没有启用的任务；请先添加或启用一个`,
  LOG_PLACE: ({ field, value }) => `无法指向输出行：${field} ${value} 超出范围`,
  LOG_CURSOR: ({ cursor }) => `无法读取输出行：“${cursor}”不是此列表的游标`,
  LOG_PARTS_DELETED: ({ field }) =>
    `无法删除输出：只能按整次尝试删除，因此${field === "contains" ? "文本" : "输出流"}不能限制范围`,
  LOG_ALL_DELETED: () => "无法删除输出：没有筛选条件，会删除全部",
  LOG_NEEDLE_LONG: ({ most }) => `无法搜索输出行：要查找的文本超过 ${most} 个字符`,
  DOWNLOAD_STRANGER: () => "无法下载输出：请先登录",
  DOWNLOAD_FORMAT: ({ format }) => `无法下载输出：格式“${format}”不是 text 或 ndjson`,
  DOWNLOAD_UNKNOWN: () => "无法下载输出：没有这份输出",
  FIGURES_FIRST: ({ first, most }) => `无法读取 ${first} 个容器的统计数字：数量须是 0 到 ${most}`,
  FIGURES_DAYS: ({ days, most }) => `无法读取 ${days} 天的统计数字：天数须是 1 到 ${most}`,
  HOST_AGENT_UNKNOWN: () => "无法读取主机数字：没有代理对应此标识",
  HOST_AGENT_ELSEWHERE: ({ name }) => `无法读取主机数字：代理“${name}”不在此服务器所在的机器上`,
  HOST_MINUTES: ({ minutes, most }) => `无法读取 ${minutes} 分钟的主机历史：分钟数须是 1 到 ${most}`,
  HOST_SECONDS: ({ seconds, least, most }) => `无法每 ${seconds} 秒跟踪主机：秒数须是 ${least} 到 ${most}`,
  UPCOMING_OUTSIDE: ({ argument, least, most, value }) =>
    `无法列出今后的触发：${argument} 须是 ${least} 到 ${most}，而不是 ${value}`,
  SLOTS_FIRST: ({ first, most }) => `无法列出 ${first} 个时点：数量须是 0 到 ${most}`,
  RECENT_COUNT: ({ count, most }) => `无法列出最近 ${count} 次运行：数量须是 0 到 ${most}`,
  FIRES_COUNT: ({ count, most }) => `无法列出 ${count} 次触发：数量须是 0 到 ${most}`,
  TASK_RUN_IDS: ({ count, most }) => `无法列出任务运行：${count} 个标识超过了 ${most} 个`,
  CONTAINER_UNNAMED: () => "无法查找容器：没有给出标识或名称",
  SEARCH_TEXT: ({ field, most }) => `无法搜索：${field} 含 NUL 字符或超过 ${most} 个字符`,
  PAGE_BOTH_ENDS: () => "无法读取此页：同时给出了 first 和 last",
  PAGE_SIZE: ({ argument, size, most }) => `无法读取此页：${argument} ${size} 须是 0 到 ${most} 的整数`,
  PAGE_CURSOR: ({ argument }) => `无法读取此页：${argument} 不是此列表的游标`,
} as const satisfies Partial<RefusalWords>;
