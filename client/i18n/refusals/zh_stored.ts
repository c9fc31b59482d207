/** 运行、任务与触发的原因，容器的更改，以及消息。 */
import type { Format, Sentence, Values } from "../../../schema/sentences.ts";
import { fieldName } from "../field_names.ts";
import type { Dictionary } from "../en.ts";
import { formatSlot } from "./en.ts";
import type { RefusalWords } from "./words.ts";

export const zhStored = {
  TEXT: ({ text }) => text,
  PARTS: ({ parts }, format) => parts.map(format).join("；"),
  SOME_TASK_FAILED: () => "有任务失败",
  TASK_FAILED: (task, format) => describeTasks(task, "失败", format),
  TASK_CANCELLED: (task, format) => describeTasks(task, "被取消", format),
  ALL_SKIPPED: () => "所有任务都被跳过",
  RUN_TIME_OVER: () => "超出运行时限",
  RUN_REPLACED: () => "被容器的较新运行取代",
  CANCELLED_BY: ({ name }) => `被 ${name} 取消`,
  TASK_DISABLED: () => "任务已停用",
  TASK_KEPT: () => "沿用先前运行的结果",
  TASK_WAITED: ({ name, condition, ended }, _format, words) =>
    `它等待“${name}”${{ SUCCESS: "成功", FAILURE: "失败", ALWAYS: "结束" }[condition]}，而后者${
      ended === "PASSED" ? "被略过" : words.states[ended]
    }`,
  TASK_RETRIED: ({ attempt, why }, format) => `第 ${attempt} 次尝试失败${because(why, format)}；稍后重试`,
  EXIT_CODE: ({ code }) => `退出码 ${code}`,
  KILLED_BY: ({ signal }) => `被 ${signal} 终止`,
  STOPPED: () => "已停止",
  TIME_OVER: () => "超出任务时限",
  NOT_STARTED: () => "无法启动进程",
  NOT_STARTED_YET: () => "尚未启动",
  VANISHED: () => "被外部终止：进程未留下状态",
  MACHINE_RESTARTED: () => "执行期间机器重启",
  RECORD_LOST: () => "执行期间机器重启，或代理的记录已丢失",
  AGENT_LOST: ({ name, seconds }) => `代理“${name}”已 ${seconds} 秒没有消息，视为失联`,
  END_UNREADABLE: ({ why }, format) => `无法读取其结束状态：${format(why)}`,
  OUTPUT_UNREADABLE: ({ why }, format) => `无法读取标准输出：${format(why)}`,
  ERRORS_UNREADABLE: ({ why }, format) => `无法读取标准错误：${format(why)}`,
  PROCESSES_OUTLIVED: (found) => `以下进程在 shell 结束后仍在运行，已停止：${list(found)}`,
  PROCESSES_STRAYED: (found) => `以下进程离开了进程组，已停止：${list(found)}`,
  PROCESSES_SURVIVED: (found) => `以下进程在 SIGKILL 后 30 秒仍存活：${list(found)}`,
  START_FAILED: ({ why }, format) => `无法启动进程：${format(why)}`,
  DIRECTORY_MISSING: ({ path }) => `目录“${path}”不存在`,
  NO_DIRECTORY: ({ path }) => `“${path}”不是目录`,
  SHELL_MISSING: ({ path }) => `shell“${path}”不存在或不是程序`,
  SHELL_NOT_FOUND: ({ shell }) => `shell“${shell}”不是 PATH 中的程序`,
  SECRET_UNREADABLE: ({ name }) => `此服务器的密钥无法解密机密“${name}”；请重新设置其值`,
  USER_REFUSED: ({ user }) =>
    `代理不可以“${user}”的身份运行任务：它须是 root，并以该名称启动（ORRERY_RUN_AS 或 [agent] 的 run_as）`,
  ARGUMENTS_LONG: () => "命令与环境变量合计超过系统允许的长度",
  NOT_WRITABLE: ({ path }) => `“${path}”无法写入`,
  WAITS_FOR_RUN: () => "排队等待同一容器正在进行的运行结束",
  WAITS_IN_QUEUE: () => "排在同一容器更早的等待运行之后",
  WAITS_FOR_TASKS: ({ names, more }) =>
    `等待 ${names.map((name) => `“${name}”`).join("、")}${
      more > 0 ? ` 等 ${names.length + more} 个任务` : ""
    } 结束`,
  WAITS_FOR_TIME: ({ until }) => `定于 ${formatSlot(until, "zh")} 启动`,
  WAITS_FOR_RETRY: ({ failed, until }) =>
    `第 ${failed} 次尝试失败；第 ${failed + 1} 次尝试最早于 ${formatSlot(until, "zh")} 开始`,
  WAITS_FOR_LIMIT: ({ limit }) => `这次运行最多同时执行 ${limit} 个任务`,
  WAITS_FOR_AGENT: ({ labels, candidates }) =>
    candidates === 0 && labels.length > 0
      ? `项目中没有代理具备全部标签：${labels.join("、")}`
      : candidates === 0
      ? "没有代理为该项目工作"
      : `可运行它的 ${candidates} 个代理均离线或不接受任务`,
  WAITS_FOR_SLOT: ({ running, capacity }) =>
    running < capacity
      ? `${capacity} 个执行位已占用 ${running} 个，即将开始`
      : `${capacity} 个执行位全部占用`,
  SLOT_OUTAGE: () => "到点时没有服务器在运行",
  SLOT_OUTAGE_LONG: ({ count }) => `到点时没有服务器在运行，错过超过 ${count} 次`,
  SLOT_OVERLAP: ({ why }, format) => `重叠：${format(why)}`,
  SLOT_SHADOW: () => "影子模式：本应运行",
  SLOT_EMPTY: () => "容器没有启用的任务",
  SLOT_UNPLANNED: ({ why }, format) => `无法安排计划：${format(why)}`,
  SLOT_DISABLED: () => "触发之前容器已停用",
  SLOT_REMOVED: () => "触发之前计划已删除",
  RUN_RECOVERED: () => "再次成功",
  RUN_LATE: ({ at, seconds }) => `${formatSlot(at, "zh")} 的运行在 ${seconds} 秒后仍无任务启动`,
  SLOT_MISSED: ({ at, why }, format) => `${formatSlot(at, "zh")} 的触发没有产生运行${because(why, format)}`,
  SLOTS_MISSED: ({ count, from, to, why }, format) =>
    `${formatSlot(from, "zh")} 至 ${formatSlot(to, "zh")} 的${
      count === null ? "全部" : ` ${count} 次`
    }触发没有产生运行${because(why, format)}`,
  CREATED: () => "已创建",
  DELETED: () => "已删除",
  ENABLED: () => "已启用",
  DISABLED: () => "已停用",
  COPIED_FROM: ({ name }) => `复制自“${name}”`,
  WAS_NAMED: ({ name }) => `原名“${name}”`,
  SETTINGS_CHANGED: ({ fields }, _format, words) => `更改了设置：${nameAll(fields, words)}`,
  TASK_ADDED: ({ name }) => `添加了任务“${name}”`,
  TASK_DELETED: ({ name }) => `删除了任务“${name}”`,
  TASK_CHANGED: ({ name, fields }, _format, words) => `更改了任务“${name}”：${nameAll(fields, words)}`,
  RELATION_ADDED: ({ upstream, downstream }) => `添加了关系“${upstream}”→“${downstream}”`,
  RELATION_CHANGED: ({ condition }, _format, words) => `更改了关系的条件：${words.conditions[condition]}`,
  RELATION_DELETED: () => "删除了一条关系",
  RELATIONS_CHANGED: ({ count }) => `更改了 ${count} 条关系`,
  MORE_CHANGES: ({ count }) => `另有 ${count} 项`,
  VERSION_RESTORED: ({ version, changes }, format) => `恢复了版本 ${version}：${format(changes)}`,
} as const satisfies Partial<RefusalWords>;

function describeTasks({ name, why, more }: Values<"TASK_FAILED">, what: string, format: Format): string {
  return `任务“${name}”${what}${because(why, format)}${more === 0 ? "" : `（另有 ${more} 个）`}`;
}

function because(why: Sentence | null, format: Format): string {
  return why === null ? "" : `：${format(why)}`;
}

function list({ names, more }: Values<"PROCESSES_OUTLIVED">): string {
  return `${names.join("、")}${more > 0 ? ` 等 ${names.length + more} 个` : ""}`;
}

function nameAll(fields: readonly string[], words: Dictionary): string {
  return fields.map((field) => fieldName(words, field)).join("、");
}
