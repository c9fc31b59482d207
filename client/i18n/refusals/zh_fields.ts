/** 字段的值为何不行。 */
import { fieldName } from "../field_names.ts";
import type { RefusalWords } from "./words.ts";
import { zhActions as actions } from "./zh_actions.ts";

export const zhFields = {
  FIELD_REFUSED: ({ action, field, value, why }, format, words) =>
    `无法${actions[action]}：${fieldName(words, field)}${value === "" ? "" : ` ${value}`}：${format(why)}`,
  NAME_NEEDED: () => "需要名称",
  NAME_EMPTY: () => "名称不能为空",
  NAME_LONG: ({ most }) => `名称最多 ${most} 个字符`,
  NAME_CONTROLS: () => "名称不能含控制字符",
  DESCRIPTION_NO_TEXT: () => "说明须是文本",
  DESCRIPTION_LONG: ({ most }) => `说明最多 ${most} 个字符`,
  DESCRIPTION_NUL: () => "说明不能含 NUL 字符",
  COMMAND_NEEDED: () => "需要命令",
  COMMAND_EMPTY: () => "命令不能为空",
  COMMAND_LONG: ({ most }) => `命令最多 ${most} 字节；更长的请写入脚本文件`,
  COMMAND_NUL: () => "命令不能含 NUL 字符",
  PATH_NO_TEXT: () => "路径须是文本",
  PATH_EMPTY: () => "路径不能为空",
  PATH_LONG: ({ most }) => `路径最多 ${most} 字节`,
  PATH_NUL: () => "路径不能含 NUL 字符",
  ENVIRONMENT_NO_TEXT: () => "环境变量的每个值都须是文本",
  ENVIRONMENT_NO_OBJECT: () => "环境变量须是由文本组成的对象",
  ENVIRONMENT_LARGE: ({ most }) => `环境变量总共最多 ${most} 字节`,
  VARIABLE_NAME: () => "变量名以字母或 _ 开头，其后是字母、数字和 _",
  VARIABLE_KEPT: () => "以 ORRERY_ 开头的名称由调度器保留",
  VARIABLE_NUL: () => "值不能含 NUL 字符",
  NO_SWITCH: () => "须为是或否",
  NO_TEXT: () => "须是文本",
  NONE_OF: ({ known }) => `须是其中之一：${known.join("、")}`,
  POSITION_PARTS: () => "位置须有 x 和 y",
  COORDINATE_NO_NUMBER: () => "坐标须是数字",
  COORDINATE_FAR: ({ most }) => `坐标与 0 相距不能超过 ${most}`,
  DST_PARTS: () => "须说明被跳过与重复的时刻如何处理",
  TIMEZONE_NEEDED: () => "需要时区",
  NUMBER_NEEDED: () => "需要数字",
  NO_WHOLE_NUMBER: ({ least, most }) => `须是 ${least} 到 ${most} 的整数`,
  KEY_EMPTY: () => "幂等键不能为空",
  KEY_LONG: ({ most }) => `最多 ${most} 个字符`,
  KEY_NUL: () => "不能含 NUL 字符",
} as const satisfies Partial<RefusalWords>;
