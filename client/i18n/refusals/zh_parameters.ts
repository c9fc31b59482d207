/** 参数及其值为何不行。 */
import type { RefusalWords } from "./words.ts";

export const zhParameters = {
  PARAMETERS_NO_LIST: () => "参数须是对象的列表",
  PARAMETERS_NO_OBJECT: () => "参数须是按名称给出值的对象",
  PARAMETERS_MANY: ({ most }) => `最多 ${most} 个参数`,
  PARAMETERS_LARGE: ({ most }) => `所有值总共最多 ${most} 字节`,
  PARAMETER_NAME: () => "参数名以大写字母或 _ 开头，其后是大写字母、数字和 _",
  PARAMETER_TWICE: () => "已有同名参数",
  PARAMETER_SECRET: () => "尚不能保存保密参数；请让任务从只有它能读取的文件中读取密钥",
  PARAMETER_UNKNOWN: ({ known }) =>
    known.length === 0 ? "此容器没有参数；请先在设置中添加" : `没有此参数；现有：${known.join("、")}`,
  PARAMETER_REQUIRED: () => "需要值",
  PARAMETER_TYPE: ({ type }) => `值的类型须是 ${type}`,
  PARAMETER_SMALL: ({ least }) => `不能小于 ${least}`,
  PARAMETER_LARGE: ({ most }) => `不能大于 ${most}`,
  PARAMETER_SHORT: ({ least }) => `至少 ${least} 个字符`,
  PARAMETER_LONG: ({ most }) => `最多 ${most} 个字符`,
  PARAMETER_PATTERN: ({ pattern }) => `须匹配 ${pattern}`,
  PARAMETER_FORMAT: ({ format }) => `格式须是 ${format}`,
  SCHEMA_NO_OBJECT: () => "模式须是对象",
  SCHEMA_LARGE: ({ most }) => `模式最多 ${most} 字节`,
  SCHEMA_KEYWORD: ({ known }) => `参数的模式只能含 ${known.join("、")}`,
  SCHEMA_ENUM: () => "须是可选值的列表，至少一个",
  SCHEMA_LENGTH: () => "长度须是不为负的整数",
  PATTERN_LONG: ({ most }) => `模式最多 ${most} 个字符`,
  PATTERN_UNREADABLE: () => "不是此处可用的正则表达式；不支持反向引用和环视",
  SLOT_PARAMETERS: ({ name, why }, format) => `参数 ${name}：${format(why)}`,
} as const satisfies Partial<RefusalWords>;
