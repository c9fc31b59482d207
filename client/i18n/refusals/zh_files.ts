/** 定义文件中的问题。 */
import type { RefusalWords } from "./words.ts";

export const zhFiles = {
  FILE_NESTED: () => "文件嵌套过深",
  FILE_ALIASES: ({ most }) => `一个文档最多使用 ${most} 个别名`,
  FILE_NO_MAP: () => "这里需要键和值，例如 name: Nightly load",
  FILE_KEY: () => "键须是纯文本",
  FILE_KIND: ({ kind }) => `每个文档以 kind: ${kind} 开头`,
  FILE_UNKNOWN_KEY: ({ key, known }) => `没有键“${key}”：这里有 ${known.join("、")}`,
  FILE_NAME_TWICE: ({ name, path, line }) => `容器“${name}”已在 ${path} 第 ${line} 行`,
  FILE_NO_COMMAND: ({ name }) => `任务“${name}”需要命令`,
  FILE_AFTER: ({ known }) => `after 列出任务名，或 { task: 名称, on: 条件 }，条件为 ${known.join("、")} 之一`,
  FILES_FAULTY: ({ path, line, column, why, more }, format) =>
    `无法应用文件：${path} 第 ${line} 行第 ${column} 列：${format(why)}${
      more === 0 ? "" : `（另有 ${more} 处）`
    }`,
  FILES_LARGE: ({ files, tasks, bytes }) =>
    `无法读取文件：最多 ${files} 个文件、${tasks} 个任务、${bytes} 字节`,
  FILES_SOURCE: ({ most }) => `无法读取文件：来源须有 1 至 ${most} 个字符`,
  FILES_PRUNE: () => "无法在没有来源时清理：清理会删除同一来源中不在任何文件里的容器；请说明来源",
  FILES_OUTDATED: ({ name, version, expected }) =>
    `无法应用文件：容器“${name}”${version === 0 ? "已不存在" : `现为版本 ${version}`}，而规划时${
      expected === 0 ? "它还不存在" : `为版本 ${expected}`
    }；请重新规划`,
} satisfies Partial<RefusalWords>;
