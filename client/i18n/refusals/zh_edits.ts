/** 容器、任务、依赖关系、项目、登录与令牌的拒绝。 */
import type { Values } from "../../../schema/sentences.ts";
import type { RefusalWords } from "./words.ts";
import { zhActions as actions } from "./zh_actions.ts";

const shown: Readonly<Record<Values<"DELETED_MEANWHILE">["what"], string>> = {
  container: "容器",
  pause: "暂停",
  project: "项目",
  relation: "依赖关系",
  run: "运行",
  task: "任务",
  user: "用户",
};

export const zhEdits = {
  ONLY_LOOKS: ({ action, username }) => `无法${actions[action]}：“${username}”只能查看`,
  NO_CONTAINER: ({ action }) => `无法${actions[action]}：没有这个容器`,
  NO_TASK: ({ action }) => `无法${actions[action]}：没有这个任务`,
  NO_UPSTREAM: ({ action }) => `无法${actions[action]}：没有这个上游任务`,
  NO_DOWNSTREAM: ({ action }) => `无法${actions[action]}：没有这个下游任务`,
  NO_RELATION: ({ action }) => `无法${actions[action]}：没有这条依赖关系`,
  NO_PROJECT: ({ action, slug }) => `无法${actions[action]}：没有项目“${slug}”`,
  NO_VERSION: ({ action, name, version }) => `无法${actions[action]}：容器“${name}”没有版本 ${version}`,
  VERSION_NOT_KEPT: ({ action, name, version }) =>
    `无法${actions[action]}：容器“${name}”的版本 ${version} 产生于开始保存版本内容之前`,
  OTHER_VERSION: ({ action, name, version, expected }) =>
    `无法${
      actions[action]
    }：容器“${name}”已是版本 ${version}，而修改基于版本 ${expected}；请重新读取后再修改`,
  NAME_MISSING: ({ action }) => `无法${actions[action]}：需要名称`,
  COMMAND_MISSING: ({ action }) => `无法${actions[action]}：需要命令`,
  CONTAINER_NAME_TAKEN: ({ action, name }) => `无法${actions[action]}：项目中已有名为“${name}”的容器`,
  CONTAINER_RUNS: ({ name }) => `无法删除容器“${name}”：它有活动的运行；请取消运行或等待其结束`,
  TASK_NAME_TAKEN: ({ action, name }) => `无法${actions[action]}：容器中已有名为“${name}”的任务`,
  TOO_MANY_TASKS: ({ action, count, limit }) =>
    `无法${actions[action]}：容器有 ${count} 个任务，最多允许 ${limit} 个`,
  TOO_MANY_RELATIONS: ({ action, count, limit }) =>
    `无法${actions[action]}：容器有 ${count} 条依赖关系，最多允许 ${limit} 条`,
  TOO_MANY_MOVES: ({ action }) => `无法${actions[action]}：没有容器有这么多任务`,
  WAITS_FOR_ITSELF: ({ action, name }) => `无法${actions[action]}：任务“${name}”不能等待自己`,
  DIFFERENT_CONTAINERS: ({ action, upstream, downstream }) =>
    `无法${actions[action]}：任务“${upstream}”与“${downstream}”属于不同的容器`,
  RELATION_PRESENT: ({ action }) => `无法${actions[action]}：这两个任务之间已有依赖关系；请更改其条件`,
  CYCLE_CLOSED: ({ action, cycle }) => `无法${actions[action]}：这会形成循环 ${circle(cycle)}`,
  PROJECT_DAYS: ({ slug, most, days }) =>
    `无法更改项目“${slug}”：输出的保留天数须在 1 到 ${most} 之间，而不是 ${days}`,
  DELETED_MEANWHILE: ({ what }) => `无法显示${shown[what]}：它刚刚被删除`,
  SAVED_TASKS_TOO_MANY: ({ count, limit }) => `无法保存容器：它有 ${count} 个任务，最多允许 ${limit} 个`,
  SAVED_RELATIONS_TOO_MANY: ({ count, limit }) =>
    `无法保存容器：它有 ${count} 条依赖关系，最多允许 ${limit} 条`,
  SAVED_TASK_LACKS: ({ number, missing }) =>
    `无法保存容器：第 ${number} 个任务需要${missing === "name" ? "名称" : "命令"}`,
  SAVED_TASK_NAMED_TWICE: ({ name }) => `无法保存容器：有两个任务名为“${name}”`,
  SAVED_TASK_UNKNOWN: () => "无法保存容器：容器中没有这个任务",
  SAVED_TASK_LISTED_TWICE: ({ name }) => `无法保存容器：任务“${name}”列出了两次`,
  SAVED_RELATION_UNKNOWN_TASK: ({ name }) => `无法保存容器：依赖关系提到的任务“${name}”没有列出`,
  SAVED_RELATION_TWICE: ({ upstream, downstream }) =>
    `无法保存容器：从“${upstream}”到“${downstream}”有两条依赖关系`,
  SAVED_CYCLE: ({ cycle }) => `无法保存容器：依赖关系形成循环 ${circle(cycle)}`,
  STRANGER: () => "无法继续：请先登录",
  FIELD_STRANGER: ({ field }) => `无法读取 ${field}：请先登录`,
  PASSWORD_WRONG: ({ action }) => `无法${actions[action]}：用户名或密码错误`,
  PASSWORD_WEAK: ({ action, why }, format) => `无法${actions[action]}：请换一个新密码，${format(why)}`,
  PASSWORD_SHORT: ({ least }) => `至少 ${least} 个字符`,
  PASSWORD_LONG: ({ most }) => `最多 ${most} 个字符`,
  PASSWORD_COMMON: () => "许多人使用它或与它相似的密码",
  PASSWORD_PRESENT: () => "这是现在的密码",
  PASSWORD_IS_NAME: () => "这是用户名",
  TOO_MANY_GUESSES: ({ action, seconds }) =>
    `无法${actions[action]}：错误密码的次数过多；请在 ${seconds} 秒后重试`,
  TOO_MANY_CHECKS: () => "无法现在检查密码：正在检查的太多",
  TOKEN_PAST: ({ action, at }) => `无法${actions[action]}：${at} 已经过去`,
  TOKEN_OUTLIVES: ({ action, at }) =>
    `无法${actions[action]}：API 令牌不能创建比自己更晚结束的令牌，此令牌于 ${at} 结束`,
  TOO_MANY_TOKENS: ({ action, count }) => `无法${actions[action]}：您已有 ${count} 个，请先吊销一个`,
  TOKEN_NAME_TAKEN: ({ action, name }) => `无法${actions[action]}：您已有一个名为“${name}”的令牌`,
  TOKEN_UNKNOWN: () => "无法吊销令牌：没有这个令牌",
} as const satisfies Partial<RefusalWords>;

function circle(cycle: readonly string[]): string {
  return [...cycle, cycle[0]].join(" → ");
}
