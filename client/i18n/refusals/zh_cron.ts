/** Cron 表达式、时区、预览的拒绝。 */
import type { RefusalWords } from "./words.ts";

const FIELD_COUNTS =
  "允许 5 个字段（分、时、日、月、星期）、6 个（最前为秒或最后为年）或 7 个（最前为秒且最后为年）";
const INSTANTS = "@at 须是精确到秒并带 Z 或偏移量的时刻，例如 2030-01-31T18:00:00Z，以逗号分隔";

export const zhCron = {
  CRON: ({ quoted, why }, format) => `无法读懂“${quoted}”：${format(why)}`,
  CRON_FIELD: ({ quoted, field, number, count, why }, format, words) =>
    `无法读懂“${quoted}”（第 ${number} 个字段，共 ${count} 个）：${format(why)}。${words.fieldHints[field]}`,
  CRON_COMMAND: ({ quoted }) =>
    `无法读懂“${quoted}”：这像是 crontab 的一行；只有前五个字段是日程，命令应写在任务中`,
  CRON_EIGHTH_FIELD: ({ quoted }) => `无法读懂“${quoted}”（第 8 个字段）：多了一个字段；${FIELD_COUNTS}`,
  CRON_GAP: ({ expression, seconds, least }) =>
    `无法使用“${expression}”：它有时每 ${seconds} 秒触发一次，而此服务器不允许短于 ${least} 秒的间隔`,
  CRON_ITEMS: ({ most }) => `列表最多 ${most} 项`,
  CRON_EMPTY_ITEM: () => "列表中有空项",
  CRON_TWO_STEPS: () => "步长不止一个",
  CRON_STEP: ({ most }) => `步长须是 1 到 ${most}`,
  CRON_NO_RANGE: () => "这不是范围",
  CRON_REVERSED: ({ accepted }) => `范围的首尾颠倒了；请写作 ${accepted}`,
  CRON_BEFORE_LAST: ({ days }) =>
    `L 须单独使用，不能带范围或步长；最后一天之前的日子须按月写出，例如 1,3,5,7,8,10,12 月写 ${
      31 - days
    }，4,6,9,11 月写 ${30 - days}，以“ | ”连接`,
  CRON_ALONE: ({ value }) => `${value} 须单独使用，不能带范围或步长`,
  CRON_UNKNOWN: () => "这里不认识它",
  CRON_UNKNOWN_VALUE: ({ value }) => `这里不认识 ${value}`,
  CRON_VALUE_MISSING: () => "缺少一个值",
  CRON_SPREAD_YEAR: () => "H 不能选择年份",
  CRON_SPREAD_RANGE: () => "H 的范围写作 H(0-29)",
  CRON_LONG: ({ most }) => `表达式最多 ${most} 个字符`,
  CRON_PARTS: ({ most }) => `“ | ”最多连接 ${most} 个表达式`,
  CRON_EMPTY: () => "表达式为空；需要五个字段，或 @daily 之类的宏",
  CRON_FEW_FIELDS: ({ count }) => `至少需要 5 个字段，这里有 ${count} 个；${FIELD_COUNTS}`,
  CRON_MACROS: ({ known }) => `认识的宏有 ${known.join("、")}`,
  CRON_CALENDAR_EVENT: ({ accepted }) =>
    accepted === null
      ? "这像是 systemd 的 OnCalendar；这里使用字段，例如 0 8 * * MON-FRI"
      : `这像是 systemd 的 OnCalendar；请写作 ${accepted}`,
  CRON_MACRO_ALONE: ({ macro }) => `${macro} 之后不能再有内容；命令应写在任务中`,
  CRON_EVERY: () => "@every 须是整秒数，以小时、分、秒书写，例如 90s、5m 或 1h30m",
  CRON_EVERY_UNITS: ({ accepted }) => `@every 须是整秒数，以小时、分、秒书写；请写作 ${accepted}`,
  CRON_EVERY_LONG: ({ days }) => `@every 最长 ${days} 天`,
  CRON_AT: () => INSTANTS,
  CRON_AT_MANY: ({ most }) => `@at 最多 ${most} 个时刻`,
  CRON_AT_EMPTY_ITEM: () => `列表中有空项；${INSTANTS}`,
  CRON_NO_DAY: () => "没有这一天",
  CRON_YEAR: ({ least, most }) => `年份须是 ${least} 到 ${most}`,
  TIMEZONE_UNKNOWN: ({ quoted }) =>
    `无法使用时区“${quoted}”：它不是 IANA 时区库中的名称，例如 Europe/Berlin 或 UTC`,
  PREVIEW_COUNT: ({ count, most }) => `无法预览 ${count} 次触发：允许 1 到 ${most} 次`,
  PREVIEW_FROM: () => "无法预览：起点不是时刻",
  LANGUAGE_UNKNOWN: ({ language }) => `无法用“${language}”描述：只认识 en 和 zh`,
  SIMULATED_FIRES: ({ expression, most }) =>
    `无法预演“${expression}”：它在此范围内触发超过 ${most} 次；请选择更短的范围`,
  SIMULATED_SPAN: ({ from, to, days }) => `无法预演 ${from} 至 ${to}：终点须在起点之后，最多相隔 ${days} 天`,
} as const satisfies Partial<RefusalWords>;
